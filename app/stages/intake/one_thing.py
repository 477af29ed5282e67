"""One thing (一件事): its lead application is the parent, the others follow it (第十五条（五）, req. 77)."""

from sqlalchemy import or_, select

from app.engine.acts import Data
from app.engine.turn import Turn
from app.law import N_
from app.law.identity import clean
from app.law.states import TERMINAL, State
from app.models.application import Application
from app.models.encrypted import blind_index
from app.models.theme import Theme

ELSEWHERE = N_("The lead application was taken at another centre: all of one thing are filed at one window.")
ENDED = sorted({*(state.value for state in TERMINAL), State.NOT_ACCEPTED.value, State.TERMINATED.value})


def join(t: Turn, data: Data) -> None:
    """Let the new application be the lead of its thing, or follow the lead that is named."""
    theme = t.session.get(Theme, data["theme_id"]) if data["theme_id"] else None
    if data["theme_id"] is None:
        t.require(data["parent_id"] is None, "theme_id", N_("Say of which thing it is a part."))
        return
    if not t.require(theme is not None and theme.is_active, "theme_id", N_("There is no such thing to file for.")):
        return
    assert theme is not None
    a = t.application
    t.require(
        a.item.id in {item.id for item in theme.items}, "item", N_("«%(theme)s» has no such part."), theme=theme.name
    )
    if data["parent_id"] is None:
        t.require(
            a.item.id == theme.lead_item_id, "parent_id", N_("«%(item)s» leads, and is filed first."),
            item=theme.lead_item.name,
        )  # fmt: skip
    else:
        a.parent = _lead(t, data, theme)
    a.theme = theme


def _lead(t: Turn, data: Data, theme: Theme) -> Application | None:
    """The application that leads, if this one may follow it: of the same person, together with the others."""
    found = select(Application).where(Application.id == data["parent_id"]).with_for_update()
    lead: Application | None = t.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    own = t.actor.sees_county or (lead is not None and lead.centre_id in t.actor.centres)
    leads = lead is not None and own and lead.theme_id == theme.id and lead.parent_id is None
    if not t.require(leads, "parent_id", N_("This is not the lead application of «%(theme)s»."), theme=theme.name):
        return None
    assert lead is not None
    t.require(
        lead.id_no_index == blind_index("id_no", clean(data["id_no"])), "id_no",
        N_("The lead application is of somebody else: one thing has one applicant."),
    )  # fmt: skip
    group = or_(Application.id == lead.id, Application.parent_id == lead.id)
    rows = t.session.execute(select(Application.item_id, Application.state, Application.decided_at).where(group)).all()
    t.not_now_unless(
        lead.state not in ENDED and all(row.decided_at is None for row in rows),
        N_("The others are decided or ended already: file this one by itself."),
    )
    filed = {row.item_id for row in rows if row.state not in ENDED}
    t.require(t.application.item.id not in filed, "item", N_("This part is filed already."))
    return lead
