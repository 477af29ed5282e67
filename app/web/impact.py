"""What saving would change beyond the record itself: it is shown first, and saved only by whoever was shown it."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_login import current_user
from wtforms import HiddenField

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = "impact_shown"
"""The hidden field that says which impact the form has shown."""


class ImpactField(HiddenField):
    """Carries the mark of the sentences that stand above the form."""

    sentences: Sequence[str] = ()

    def ask(self, sentences: Sequence[str], *of: Any) -> bool:
        """Whether these sentences must still be shown and agreed to; `of` is what they are about."""
        wanted = mark(*of, *sentences)
        if not sentences or hmac.compare_digest(wanted, str(self.data or "")):
            return False
        self.data, self.sentences = wanted, sentences
        return True


def mark(*shown: Any) -> str:
    """A mark that only the server makes, for what it has shown to this person."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, repr(("impact", current_user.id, *map(str, shown))).encode(), "sha256").hex()
