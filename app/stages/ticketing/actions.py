"""Acts on a ticket (第十五条（二）取号), from the ticket machine to the end of the visit."""

from typing import Any

from sqlalchemy import select

from app.engine import queue
from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step
from app.law import N_
from app.models.catalogue import Item
from app.models.counter import Ticket
from app.models.organisation import Centre
from app.stages.ticketing.inputs import CallInput, NothingInput, RedirectInput, TakeInput

SHORTEST_REASON = 5
CHOOSE_AN_AREA = N_("Choose an area of this hall.")

subject("ticket", Ticket)


@object_act("take_ticket", TakeInput)
def take(step: Step, _none: None, data: Data) -> Ticket:
    """Take a number for an area, or for an item, at the ticket machine or the guide desk."""
    centre = _centre(step, data)
    step.require(data["area"] or data["item"], "area", CHOOSE_AN_AREA)
    item = _item(step, data, centre)
    step.settle()
    open_areas = {area.letter: area for area in queue.areas(step.session, centre.id)}
    letter = data["area"]
    if letter is None and open_areas:
        waits = queue.waiting(step.session, centre.id, step.today)
        letter = queue.quickest(open_areas.values(), waits).letter
    step.require(letter in open_areas, "area", CHOOSE_AN_AREA)
    step.settle()
    ticket = Ticket(
        centre_id=centre.id, day=step.today, area=letter, item=item, kiosk_token=data["token"], issued_at=step.now
    )
    queue.line_up(step, ticket)
    queue.draw_number(step, ticket)
    return ticket


def _centre(step: Step, data: Data) -> Centre:
    """The hall of the machine or of the guide; a guide of several says which."""
    mine = step.grant.centres
    wanted = data["centre_id"] if data["centre_id"] is not None else min(mine) if len(mine) == 1 else None
    step.require(wanted in mine, "centre_id", N_("Say in which of your halls."))
    step.settle()
    if data["token"] is not None:
        known = step.session.scalar(select(Ticket.id).where(Ticket.kiosk_token == data["token"]))
        step.not_now_unless(known is None, N_("This number was taken already."))
    return step.session.get_one(Centre, wanted)


def _item(step: Step, data: Data, centre: Centre) -> Item | None:
    if data["item"] is None:
        return None
    item: Item | None = step.session.scalar(
        select(Item).where(Item.code == data["item"], Item.is_active.is_(True), Item.is_public.is_(True))
    )
    if step.require(item, "item", N_("Choose an item of the catalogue.")):
        assert item is not None
        is_taken = item.is_fronted or not centre.is_town
        step.require(
            is_taken, "item", N_("This item is not fronted to the town centres; it is taken at the county hall.")
        )
    return item


@object_act("walk_in_ticket", NothingInput)
def walk_in(step: Step, _none: None, _data: Data) -> Ticket:
    """Serve somebody without a number, as a town without a queue does; whom it passes over is kept."""
    window = queue.own_window(step)
    ticket = queue.new_walk_in(step, window)
    step.payload |= {"window": window.code, "passed_over": ticket.passed_over}
    return ticket


@object_act("call_ticket", CallInput)
def call(step: Step, ticket: Ticket, data: Data) -> None:
    """Call somebody to the own window: the longest in line; before their turn only for a reason that is kept."""
    window, reason = queue.own_window(step), data["reason"] or ""
    before = queue.passed_over(step.session, ticket)
    if before:
        sentence = N_("%(count)s wait in front: say in at least %(least)s characters why this one comes first.")
        step.require(len(reason) >= SHORTEST_REASON, "reason", sentence, count=before, least=SHORTEST_REASON)
        step.settle()
        ticket.passed_over, ticket.reason = before, reason
        step.payload["passed_over"] = before
    step.payload["window"] = window.code
    ticket.window_id, ticket.served_by_id, ticket.due_at = window.id, step.actor.user_id, None
    ticket.called_at, ticket.calls = step.now, ticket.calls + 1


@object_act("call_ticket_again", NothingInput)
def call_again(step: Step, ticket: Ticket, _data: Data) -> None:
    """Call the same number once more; the screen announces it anew."""
    ticket.called_at, ticket.calls = step.now, ticket.calls + 1


@object_act("serve_ticket", NothingInput)
def serve(step: Step, ticket: Ticket, _data: Data) -> None:
    """Whoever was called has come."""
    ticket.served_by_id = step.actor.user_id


@object_act("miss_ticket", NothingInput)
def miss(step: Step, ticket: Ticket, _data: Data) -> None:
    """Nobody came; the number may be put back once, until the hall closes."""
    ticket.due_at = queue.expires_at(ticket.centre, step.now)


@object_act("requeue_ticket", NothingInput)
def requeue(step: Step, ticket: Ticket, _data: Data) -> None:
    """Put a missed number back at the end of its area's queue, once."""
    ticket.was_put_back, ticket.window_id = True, None
    queue.line_up(step, ticket)


@object_act("redirect_ticket", RedirectInput)
def redirect(step: Step, ticket: Ticket, data: Data) -> None:
    """Send somebody on to another area, at the end of the queue there; the number stays."""
    elsewhere = {area.letter for area in queue.areas(step.session, ticket.centre_id)} - {ticket.area}
    step.require(data["area"] in elsewhere, "area", N_("Choose another area of this hall."))
    step.settle()
    step.payload["from_area"] = ticket.area
    ticket.area, ticket.window_id = data["area"], None
    queue.line_up(step, ticket)


@object_act("finish_ticket", NothingInput)
def finish(step: Step, ticket: Ticket, _data: Data) -> None:
    """The visit is over, with as many applications as it took."""
    ticket.finished_at = step.now


@object_act("expire_ticket", NothingInput)
def expire(_step: Step, ticket: Any, _data: Data) -> None:
    """Closing time has passed and nobody was called."""
    ticket.due_at = None


@object_act("end_ticket", NothingInput)
def end(step: Step, ticket: Any, _data: Data) -> None:
    """Its day is over, and nobody at the window said that the visit was: the next day finds the window free."""
    if ticket.state == "serving":
        ticket.finished_at = step.now


@object_act("expire_missed_ticket", NothingInput)
def expire_missed(_step: Step, ticket: Any, _data: Data) -> None:
    """Closing time has passed and whoever missed the call did not come back."""
    ticket.due_at = None
