"""Refusals: a small family that speaks whole sentences; the web translates and shows them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not an error
    """Something that is not done, and the sentence that says why; `%(name)s` in it is filled from `params`."""

    status: ClassVar[int]
    code: ClassVar[str]
    default: ClassVar[str]

    def __init__(self, sentence: str = "", **params: Any) -> None:
        self.sentence = sentence or self.default
        self.params = params
        super().__init__(self.sentence % params if params else self.sentence)


class NotFound(Refusal):
    """It is not there, or out of reach: nobody hears the difference."""

    status = 404
    code = "not_found"
    default = N_("This does not exist, or it is not yours to see.")


class NotAllowed(Refusal):
    """This person may not do it."""

    status = 403
    code = "not_allowed"
    default = N_("You are not allowed to do this.")


class NotNow(Refusal):
    """It cannot be done in this state, or somebody was faster."""

    status = 409
    code = "not_now"
    default = N_("This cannot be done now.")


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one field of the input; an empty field name means the whole."""

    field: str
    sentence: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Incomplete(Refusal):
    """The input lacks something; all complaints at once."""

    status = 422
    code = "incomplete"
    default = N_("Something is missing or wrong; please look at the marked fields.")

    def __init__(self, complaints: Sequence[Complaint], sentence: str = "", **params: Any) -> None:
        super().__init__(sentence, **params)
        self.complaints = tuple(complaints)


class Later(Refusal):
    """Refused for a while; `retry_after` in seconds."""

    def __init__(self, sentence: str = "", *, retry_after: int, **params: Any) -> None:
        super().__init__(sentence, **params)
        self.retry_after = retry_after


class Busy(Later):
    """The database is locked or full; nothing was changed."""

    status = 503
    code = "busy"
    default = N_("The system is busy. Nothing was changed; please try again in a moment.")

    def __init__(self, sentence: str = "", *, retry_after: int = 5, **params: Any) -> None:
        super().__init__(sentence, retry_after=retry_after, **params)


class TooMany(Later):
    """Asked too often."""

    status = 429
    code = "too_many"
    default = N_("Too many tries. Please wait %(minutes)s minutes and try again.")

    def __init__(self, sentence: str = "", *, retry_after: int, **params: Any) -> None:
        super().__init__(sentence, retry_after=retry_after, minutes=-(-retry_after // 60), **params)


class TooLarge(Refusal):
    """More than is taken in at once."""

    status = 413
    code = "too_large"
    default = N_("This is too large.")


class Unsupported(Refusal):
    """A kind of content that is not taken in."""

    status = 415
    code = "unsupported"
    default = N_("This kind of content is not accepted.")
