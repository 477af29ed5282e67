"""What the acts on a ticket take."""

from app.engine.inputs import Input, pattern, row_id, text
from app.law import N_


class TakeInput(Input):
    """What somebody comes for: a business area, or an item, which leads to one."""

    area = text(N_("Area"), 1, 10, required=False)
    item = text(
        N_("Item"), 1, 20, required=False, help_text=N_("Instead of an area: every comprehensive window takes it.")
    )
    centre_id = row_id(N_("Centre"), required=False)
    token = pattern(N_("Token"), r"[A-Za-z0-9_-]{16,40}", N_("This has the wrong form."), required=False)


class CallInput(Input):
    """Why somebody is called before their turn; in turn, nothing."""

    reason = text(
        N_("Reason for calling out of turn"), 0, 300, required=False,
        help_text=N_("Needed where others wait in front; the supervisor sees it."),
    )  # fmt: skip


class RedirectInput(Input):
    """The other area."""

    area = text(N_("Area"), 1, 10)


class NothingInput(Input):
    """Nothing more is asked."""
