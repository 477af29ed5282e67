"""Who may do what: the roles, their reach, the classes of acts, and the bounds no county can move."""

from enum import StrEnum
from itertools import combinations

from app.law import N_


class Role(StrEnum):
    """A staff role; the last three act without login."""

    GUIDE = "guide"
    WINDOW_CLERK = "window_clerk"
    TOWN_CLERK = "town_clerk"
    WINDOW_MANAGER = "window_manager"
    APPROVER = "approver"
    APPROVAL_ASSISTANT = "approval_assistant"
    OFFICE_HEAD = "office_head"
    BUREAU_LEADER = "bureau_leader"
    CERT_CLERK = "cert_clerk"
    SUPERVISOR = "supervisor"
    ARCHIVIST = "archivist"
    INDUSTRY_DEPT = "industry_dept"
    COUNTY_ADMIN = "county_admin"
    SYSTEM = "system"
    KIOSK = "kiosk"
    PUBLIC = "public"


WITHOUT_LOGIN = frozenset({Role.SYSTEM, Role.KIOSK, Role.PUBLIC})
"""Named actors that are no person: the machinery, the ticket machine of a centre, whoever opens a public page."""

STAFF_ROLES: tuple[Role, ...] = tuple(role for role in Role if role not in WITHOUT_LOGIN)

ROLE_LABELS: dict[Role, str] = {
    Role.GUIDE: N_("Hall guide"),
    Role.WINDOW_CLERK: N_("Hall window clerk"),
    Role.TOWN_CLERK: N_("Town centre window clerk"),
    Role.WINDOW_MANAGER: N_("Window manager"),
    Role.APPROVER: N_("Approver"),
    Role.APPROVAL_ASSISTANT: N_("Approval assistant"),
    Role.OFFICE_HEAD: N_("Head of approval office"),
    Role.BUREAU_LEADER: N_("Bureau leader"),
    Role.CERT_CLERK: N_("Certificate centre clerk"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ARCHIVIST: N_("Archivist"),
    Role.INDUSTRY_DEPT: N_("Industry department"),
    Role.COUNTY_ADMIN: N_("County administrator"),
    Role.SYSTEM: N_("System"),
    Role.KIOSK: N_("Ticket machine"),
    Role.PUBLIC: N_("The public"),
}


class Reach(StrEnum):
    """Which applications a role sees: none, those of its centres, of its offices, its department's ledgers, or all."""

    NONE = "none"
    CENTRE = "centre"
    OFFICE = "office"
    DEPARTMENT = "department"
    COUNTY = "county"


REACH: dict[Role, Reach] = {
    Role.GUIDE: Reach.NONE,
    Role.WINDOW_CLERK: Reach.CENTRE,
    Role.TOWN_CLERK: Reach.CENTRE,
    Role.WINDOW_MANAGER: Reach.CENTRE,
    Role.APPROVER: Reach.OFFICE,
    Role.APPROVAL_ASSISTANT: Reach.OFFICE,
    Role.OFFICE_HEAD: Reach.OFFICE,
    Role.BUREAU_LEADER: Reach.COUNTY,
    Role.CERT_CLERK: Reach.COUNTY,
    Role.SUPERVISOR: Reach.COUNTY,
    Role.ARCHIVIST: Reach.COUNTY,
    Role.INDUSTRY_DEPT: Reach.DEPARTMENT,
    Role.COUNTY_ADMIN: Reach.NONE,
    Role.SYSTEM: Reach.COUNTY,
    Role.KIOSK: Reach.NONE,
    Role.PUBLIC: Reach.NONE,
}

PLACE_REACH: dict[Role, Reach] = REACH | {Role.GUIDE: Reach.CENTRE, Role.KIOSK: Reach.CENTRE}
"""How far a role reaches what hangs on no application (a ticket, a consultation): a guide advises in the own hall."""


class ActClass(StrEnum):
    """Acts that are granted and bounded together."""

    INTAKE = "intake"
    ISSUE = "issue"
    POST = "post"
    BACK = "back"
    DECIDE = "decide"
    LEADER = "leader"
    MAKE = "make"
    PASS = "pass"  # noqa: S105  (a class of acts)
    URGE = "urge"
    CARE = "care"
    FILE1 = "file1"
    FILE2 = "file2"
    AUTO = "auto"


FRONT_ACTS = frozenset({"register", "receive", "receive_correction", "receive_correction_part", "collect_supplement"})
"""Whoever did one of these on an application does no BACK, DECIDE or LEADER act on it, and the reverse (受审分离)."""


class Sphere(StrEnum):
    """Acts on objects that hang on no application; who may do them, the table of small life cycles says alone."""

    QUEUE = "queue"
    ADVICE = "advice"
    VOICE = "voice"
    STAFFING = "staffing"
    OVERSIGHT = "oversight"
    LEDGER = "ledger"


BACK_CLASSES = frozenset({ActClass.BACK, ActClass.DECIDE, ActClass.LEADER})

COUNTER_CLASSES = frozenset({ActClass.INTAKE, ActClass.ISSUE})
"""What the applicant meets at the counter: whoever did it is rated for it."""

HEARS_VOICES = frozenset({Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.BUREAU_LEADER, Role.SUPERVISOR})
"""Who reads what people say of the service; a colleague of whoever served does not (保护评价人信息)."""


class Bound(StrEnum):
    """Starting grant, what a county may grant, or never, whatever the role editor says."""

    STARTING = "●"
    ALLOWED = "○"
    NEVER = "✗"


_COLUMNS = tuple(ActClass)
_TABLE = """
guide              ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗
window_clerk       ● ● ✗ ✗ ✗ ✗ ✗ ● ● ● ● ✗ ✗
town_clerk         ● ● ✗ ✗ ✗ ✗ ✗ ● ● ● ● ✗ ✗
window_manager     ○ ○ ✗ ✗ ✗ ✗ ✗ ○ ● ● ○ ✗ ✗
approver           ✗ ✗ ✗ ● ● ✗ ● ● ○ ● ✗ ○ ✗
approval_assistant ✗ ✗ ✗ ✗ ✗ ✗ ○ ○ ✗ ○ ✗ ● ✗
office_head        ✗ ✗ ✗ ● ● ✗ ○ ● ○ ● ✗ ○ ✗
bureau_leader      ✗ ✗ ✗ ✗ ○ ● ✗ ✗ ○ ○ ✗ ✗ ✗
cert_clerk         ✗ ● ● ✗ ✗ ✗ ● ● ○ ○ ○ ✗ ✗
supervisor         ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗
archivist          ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗
industry_dept      ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗
county_admin       ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗ ✗
system             ✗ ● ✗ ✗ ✗ ✗ ✗ ✗ ✗ ● ✗ ✗ ●
"""

BOUNDS: dict[Role, dict[ActClass, Bound]] = {
    Role(row.split()[0]): dict(zip(_COLUMNS, map(Bound, row.split()[1:]), strict=True))
    for row in _TABLE.strip().splitlines()
}

NARROWER: dict[tuple[Role, ActClass], frozenset[str]] = {
    (Role.APPROVER, ActClass.DECIDE): frozenset({"grant"}),
    (Role.SYSTEM, ActClass.ISSUE): frozenset({"confirm_payment"}),
    (Role.SYSTEM, ActClass.CARE): frozenset({"remind_applicant", "escalate"}),
}
"""Within a class, the only acts the role may ever do."""


def may_ever(role: Role, act: str, act_class: ActClass) -> bool:
    """Whether the bounds leave the act open to the role, whatever the county grants."""
    only = NARROWER.get((role, act_class))
    return role in BOUNDS and BOUNDS[role][act_class] is not Bound.NEVER and (only is None or act in only)


_DESKS = frozenset({Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.CERT_CLERK, Role.GUIDE})
_DECIDERS = frozenset({Role.APPROVER, Role.APPROVAL_ASSISTANT, Role.OFFICE_HEAD, Role.BUREAU_LEADER})
_FILERS = frozenset(
    role
    for role in STAFF_ROLES
    if BOUNDS[role][ActClass.FILE1] is not Bound.NEVER or BOUNDS[role][ActClass.FILE2] is not Bound.NEVER
)
_ACTORS = frozenset(role for role in STAFF_ROLES if any(b is not Bound.NEVER for b in BOUNDS[role].values()))


def _toxic(a: Role, b: Role) -> bool:
    pair = {a, b}
    if Role.COUNTY_ADMIN in pair or Role.INDUSTRY_DEPT in pair:
        return True
    if Role.SUPERVISOR in pair:
        return bool(pair & _ACTORS)
    if Role.ARCHIVIST in pair:
        return bool(pair & _FILERS)
    return bool(pair & _DESKS) and bool(pair & _DECIDERS)


TOXIC_PAIRS: frozenset[frozenset[Role]] = frozenset(
    frozenset({a, b}) for a, b in combinations(STAFF_ROLES, 2) if _toxic(a, b)
)
"""Roles nobody may hold together; refused at assignment (受审分离 and independence of control)."""

OUTSIDE_THE_HALL_ONLY = frozenset({Role.WINDOW_CLERK, Role.CERT_CLERK})
"""This pair is allowed only outside the county hall."""


def toxic_pairs(roles: frozenset[Role], *, in_county_hall: bool = True) -> list[frozenset[Role]]:
    """The forbidden pairs among `roles`, in a stable order; empty where the person may hold them all."""
    found = [pair for pair in TOXIC_PAIRS if pair <= roles]
    if in_county_hall and roles >= OUTSIDE_THE_HALL_ONLY:
        found.append(OUTSIDE_THE_HALL_ONLY)
    return sorted(found, key=sorted)
