"""How an act is conducted: once, in order, by one of two, and never half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.engine import scope, trail
from app.engine.actors import SYSTEM
from app.engine.acts import ACTS
from app.engine.now import now
from app.engine.perform import perform
from app.errors import Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.law import chain
from app.law.lifecycle import TRANSITIONS
from app.law.object_acts import OBJECT_ACTS
from app.law.roles import Role
from app.models import ddl
from app.models.application import Application
from app.models.counter import Counter
from app.models.trail import ActResult, Event, Notice, RefusedAct
from tests.factories import County, Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection


def _at_once(engine: Engine, times: int, work: Callable[[Session, int], object]) -> list[object]:
    """Do `work` in so many threads, each with a session of its own; refusals are answers too."""

    def one(number: int) -> object:
        with Session(engine) as session:
            try:
                return work(session, number)
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.database
def test_the_same_act_by_fifty_at_once_happens_once_and_the_others_hear_who_was_faster(
    county: County, engine: Engine
) -> None:
    line = Line(county).until("confirmed")
    version = county.application(line.id).version
    people = [county.actor("approver"), county.actor("approver2")]
    county.session.rollback()
    answers = _at_once(
        engine, 50, lambda s, n: perform(s, "accept", line.id, people[n % 2], {"opinion": "同意受理"}, version)
    )
    done = [a for a in answers if isinstance(a, dict)]
    others = [a for a in answers if not isinstance(a, dict)]
    assert len(done) == 1
    assert {type(a) for a in others} == {NotNow}
    assert all("Accept" in str(a) for a in others)
    assert [e.act for e in county.rows(Event, line.id)].count("accept") == 1


@pytest.mark.database
def test_the_same_key_fifty_times_has_one_effect_and_fifty_equal_answers(county: County, engine: Engine) -> None:
    line = Line(county).until("confirmed")
    version, actor = county.application(line.id).version, county.actor("approver")
    county.session.rollback()
    answers = _at_once(
        engine, 50, lambda s, _: perform(s, "accept", line.id, actor, {"opinion": "同意受理"}, version, "k1")
    )
    assert all(answer == answers[0] for answer in answers)
    assert isinstance(answers[0], dict)
    assert [e.act for e in county.rows(Event, line.id)].count("accept") == 1


@pytest.mark.database
def test_fifty_registrations_under_one_key_make_one_application(county: County, engine: Engine) -> None:
    actor = county.actor("clerk.town")
    county.session.rollback()
    data = {"item": "I12", "applicant_type": "1", "applicant_name": "示例甲", "id_type": "resident_id", "id_no": "469099198506151239",
            "phone": "19900000001", "relation": "new"}  # fmt: skip
    answers = _at_once(engine, 20, lambda s, _: perform(s, "register", None, actor, data, None, "k1"))
    assert all(answer == answers[0] for answer in answers)
    with scope.unscoped(county.session):
        assert county.session.scalar(select(func.count()).select_from(Application)) == 1


@pytest.mark.database
def test_registrations_at_once_draw_numbers_without_a_double_or_a_loss(county: County, engine: Engine) -> None:
    people = [county.actor(name) for name in ("clerk.town", "clerk2.town", "clerk.hall", "clerk2.hall", "clerk.other")]
    county.session.rollback()
    data = {"item": "I12", "applicant_type": "1", "applicant_name": "示例甲", "id_type": "resident_id", "id_no": "469099198506151239",
            "phone": "19900000001", "relation": "new"}  # fmt: skip
    answers = _at_once(engine, 20, lambda s, n: perform(s, "register", None, people[n % 5], data, None))
    numbers = [a["short_no"] for a in answers if isinstance(a, dict)]
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) == 20
    assert county.session.scalar(select(Counter.value).where(Counter.name.like("short:%"))) == 20


def test_the_same_key_with_another_input_is_refused(county: County) -> None:
    line = Line(county).until("confirmed")
    county.do("approver", "accept", line.id, {"opinion": "同意受理"}, key="k1")
    with pytest.raises(NotNow, match="another input"):
        county.do("approver", "accept", line.id, {"opinion": "另一意见"}, key="k1")


def test_a_stale_page_is_told_who_did_what_in_the_meantime(county: County) -> None:
    line = Line(county).until("confirmed")
    seen = county.application(line.id).version
    line.accept()
    with pytest.raises(NotNow, match=r"示approver did «Accept» at 03-02 10:00"):
        county.do("approver2", "accept", line.id, {"opinion": "同意受理"}, version=seen)
    with pytest.raises(NotNow):
        county.do("approver2", "accept", line.id, {"opinion": "同意受理"}, version=seen + 40)


def test_an_act_without_a_body_does_not_exist(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(county).until("accepted")
    monkeypatch.delitem(ACTS, "notify_fee")
    assert "notify_fee" in TRANSITIONS
    with pytest.raises(NotFound):
        county.do("clerk.town", "notify_fee", line.id, {"fee_kind": "fee"})


@pytest.mark.parametrize("name", ["accept", "no_such_act", "register"])
def test_a_birth_needs_no_subject_and_every_other_act_needs_one(county: County, name: str) -> None:
    subject = 1 if name == "register" else None
    with pytest.raises(NotFound):
        perform(county.session, name, subject, county.actor("approver"), {}, None)


def test_a_foreign_and_an_absent_application_get_the_same_answer(county: County) -> None:
    line = Line(county).register()
    said = []
    for subject in (line.id, line.id + 1000):
        with pytest.raises(NotFound) as refusal:
            county.do("clerk.other", "notify", subject, {"lines": []}, version=1)
        said.append((str(refusal.value), refusal.value.status))
    assert said[0] == said[1]


@pytest.mark.req(32)
@pytest.mark.database
def test_a_forbidden_act_and_one_the_state_does_not_allow_are_recorded_and_a_stale_page_is_not(county: County) -> None:
    line = Line(county).until("received")
    with pytest.raises(NotAllowed):
        county.do("clerk.town", "accept", line.id, {"opinion": "同意受理"})
    with pytest.raises(NotNow):
        county.do("head", "grant", line.id, {})
    with pytest.raises(NotNow):
        county.do("approver", "accept", line.id, {"opinion": "同意受理"}, version=99)
    with pytest.raises(NotNow):
        line.accept()
    with scope.unscoped(county.session):
        kept = county.session.scalars(select(RefusedAct).order_by(RefusedAct.id)).all()
    assert [(r.act, r.code, r.roles) for r in kept] == [
        ("accept", "not_allowed", "town_clerk"),
        ("grant", "not_now", "office_head"),
    ]
    assert kept[0].subject_no == county.application(line.id).short_no
    assert county.application(line.id).version == 2


def test_the_administrator_acts_on_nothing_and_sees_nothing(county: County) -> None:
    line = Line(county).until("received")
    for act in ACTS:
        if act != "register":
            with pytest.raises(NotFound):
                county.do("admin", act, line.id, {})
    with pytest.raises(NotAllowed):
        Line(county, clerk="admin").register()


def test_the_supervisor_sees_everything_and_acts_on_nothing(county: County) -> None:
    line = Line(county).until("received")
    for act in ACTS:
        if act != "register":
            with pytest.raises(NotAllowed):
                county.do("supervisor", act, line.id, {})


def test_a_grant_the_bounds_refuse_is_worth_nothing_even_if_the_editor_gave_it(county: County) -> None:
    from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role

    line = Line(county).until("confirmed")
    accept = county.session.scalars(
        select(PermissionView).join(Permission).where(Permission.name == "can_accept")
    ).one()
    for name in ("supervisor", "bureau_leader", "window_manager"):
        role = county.session.scalars(select(Role).where(Role.name == name)).one()
        role.permissions.append(accept)
    county.session.commit()
    for who in ("supervisor", "leader"):
        with pytest.raises(NotAllowed):
            line.accept(who)


def test_a_person_without_an_active_account_has_no_actor(county: County) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.engine import actors

    user = county.session.scalars(select(User).where(User.username == "approver")).one()
    user.active = False
    county.session.commit()
    assert actors.load(county.session, user.id, now().date()) is None


@pytest.mark.database
def test_a_session_without_an_actor_sees_no_application(county: County, engine: Engine) -> None:
    Line(county).until("received")
    with Session(engine) as session:
        assert session.scalars(select(Application)).all() == []
        assert session.scalars(select(Event)).all() == []
        with scope.unscoped(session):
            assert [event.act for event in session.scalars(select(Event).where(Event.application_id.is_not(None)))] == [
                "register", "receive",
            ]  # fmt: skip


@pytest.mark.database
def test_no_row_of_an_application_is_written_outside_an_act(county: County) -> None:
    line = Line(county).until("received")
    scope.bind(county.session, county.actor("clerk.town"))
    application = county.session.get(Application, line.id)
    assert application is not None
    application.state = "delivered"
    with pytest.raises(NotAllowed):
        county.session.flush()
    county.session.rollback()


def test_the_trail_of_an_act_is_guarded_like_every_other_row(county: County) -> None:
    own, other = Line(county).register(), Line(county).register()
    told = {"cause": "accept", "at": now(), "params": {}, "created_by": "approver"}
    scope.bind(county.session, county.actor("clerk.town"))
    with pytest.raises(NotAllowed):
        trail.write(county.session, Notice(application_id=own.id, **told))
    with scope.acting_on(county.session, own.id):
        trail.write(county.session, Notice(application_id=own.id, **told))
        with pytest.raises(NotAllowed):
            trail.write(county.session, Notice(application_id=other.id, **told))
    county.session.rollback()


@pytest.mark.req(30)
@pytest.mark.database
def test_history_cannot_be_edited_or_deleted_even_in_plain_sql(county: County, engine: Engine) -> None:
    line = Line(county).until("approved")
    county.session.rollback()
    for statement in (
        "UPDATE decision SET content = '改'", "DELETE FROM decision", "UPDATE event SET act = 'x'", "DELETE FROM event",
        "DELETE FROM application", "UPDATE application SET number = 'x'", "UPDATE application SET accepted_at = '2020-01-01 00:00:00'",
        "UPDATE document SET facts = 'x'", "DELETE FROM document", "DELETE FROM clock_run", "DELETE FROM refused_act",
    ):  # fmt: skip
        if statement.endswith("refused_act"):
            with pytest.raises(NotAllowed):
                line.accept("supervisor")
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
    with engine.connect() as connection:
        assert ddl.missing(connection) == []


@pytest.mark.database
def test_the_chain_of_an_application_is_unbroken_from_its_number(county: County) -> None:
    from app.engine.trail import record_of

    line = Line(county).until("delivered")
    number = county.application(line.id).number
    links = [chain.Link(e.seq, e.previous_hash, record_of(e), e.hash) for e in county.rows(Event, line.id)]
    assert chain.first_break(chain.genesis("application", line.id, number), links) is None


def test_a_refused_act_leaves_nothing_behind(county: County) -> None:
    line = Line(county).until("received")
    before = [county.session.scalar(select(func.count()).select_from(model)) for model in (Counter, ActResult)]
    with pytest.raises(Incomplete):
        county.do(
            "approver", "return_file", line.id, {"slip_id": line.slip().id, "lines": [], "reason": "缺件"}, key="k9"
        )
    assert [county.session.scalar(select(func.count()).select_from(model)) for model in (Counter, ActResult)] == before
    assert len(county.rows(Event, line.id)) == 2


def test_the_system_holds_only_its_own_duties() -> None:
    (grant,) = SYSTEM.grants
    on_applications = {"deem_accepted", "lapse", "confirm_payment", "remind_applicant", "escalate"}
    assert {act for act in grant.acts if act in TRANSITIONS} == on_applications
    assert grant.acts - on_applications == {name for name, row in OBJECT_ACTS.items() if Role.SYSTEM in row.roles}


@pytest.mark.database
def test_a_locked_database_is_busy_and_heals_by_itself(county: County, engine: Engine) -> None:
    from app.errors import Busy

    line = Line(county).until("confirmed")
    actor, version = county.actor("approver"), county.application(line.id).version
    county.session.rollback()
    holder = engine.connect().execution_options(immediate=True)
    holder.execute(text("UPDATE application SET pickup_code = pickup_code"))
    short = "PRAGMA busy_timeout=50" if engine.dialect.name == "sqlite" else "SET lock_timeout='50ms'"

    def hurry(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute(short)

    event.listen(engine, "checkout", hurry)
    with Session(engine) as session, pytest.raises(Busy):
        perform(session, "accept", line.id, actor, {"opinion": "同意受理"}, version)
    event.remove(engine, "checkout", hurry)
    holder.rollback()
    holder.close()
    line.accept()


def test_a_day_whose_ticket_numbers_are_used_up_is_a_sentence(county: County) -> None:
    Line(county).register()
    county.session.execute(text("UPDATE counter SET value = 999 WHERE name LIKE 'ticket:%'"))
    county.session.commit()
    with pytest.raises(NotNow, match="used up"):
        Line(county).register()
