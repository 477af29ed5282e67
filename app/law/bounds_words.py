"""Why the bounds are as they are: each class of acts, each «never» and each toxic pair in one plain sentence."""

from app.law import N_
from app.law.object_acts import EVERY_ACT, may_hold
from app.law.roles import BACK_CLASSES, NARROWER, OUTSIDE_THE_HALL_ONLY, ActClass, Role, Sphere, may_ever

CLASS_LABELS: dict[ActClass | Sphere, str] = {
    ActClass.INTAKE: N_("Taking in at the window"),
    ActClass.ISSUE: N_("Handing out at the window"),
    ActClass.POST: N_("Posting by EMS"),
    ActClass.BACK: N_("Examining in the office"),
    ActClass.DECIDE: N_("Deciding in the office"),
    ActClass.LEADER: N_("Approving as the bureau's leader"),
    ActClass.MAKE: N_("Making certificates"),
    ActClass.PASS: N_("Handing over"),
    ActClass.URGE: N_("Urging the office"),
    ActClass.CARE: N_("Care for applicant and progress"),
    ActClass.FILE1: N_("Listing files for the archive"),
    ActClass.FILE2: N_("Confirming files of the archive"),
    ActClass.AUTO: N_("By time alone"),
    Sphere.QUEUE: N_("Calling tickets"),
    Sphere.ADVICE: N_("Answering questions"),
    Sphere.VOICE: N_("Complaints"),
    Sphere.STAFFING: N_("People, meetings, substitutes"),
    Sphere.OVERSIGHT: N_("Exports and accountability"),
    Sphere.LEDGER: N_("Weekly ledgers"),
}

_NEVER_ACTS: dict[Role, str] = {
    Role.GUIDE: N_("A guide advises in the hall and does nothing on applications."),
    Role.SUPERVISOR: N_("Whoever supervises does nothing on applications; else nobody would watch over it."),
    Role.ARCHIVIST: N_("The archivist keeps the files of others and adds nothing to them."),
    Role.INDUSTRY_DEPT: N_("An industry department receives the weekly ledger and sees no application."),
    Role.COUNTY_ADMIN: N_("The administrator sets the rules and gives the roles, and so does nothing under them."),
}
_FRONT = frozenset({Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.CERT_CLERK})
_FRONT_CLASSES = frozenset({ActClass.INTAKE, ActClass.ISSUE, ActClass.FILE1})
_OWN: dict[ActClass, str] = {
    ActClass.AUTO: N_("No person does this: the system does it when its time has come."),
    ActClass.POST: N_("Only the certificate centre posts by EMS."),
    ActClass.LEADER: N_("This is for the bureau's leader."),
    ActClass.MAKE: N_("Certificates are made by the certificate centre, or by the office that decided."),
    ActClass.FILE2: N_("Two people archive together: the window lists the file, the office confirms it."),
    ActClass.PASS: N_("Only whoever may hold a result hands it over."),
    ActClass.URGE: N_("The window urges the office, not the other way round."),
}
_ELSEWHERE = N_("The rule gives this to other posts.")
_SEPARATION = N_("The front never decides: receiving and deciding are separated.")
_OTHER_WAY = N_("The office never receives or hands out: receiving and deciding are separated.")
_EXAMINES_NOT = N_("This is for the office that decides the item.")
_INTAKE_NOT = N_("This is for the windows that take applications in.")
_ONLY_INSTANT = N_("An approver decides instant items alone, and does nothing else of the head's.")


def why_never(role: Role, act: str) -> str:
    """The sentence that says why this role may never do this act; empty where the bounds leave it open."""
    if may_hold(role, act):
        return ""
    act_class = EVERY_ACT[act].act_class
    if isinstance(act_class, Sphere):
        return _ELSEWHERE
    return _NEVER_ACTS.get(role) or _because_of(role, act, act_class)


def _because_of(role: Role, act: str, act_class: ActClass) -> str:
    """What closes the act to a role that does act on applications."""
    if may_ever(role, act, act_class):
        return _ELSEWHERE
    if (role, act_class) in NARROWER:
        return _ONLY_INSTANT if role is Role.APPROVER else _ELSEWHERE
    if act_class in BACK_CLASSES and role in _FRONT:
        return _SEPARATION
    if act_class in _FRONT_CLASSES:
        return _INTAKE_NOT if role in _FRONT else _OTHER_WAY
    return _OWN.get(act_class, _EXAMINES_NOT)


def why_toxic(pair: frozenset[Role]) -> str:
    """The sentence that says why nobody holds these two roles together."""
    if pair == OUTSIDE_THE_HALL_ONLY:
        return N_("At the county hall only: whoever takes in there makes no certificates.")
    if Role.COUNTY_ADMIN in pair:
        return N_("Whoever gives the roles holds no other.")
    if Role.INDUSTRY_DEPT in pair:
        return N_("A department stands outside the bureau.")
    if Role.SUPERVISOR in pair:
        return N_("Whoever supervises does nothing that is supervised.")
    if Role.ARCHIVIST in pair:
        return N_("Whoever keeps the archive neither lists nor confirms its files.")
    return N_("The front never decides: receiving and deciding are separated.")
