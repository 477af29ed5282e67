"""Invariants of an application's history: what its events say of each other and of the application."""

from collections import defaultdict
from collections.abc import Iterator

from app.engine.now import now
from app.engine.trail import record_of
from app.law import chain
from app.law.chain import Link
from app.law.lifecycle import REFUSE_UNFILED, TRANSITIONS, Transition
from app.law.object_acts import EVERY_ACT, may_hold
from app.law.roles import BACK_CLASSES, FRONT_ACTS, Role
from app.law.states import Kind
from app.models.trail import Document, Event, Outbox
from app.supervision.histories import History

BACK_ACTS = frozenset(name for name, row in EVERY_ACT.items() if row.act_class in BACK_CLASSES)


def state_is_that_of_the_last_event(h: History) -> Iterator[str]:
    """1: the state of an application is the `to` of its last event."""
    if not h.events:
        yield f"{h}: it has no event"
    elif h.application.state != h.events[-1].to_state:
        yield f"{h}: its state is {h.application.state}, its last event left it {h.events[-1].to_state}"


def events_are_numbered_without_gap(h: History) -> Iterator[str]:
    """2: events are numbered 1..n without gap."""
    for expected, event in enumerate(h.events, 1):
        if event.seq != expected:
            yield f"{h}: event {expected} is missing"
            return


def moves_are_in_the_table(h: History) -> Iterator[str]:
    """3: every move is in the table, and begins where the last one ended."""
    before = None
    for event in h.events:
        row = TRANSITIONS.get(event.act)
        if event.from_state != before:
            yield f"{h}: event {event.seq} «{event.act}» begins at {event.from_state}, not at {before}"
        elif row is None or not _is_move(row, event.from_state, event.to_state, event.kind):
            yield f"{h}: event {event.seq} «{event.act}» from {before} to {event.to_state} is no lawful move"
        before = event.to_state


def _is_move(row: Transition, before: str | None, after: str, kind: str) -> bool:
    rows = (row, REFUSE_UNFILED) if row.name == REFUSE_UNFILED.name else (row,)
    return any(
        kind == r.kind.value and (before is None if r.birth else before in r.sources) and after == (r.to or before)
        for r in rows
    )


def chain_is_unbroken(h: History) -> Iterator[str]:
    """4: the chain of events is unbroken from its genesis."""
    links = [Link(e.seq, e.previous_hash, record_of(e), e.hash) for e in h.events]
    broken = chain.first_break(chain.genesis("application", h.application.id, h.application.number), links)
    if broken is not None:
        event = h.events[broken - 1]
        yield f"{h}: the chain is broken at event {broken}, now «{event.act}» (row {event.id})"


def chains_of_its_objects_are_unbroken(h: History) -> Iterator[str]:
    """2, 4: the events of each small object that hangs on it are numbered without gap and chained from its genesis."""
    chains: dict[tuple[str, int], list[Link]] = defaultdict(list)
    for e in h.rows[Event]:
        if e.subject_kind != "application":
            chains[e.subject_kind, e.subject_id].append(Link(e.seq, e.previous_hash, record_of(e), e.hash))
    for (kind, subject_id), links in chains.items():
        broken = chain.first_break(chain.genesis(kind, subject_id, h.application.number), links)
        if broken is not None:
            yield f"{h}: the chain of {kind} {subject_id} is broken at event {broken}"


def events_name_who_and_as_what(h: History) -> Iterator[str]:
    """7: every event has its actor, the role then held, its request and the server's time."""
    for event in h.events:
        role = _role(event.role)
        if role is None or (event.act in EVERY_ACT and not may_hold(role, event.act)):
            yield f"{h}: event {event.seq} «{event.act}» was done as {event.role or 'nobody'}, who may never do it"
        if (event.actor_id is None) is not (role is Role.SYSTEM) or not event.actor_name:
            yield f"{h}: event {event.seq} «{event.act}» does not say who did it"
        if not event.request_id:
            yield f"{h}: event {event.seq} «{event.act}» does not say by which request"


def _role(name: str) -> Role | None:
    try:
        return Role(name)
    except ValueError:
        return None


def times_never_go_back(h: History) -> Iterator[str]:
    """11: event times never go back, nor lie ahead of the server's clock."""
    moments = [*(e.at for e in h.events), now()]
    for event, later in zip(h.events, moments[1:], strict=True):
        if later < event.at:
            yield f"{h}: event {event.seq} «{event.act}» is dated {event.at:%Y-%m-%d %H:%M:%S}, later than what follows"


def moments_are_those_of_their_acts(h: History) -> Iterator[str]:
    """12: the application's moments are set once, by the act they belong to."""
    by_act = {
        "registered_at": ("register",), "accepted_at": ("accept", "deem_accepted"), "delivered_at": ("issue",),
    }  # fmt: skip
    for column, acts in by_act.items():
        done = [e.at for e in h.acts(*acts)]
        moment = getattr(h.application, column)
        if done[:1] != ([moment] if moment else []) or len(done) > 1:
            yield f"{h}: {column} is {moment}, and its act was done at {', '.join(map(str, done)) or 'no time'}"
    closed = h.application.closed_at
    if closed is not None and closed not in {e.at for e in h.events}:
        yield f"{h}: closed_at is {closed}, and nothing happened then"


def nobody_stood_at_both_ends(h: History) -> Iterator[str]:
    """19: nobody did both a front act and a back act on one application (受审分离)."""
    front = {e.actor_id: e for e in h.acts(*FRONT_ACTS) if e.actor_id is not None}
    for event in (each for each in h.rows[Event] if each.act in BACK_ACTS):
        if event.actor_id in front:
            other = front[event.actor_id]
            yield f"{h}: {event.actor_name} did «{other.act}» (event {other.seq}) and «{event.act}» (event {event.seq})"


def version_counts_what_touched_it(h: History) -> Iterator[str]:
    """24: the version is 1 + the events that touched it after its birth."""
    touched = sum(e.kind != Kind.NUDGE.value for e in h.events)
    if h.application.version != touched:
        yield f"{h}: its version is {h.application.version}, and {touched} events touched it"


def outbox_follows_the_events(h: History) -> Iterator[str]:
    """26: each event that touched it has one message, committed with it; no message stands alone."""
    pushed = {row.event_id: row for row in h.rows[Outbox]}
    for row in h.rows[Outbox]:
        if pushed[row.event_id] is not row:
            yield f"{h}: outbox row {row.id} reports what outbox row {pushed[row.event_id].id} reports"
    for event in h.events:
        message = pushed.pop(event.id, None)
        if event.kind == Kind.NUDGE.value:
            if message is not None:
                yield f"{h}: event {event.seq} «{event.act}» is a nudge, and outbox row {message.id} reports it"
        elif message is None:
            yield f"{h}: event {event.seq} «{event.act}» has no outbox row"
        elif message.payload.get("hash") != event.hash or message.created_at != event.at:
            yield f"{h}: outbox row {message.id} is not of event {event.seq} «{event.act}»"
    for stray in pushed.values():
        yield f"{h}: outbox row {stray.id} has no event here"


def messages_left_once_and_in_order(h: History) -> Iterator[str]:
    """26: a message is delivered once, after it was sent, and never before an earlier one."""
    before = None
    for row in h.rows[Outbox]:
        delivered = row.state == "delivered"
        if delivered is (row.delivered_at is None) or (delivered and not row.attempts):
            yield f"{h}: outbox row {row.id} is {row.state}, sent {row.attempts} times, delivered at {row.delivered_at}"
        elif delivered and row.delivered_at < row.created_at:
            yield f"{h}: outbox row {row.id} was delivered before it was written"
        elif delivered and before and (before.delivered_at is None or row.delivered_at < before.delivered_at):
            yield f"{h}: outbox row {row.id} was delivered before outbox row {before.id}"
        before = row


def papers_are_those_the_events_name(h: History) -> Iterator[str]:
    """8: each numbered paper was issued in the act that names it, and none that was named is gone."""
    named = [number for event in h.events for number in event.payload.get("documents", ())]
    made = h.acts("make_certificate", "replace_certificate")
    named += [event.payload["cert_no"] for event in made if "cert_no" in event.payload]
    present = [row.number for row in h.rows[Document]]
    for number in sorted(set(named) - set(present)):
        yield f"{h}: paper {number} was issued and is gone"
    for number in sorted(set(present) - set(named)):
        yield f"{h}: paper {number} was issued by no act"


INVARIANTS = (
    (1, state_is_that_of_the_last_event),
    (2, events_are_numbered_without_gap),
    (3, moves_are_in_the_table),
    (4, chain_is_unbroken),
    (4, chains_of_its_objects_are_unbroken),
    (7, events_name_who_and_as_what),
    (8, papers_are_those_the_events_name),
    (11, times_never_go_back),
    (12, moments_are_those_of_their_acts),
    (19, nobody_stood_at_both_ends),
    (24, version_counts_what_touched_it),
    (26, outbox_follows_the_events),
    (26, messages_left_once_and_in_order),
)
