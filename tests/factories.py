"""One factory per noun: a small county to act in, and the straight line of an application through it."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from sqlalchemy import insert, select

import app as onewindow
from app.engine import actors, files, scope
from app.engine.acts import in_order
from app.engine.now import now
from app.engine.object_acts import BODIES
from app.engine.perform import perform
from app.law.identity import last_four
from app.law.roles import STAFF_ROLES
from app.models.application import Application, ApplicationMaterial
from app.models.archive import Retention
from app.models.calendar import CalendarDay, Setting
from app.models.catalogue import Item, ItemMaterial
from app.models.correction import CorrectionLine, OwedMaterial
from app.models.custody import Slip
from app.models.fees import Fee, ItemFee, PaymentChannel
from app.models.organisation import Centre, IndustryDepartment, Office, Posting, Staff, Window
from app.models.theme import Theme, ThemeItem
from app.models.trail import Document, Event
from tests.web.logins import PASSWORD

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor

onewindow.learn_acts()

ROOT = Path(__file__).parents[1]
APPLICANT = {"name": "示例甲", "id_no": "469099198506151239"}
_serial = itertools.count(1)


def made(**fields: Any) -> dict[str, Any]:
    """The creator's mark that every reference row carries."""
    return {"created_at": now(), "created_by": "test", **fields}


def calendar(session: Session) -> None:
    """The seeded working-day calendar."""
    with (ROOT / "seed" / "calendar.csv").open(encoding="utf-8") as file:
        rows = [
            made(
                day=date.fromisoformat(r["day"]),
                is_workday=r["is_workday"] in ("1", "true", "True"),
                name=r["name"],
                published=r["published"] in ("1", "true", "True"),
            )
            for r in csv.DictReader(file)
            if "2025" <= r["day"] < "2028"
        ]
    session.execute(insert(CalendarDay), rows)


def roles(session: Session) -> dict[str, Role]:
    """The staff roles with the acts a county starts with."""
    found = {role.name: role for role in session.scalars(select(Role))}
    if any(role in found for role in STAFF_ROLES):
        return found
    view = ViewMenu(name=actors.PERMISSION_VIEW)
    rows = [act.transition for act in (*in_order(), *BODIES.values())]
    grants = {row.name: PermissionView(permission=Permission(name=f"can_{row.name}"), view_menu=view) for row in rows}
    for name in STAFF_ROLES:
        acts = [grants[row.name] for row in rows if name in row.roles]
        found[name.value] = Role(name=name.value, permissions=acts)
    session.add_all(found.values())
    return found


FILES = {
    "application/pdf": ("扫描件.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
    "image/png": ("签名.png", bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")),
}
"""A file of each kind, by media type."""

OFFICE = ("approver", "approver2")
"""Two who survey a site or verify the substance together."""


@dataclass
class County:
    """The hall, one town, two offices, one fronted item and one that is not, and people by user name."""

    session: Session
    _accounts: dict[str, int] = field(default_factory=dict, init=False)

    def actor(self, username: str) -> Actor:
        """Somebody at work, with the grants of this moment."""
        if username not in self._accounts:
            self._accounts |= self.session.execute(select(User.username, User.id)).all()
        found = actors.load(self.session, self._accounts[username], now().date())
        assert found is not None
        return found

    def do(self, username: str, act: str, application: int | None, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Conduct an act from the page as it stands."""
        version = more.pop("version", None)
        if application is not None and version is None:
            with scope.unscoped(self.session):
                version = self.session.scalar(select(Application.version).where(Application.id == application))
        return perform(
            self.session, act, application, self.actor(username), data, version, more.pop("key", None), **more
        )

    def staff(self, username: str) -> int:
        """Somebody's number among the staff."""
        return self.session.scalars(select(Staff.id).join(Staff.account).where(User.username == username)).one()

    def office(self, code: str) -> Office:
        """An office, by its code."""
        return self.session.scalars(select(Office).where(Office.code == code)).one()

    def file(self, username: str, media_type: str = "application/pdf") -> int:
        """A file somebody uploaded."""
        name, data = FILES[media_type]
        return files.store(self.session, self.actor(username), name, data).id

    def rows(self, model: Any, application: int) -> list[Any]:
        """The application's rows of one table, whoever looks."""
        with scope.unscoped(self.session):
            return list(
                self.session.scalars(select(model).where(model.application_id == application).order_by(model.id))
            )

    def application(self, application: int) -> Application:
        """The application as it is, whoever looks."""
        with scope.unscoped(self.session):
            found = self.session.get(Application, application, populate_existing=True)
        assert found is not None
        return found


PEOPLE: tuple[tuple[str, str, str], ...] = (
    ("clerk.hall", "window_clerk", "hall:A01"),
    ("clerk2.hall", "window_clerk", "hall:A02"),
    ("manager.hall", "window_manager", "hall:"),
    ("clerk.town", "town_clerk", "town:T01"),
    ("clerk2.town", "town_clerk", "town:T02"),
    ("clerk.other", "town_clerk", "other:T01"),
    ("approver", "approver", "NL"),
    ("approver2", "approver", "NL"),
    ("head", "office_head", "NL"),
    ("assistant", "approval_assistant", "NL"),
    ("approver.other", "approver", "SC"),
    ("head.other", "office_head", "SC"),
    ("leader", "bureau_leader", ""),
    ("cert", "cert_clerk", ""),
    ("cert2", "cert_clerk", ""),
    ("supervisor", "supervisor", ""),
    ("archivist", "archivist", ""),
    ("department", "industry_dept", ""),
    ("guide", "guide", "hall:"),
    ("admin", "county_admin", ""),
)


def county(session: Session) -> County:
    """A county ready for its first application; committed."""
    with scope.unscoped(session):
        calendar(session)
        session.add_all(
            [
                Setting(**made(key="calendar_version", value=1)),
                Setting(**made(key="supervision_phone", value="0898-12345")),
            ]
        )
        hours = {"opens_at": time(8, 30), "lunch_from": time(12), "lunch_to": time(14, 30), "closes_at": time(17, 30)}
        places = {}
        for code, kind, name, letter in (
            ("hall", "hall", "县政务服务大厅", "A"),
            ("town", "town", "枫木镇便民服务中心", "F"),
            ("other", "town", "南吕镇便民服务中心", "N"),
        ):
            places[code] = Centre(
                **made(
                    code=code,
                    kind=kind,
                    name=name,
                    division_code="469022",
                    address="示例路1号",
                    phone="0898-00000001",
                    ticket_letter=letter,
                    **hours,
                )
            )
        offices = {
            code: Office(**made(code=code, name=f"{name}审批室", phone="0898-00000002"))
            for code, name in (("NL", "农林水务"), ("SC", "市场准入"))
        }
        session.add_all([*places.values(), *offices.values()])
        retention = Retention(**made(code="30y", name="30年", years=30))
        department = IndustryDepartment(**made(code="LY", name="林业局"))
        session.add_all([retention, department])
        session.flush()
        windows = {}
        for place, codes in (("hall", ("A01", "A02")), ("town", ("T01", "T02")), ("other", ("T01",))):
            for code in codes:
                window = Window(
                    **made(
                        centre_id=places[place].id,
                        code=code,
                        name=f"{code}窗口",
                        kind="comprehensive",
                        area="A",
                        phone="0898-1",
                    )
                )
                windows[f"{place}:{code}"] = window
        session.add_all(windows.values())
        for code, front, office, extra in (
            ("I12", True, "NL", {}),
            ("I13", False, "NL", {}),
            ("I04", True, "SC", {}),
            ("I05", True, "SC", {"handling": "instant", "promised_days": 0, "statutory_amount": 0}),
        ):
            item(
                session,
                code,
                office=offices[office],
                department=department,
                retention=retention,
                is_fronted=front,
                **extra,
            )
        by_name = roles(session)
        session.flush()
        for username, role, place in PEOPLE:
            person(session, username, by_name[role], place, places, offices, windows)
        session.commit()
    return County(session)


def item(session: Session, code: str, **fields: Any) -> Item:
    """An active item with an application form, an identity paper and an agent's authorisation."""
    row = Item(
        **made(
            **{
                "code": code,
                "name": f"示例事项{code}",
                "basic_code": "000164213003",
                "impl_code": f"11469022MB0A12342B40001642{code[1:]:0>5}"[:31],
                "item_type": "01",
                "handling": "commitment",
                "statutory_amount": 20,
                "statutory_unit": "working_day",
                "promised_days": 5,
                "clock_start": "accepted",
                "correction_days": 5,
                "extension_max": 10,
                "result_name": "示例许可证",
                "legal_basis": "《森林法》第五十七条",
                "conditions": "符合条件",
                "quantity": "无限制",
                "procedure": "收件、受理、审查、决定、出件",
                "place": "大厅",
                "online": "网上",
                "is_active": True,
                "is_public": True,
                **fields,
            }
        )
    )
    row.materials = [
        ItemMaterial(**made(position=1, name="申请表", form="original", original_count=1, is_core=True)),
        ItemMaterial(
            **made(position=2, name="身份证明", form="copy", copy_count=1, is_core=True, shared_source="电子证照库")
        ),
        ItemMaterial(
            **made(
                position=3,
                name="授权委托书",
                form="original",
                original_count=1,
                requirement="conditional",
                condition="委托代理人",
            )
        ),
    ]
    session.add(row)
    return row


def tolerant(county: County, code: str = "I06", **fields: Any) -> Item:
    """A fronted item with a plan that may follow in five working days."""
    with scope.unscoped(county.session):
        like = county.session.scalars(select(Item).where(Item.code == "I12")).one()
        keys = {name: getattr(like, name) for name in ("office_id", "department_id", "retention_id")}
        row = item(county.session, code, **{"is_fronted": True, **keys, **fields})
        later = {"tolerable": True, "supplement_days": 5, "shared_source": "工程图库"}
        row.materials.append(ItemMaterial(**made(position=4, name="平面图", form="original", original_count=1, **later)))
        county.session.commit()
    return row


def charged(county: County, code: str = "I20", *, deposit: bool = True, **fields: Any) -> Item:
    """A fronted item with a fee of 0.50 a square metre and day, and a deposit of 10 a square metre; two channels."""
    with scope.unscoped(county.session):
        like = county.session.scalars(select(Item).where(Item.code == "I12")).one()
        keys = {name: getattr(like, name) for name in ("office_id", "department_id", "retention_id")}
        row = item(county.session, code, **{"is_fronted": True, "has_fee": True, **keys, **fields})
        row.fees = [standard()]
        if deposit:
            row.fees.append(standard(position=2, name="占用道路恢复押金", kind="deposit", unit_price="10", unit_name="平方米"))
        channels = {"FS": ("海南省非税收入统一缴款平台", "non_tax_platform", True), "POS": ("大厅刷卡", "pos", False)}
        for key, (name, kind, active) in channels.items():
            told = {"code": key, "name": name, "kind": kind, "account": "treasury", "is_active": active}
            county.session.add(PaymentChannel(**made(**told)))
        county.session.commit()
    return row


def standard(**fields: Any) -> ItemFee:
    """A fee in force."""
    told = {"position": 1, "name": "城市道路占用费", "kind": "fee", "unit_price": "0.50", "unit_name": "平方米·日"}
    told = {**told, "legal_basis": "《城市道路管理条例》第三十七条", "is_active": True, **fields}
    return ItemFee(**made(**{**told, "unit_price": Decimal(str(told["unit_price"]))}))


def theme(county: County, lead: str = "I04", parts: tuple[str, ...] = ("I12",)) -> int:
    """One thing of two offices: its number."""
    with scope.unscoped(county.session):
        items = dict(county.session.execute(select(Item.code, Item.id)).all())
        rows = [ThemeItem(**made(item_id=items[code], position=i)) for i, code in enumerate(parts, 1)]
        row = Theme(**made(code="restaurant", name="开餐馆", lead_item_id=items[lead], parts=rows))
        county.session.add(row)
        county.session.commit()
        return row.id


@cache
def _kept_password() -> str:
    """Of the kind that is kept, only quick to check: a test logs in three people."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def person(
    session: Session,
    username: str,
    role: Role,
    place: str,
    places: dict[str, Centre],
    offices: dict[str, Office],
    windows: dict[str, Window],
) -> Staff:
    """A person with one role and perhaps one posting, who logs in with PASSWORD."""
    user = User(
        first_name="示",
        last_name=username[:1],
        username=username,
        email=f"{username}@example.invalid",
        password=_kept_password(),
        active=True,
        roles=[role],
    )
    session.add(user)
    session.flush()
    staff = Staff(
        **made(
            user_id=user.id, name=f"示{username}", phone="0898-2", employer="县行政审批服务局", manager="便民服务中心"
        )
    )
    session.add(staff)
    session.flush()
    centre, _, window = place.partition(":")
    if centre in places:
        session.add(
            Posting(
                **made(
                    staff_id=staff.id,
                    centre_id=places[centre].id,
                    window_id=windows[place].id if window else None,
                    since=date(2025, 1, 1),
                )
            )
        )
    elif place in offices:
        session.add(Posting(**made(staff_id=staff.id, office_id=offices[place].id, since=date(2025, 1, 1))))
    return staff


class Line:
    """The straight line of one application, act by act; each step is a sentence of the life cycle."""

    def __init__(self, county: County, clerk: str = "clerk.town", item: str = "I12", mode: str = "window") -> None:
        self.county, self.clerk, self.item, self.mode = county, clerk, item, mode
        self.id = 0

    def do(self, who: str, act: str, **data: Any) -> dict[str, Any]:
        """Do one act on this application."""
        return self.county.do(who, act, self.id or None, data)

    def register(self, **changes: Any) -> Line:
        data = {
            "item": self.item,
            "applicant_type": "1",
            "applicant_name": APPLICANT["name"],
            "id_type": "resident_id",
            "id_no": APPLICANT["id_no"],
            "phone": "19900000001",
            "address": "海南省屯昌县枫木镇示例村1号",
            "relation": "new",
            **changes,
        }
        self.id = self.county.do(self.clerk, "register", None, data)["id"]
        return self

    def materials(self, **third: Any) -> list[dict[str, Any]]:
        form, identity, authorisation, *later = self.county.rows(ApplicationMaterial, self.id)
        return [
            {"material_id": form.id, "status": "taken", "form": "original", "pieces": 1},
            {"material_id": identity.id, "status": "taken", "form": "copy", "pieces": 1, "copy_verified": True},
            {"material_id": authorisation.id, "status": "not_applicable", "pieces": 0, **third},
            *({"material_id": each.id, "status": "tolerated", "pieces": 0} for each in later),
        ]

    def owed(self) -> list[dict[str, Any]]:
        """A line for each material that follows, due today a week on."""
        tolerated = [m for m in self.county.rows(ApplicationMaterial, self.id) if m.tolerable]
        due = (now() + timedelta(days=7)).date().isoformat()
        wanted = {"requirement": "按比例绘制，标明各功能间", "how": "window", "due": due}
        return [{"material_id": each.id, **wanted} for each in tolerated]

    def receive(self, sent_as: str = "scans", **changes: Any) -> Line:
        more: dict[str, Any] = {"ems_address": "海南省屯昌县枫木镇示例村1号"} if self.mode == "ems" else {}
        if owed := self.owed():
            more |= {"owed": owed, "commitment": self.county.file(self.clerk)}
        self.do(
            self.clerk,
            "receive",
            **{
                "materials": self.materials(),
                "identity_checked": "reader",
                "delivery_mode": self.mode,
                "sent_as": sent_as,
                **more,
                **changes,
            },
        )
        return self

    def slip(self, kind: str = "file") -> Slip:
        return next(s for s in self.county.rows(Slip, self.id) if s.kind == kind and s.state == "issued")

    def lines(self, kind: str = "file") -> list[dict[str, int]]:
        with scope.unscoped(self.county.session):
            return [{"line_id": line.id, "received": line.listed} for line in self.slip(kind).lines]

    def confirm_file(self, who: str = "approver") -> Line:
        self.do(who, "confirm_file", slip_id=self.slip().id, lines=self.lines())
        return self

    def request_correction(self, who: str = "approver", materials: tuple[int, ...] = (0,), **changes: Any) -> Line:
        own = self.county.rows(ApplicationMaterial, self.id)
        lines = [
            {"material_id": own[i].id, "problem": "缺少申请人签名", "requirement": "补签后提交", "basis": "《森林法》57条"}
            for i in materials
        ]
        self.do(who, "request_correction", **{"lines": lines, "reply_days": 10, **changes})
        return self

    def answers(self) -> list[dict[str, Any]]:
        lines = self.county.rows(CorrectionLine, self.id)
        return [{"line_id": line.id, "form": "original", "pieces": 1} for line in lines if line.is_open]

    def receive_correction(self, who: str | None = None, **changes: Any) -> Line:
        self.do(who or self.clerk, "receive_correction", **{"lines": self.answers(), **changes})
        return self

    def accept(self, who: str = "approver") -> Line:
        self.do(who, "accept", opinion="材料齐全，符合法定形式")
        return self

    def review(self, who: str = "approver", conclusion: str = "grant") -> Line:
        taken = [m for m in self.county.rows(ApplicationMaterial, self.id) if m.status == "taken"]
        self.do(
            who,
            "review",
            materials=[{"material_id": m.id, "result": "pass"} for m in taken],
            conclusion=conclusion,
            opinion="经审查符合条件",
        )
        return self

    def request_suspension(self, kind: str = "appraisal", days: int = 10, who: str = "approver") -> Line:
        told = {"basis": "《行政许可法》第四十五条", "reason": "需要核实申请材料的实质内容"}
        self.do(who, "request_suspension", suspension_kind=kind, planned_days=days, **told)
        return self

    def suspend(self, kind: str = "appraisal", days: int = 10, who: str = "head") -> Line:
        """Asked for and agreed to."""
        self.request_suspension(kind, days).do(who, "suspend", opinion="同意")
        return self

    def resume(self, who: str = "approver", **changes: Any) -> Line:
        told = {"result": "passed", "result_text": "程序已经结束，结果符合要求"}
        self.do(who, "resume", **{**told, "participants": [self.county.staff(each) for each in OFFICE], **changes})
        return self

    def refuse(self, who: str = "head") -> Line:
        told = {
            "facts": "申请采伐的林木权属存在争议",
            "reasons": "权属有争议的林木不予核发采伐许可",
            "legal_basis": "《森林法》第五十七条",
            "statement": "已听取申请人陈述，没有异议",
        }
        self.do(who, "refuse", **told)
        return self

    def grant(self, who: str = "head") -> Line:
        self.do(
            who,
            "grant",
            content="准予采伐",
            basis="《森林法》第五十七条",
            valid_from=now().date().isoformat(),
            long_term=True,
        )
        return self

    def make_certificate(self, who: str = "cert") -> Line:
        self.do(
            who, "make_certificate", cert_no=f"TC-{next(_serial):06d}", scan=self.county.file(who), physical_pieces=1
        )
        return self

    def results(self) -> list[Document]:
        kinds = ("grant_decision", "certificate", "non_acceptance")
        return [d for d in self.county.rows(Document, self.id) if d.kind in kinds]

    def open_owed(self) -> list[OwedMaterial]:
        return [each for each in self.county.rows(OwedMaterial, self.id) if each.state == "open"]

    def collect(self, who: str | None = None, **changes: Any) -> Line:
        told = {"how": "window", "form": "original", "pieces": 1}
        owed = {} if "owed_id" in changes else {"owed_id": self.open_owed()[0].id}
        self.do(who or self.clerk, "collect_supplement", **{**told, **owed, **changes})
        return self

    def hand_over(self, who: str = "cert", **changes: Any) -> Line:
        lines = [{"document_id": d.id, "copies": 1} for d in self.results()]
        collect = [{"owed_id": each.id, "requirement": "核对原件"} for each in self.open_owed()]
        self.do(who, "hand_over", **{"lines": lines, **({"collect": collect} if collect else {}), **changes})
        return self

    def confirm_handover(self, who: str = "clerk2.town") -> Line:
        self.do(who, "confirm_handover", slip_id=self.slip("result").id, lines=self.lines("result"))
        return self

    def ticks(self) -> list[int]:
        sent = [event for event in self.county.rows(Event, self.id) if event.act == "hand_over"]
        return [line["owed_id"] for event in sent for line in event.payload.get("collect", ())]

    def issue(self, who: str = "clerk2.town", **changes: Any) -> Line:
        self.do(
            who,
            "issue",
            **{
                "signer": APPLICANT["name"],
                "relation": "self",
                "id_last4": last_four(APPLICANT["id_no"]),
                "signature": self.county.file(who, "image/png"),
                "ticks": self.ticks(),
                **changes,
            },
        )
        return self

    def channel(self, code: str = "FS") -> int:
        return self.county.session.scalars(select(PaymentChannel.id).where(PaymentChannel.code == code)).one()

    def fee(self, kind: str = "fee") -> Fee:
        self.county.session.rollback()  # others may have acted since
        return next(each for each in self.county.rows(Fee, self.id) if each.kind == kind)

    def notify_fee(self, who: str | None = None, kind: str = "fee", quantity: Any = "120", **changes: Any) -> Line:
        told = {"fee_kind": kind, "quantity": quantity, "channel_id": self.channel()}
        self.do(who or self.clerk, "notify_fee", **{**told, **changes})
        return self

    def pay(self, who: str | None = None, kind: str = "fee", **changes: Any) -> Line:
        who = who or self.clerk
        told = {"fee_kind": kind, "payment_no": f"HN2026{next(_serial):08d}", "amount": str(self.fee(kind).amount)}
        told |= {"payer": APPLICANT["name"], "evidence": self.county.file(who)}
        self.do(who, "confirm_payment", **{**told, **changes})
        return self

    def sheets(self) -> list[dict[str, int]]:
        documents = [d for d in self.county.rows(Document, self.id) if d.kind != "file_catalogue"]
        taken = [m for m in self.county.rows(ApplicationMaterial, self.id) if m.status == "taken"]
        return [{"document_id": d.id, "pages": 1} for d in documents] + [
            {"material_id": m.id, "pages": 2} for m in taken
        ]

    def archive(self, who: str | None = None, **changes: Any) -> Line:
        retention = self.county.session.scalar(select(Retention.id))
        self.do(
            who or self.clerk,
            "archive",
            **{"medium": "both", "retention_id": retention, "pages": self.sheets(), **changes},
        )
        return self

    def confirm_archive(self, who: str = "assistant") -> Line:
        self.do(who, "confirm_archive", checked=True)
        return self

    def until(self, state: str) -> Line:
        """Walk on until the application stands at `state`."""
        steps = {
            "draft": ["register"],
            "received": ["receive"],
            "confirmed": ["confirm_file"],
            "accepted": ["accept"],
            "reviewed": ["review"],
            "approved": ["grant"],
            "certified": ["make_certificate"],
            "sent": ["hand_over"],
            "handed_over": ["confirm_handover"],
            "delivered": ["issue"],
            "listed": ["archive"],
            "filed": ["confirm_archive"],
        }
        for name, acts in steps.items():
            for act in acts:
                getattr(self, act)()
            if name == state:
                return self
        raise LookupError(state)
