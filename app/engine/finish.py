"""The end of an act: the application moves, clocks turn, numbers are drawn, papers fixed, the event chained."""

from typing import Any

from marshmallow import Schema

from app.engine import clocks, fees, invitations, notices, paper_sources, trail, wording
from app.engine.ceasing import cease
from app.engine.object_moves import settle_beside
from app.engine.paper_check import complaints
from app.engine.standing import standing
from app.engine.turn import Turn
from app.law import numbering
from app.law.clock import Clock
from app.law.states import State
from app.models.archive import ArchiveFile
from app.models.trail import Event, Outbox

CLOSING_AT_ONCE = frozenset({State.REFUSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
CLOSING_WHEN_NOTHING_IS_OWED = frozenset({State.CERTIFIED, State.HANDED_OVER})


def finish(turn: Turn, schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    """Everything an act does after its body, in order; answers the application's new standing."""
    from_state = _move(turn)
    fees.come_due(turn)
    _close_if_due(turn)
    if turn.application.state != from_state:
        invitations.invite(turn)
    _number(turn)
    _run_clocks(turn)
    _fix_papers(turn)
    event = _chain(turn, schema, data, from_state)
    _tell(turn, event)
    return standing(turn.dossier, turn.now)


def _move(turn: Turn) -> str | None:
    application, transition = turn.application, turn.transition
    if transition.birth:
        turn.session.add(application)
        application.state = str(transition.to)
        application.version = 1
        return None
    before = application.state
    if transition.to is not None:
        application.state = transition.to.value
    if transition.moves_version:
        application.version += 1
    return before


def _close_if_due(turn: Turn) -> None:
    """办结: set once, by the act that first puts the outcome in effect; the archive file opens with it."""
    application = turn.application
    state = State(application.state)
    if state in CLOSING_AT_ONCE:
        cease(turn)
    ends = state in CLOSING_AT_ONCE or (state in CLOSING_WHEN_NOTHING_IS_OWED and not turn.dossier.owed_open)
    if application.closed_at is not None or not ends:
        return
    application.closed_at, turn.closes = turn.now, True
    archive = ArchiveFile(application_id=application.id, state="open", opened_at=turn.now, created_by=turn.by)
    turn.dossier.archive = archive
    turn.session.add(archive)
    year = turn.now.year
    turn.draw(numbering.counter_for_archive(year), lambda n: setattr(archive, "number", numbering.archive_no(year, n)))


def _number(turn: Turn) -> None:
    turn.draw_numbers()
    if turn.session.new:
        turn.session.flush()  # what follows names the new rows by their ids
    settle_beside(turn)
    for file in turn.claimed:
        file.application_id = turn.application.id


def _run_clocks(turn: Turn) -> None:
    book = turn.dossier.clocks
    clocks.apply(book, turn.transition, turn.dossier.item, turn.settings, turn.now, turn.by, turn.timing)
    if turn.closes or turn.supplementary_sheet:
        book.start(Clock.ARCHIVE, clocks.ARCHIVE_BY_RULE, turn.now, turn.by)
    turn.application.next_due_at = book.next_due()


def _fix_papers(turn: Turn) -> None:
    for paper in turn.papers:
        kind = paper.document.kind
        facts = paper_sources.build(turn, kind, paper.given)
        faults = complaints(kind, facts)
        if faults:
            raise ValueError(f"{kind} cannot be printed: {'; '.join(faults)}")
        paper.document.facts = facts
        paper.document.paragraphs = wording.resolve(kind, facts, wording.load(turn.session, turn.settings))
        paper.document.application_id = turn.application.id
        turn.session.add(paper.document)
        if paper.of is not None:
            paper.of.document = paper.document


def _chain(turn: Turn, schema: Schema, data: dict[str, Any], from_state: str | None) -> Event:
    payload = {**trail.masked(schema, data), **turn.payload}
    if turn.papers:
        payload["documents"] = [p.document.number for p in turn.papers]
    event = trail.append(
        turn.session,
        turn.dossier,
        act=turn.transition.name,
        kind=turn.transition.kind,
        from_state=from_state,
        at=turn.now,
        actor=turn.actor,
        role=turn.role.value,
        request_id=turn.request_id,
        payload=payload,
    )
    if turn.transition.moves_version:
        trail.write(
            turn.session,
            Outbox(
                application_id=turn.application.id,
                event_id=event.id,
                state="pending",
                created_at=turn.now,
                payload={
                    "number": turn.application.number,
                    "act": event.act,
                    "seq": event.seq,
                    "from": event.from_state,
                    "to": event.to_state,
                    "at": event.at.isoformat(),
                    "hash": event.hash,
                },
            ),
        )
    return event


def _tell(turn: Turn, event: Event) -> None:
    found = [a for audience in turn.transition.tells for a in notices.addresses(audience, turn.dossier)] + turn.told
    application = turn.application
    trail.write(
        turn.session,
        *notices.notices(
            found,
            application_id=application.id,
            cause=event.act,
            level=turn.level,
            at=turn.now,
            by=turn.by,
            text=turn.message,
            params={"number": application.short_no, "item": turn.dossier.item["name"], "by": turn.actor.name},
        ),
    )
