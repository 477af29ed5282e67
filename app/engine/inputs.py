"""What an act takes: one marshmallow schema each, from which form, API check, OpenAPI and JSON schema come.

Fields say their label, and whether they are personal (masked in events). An unknown field is refused by name.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.errors import Complaint, Incomplete
from app.law import N_
from app.law.plain_text import is_plain

LONG_TEXT = 200
MOST_MONEY = Decimal(10) ** 10
"""As many figures as a column of money has before the point."""

SERVER_FIELDS = frozenset(
    {
        "state",
        "number",
        "short_no",
        "at",
        "registered_at",
        "received_at",
        "accepted_at",
        "decided_at",
        "closed_at",
        "delivered_at",
        "clock_from",
        "due_on",
        "due_at",
        "amount",
        "amount_due",
        "unit_price",
        "payee",
        "payee_account",
        "account",
        "created_at",
        "created_by",
        "actor",
        "role",
    }
)
"""Fields only the server sets; sending one is refused and recorded (第十一条)."""

MESSAGES = {
    "required": N_("This is needed."),
    "null": N_("This is needed."),
    "type": N_("This has the wrong form."),
    "unknown": N_("This field does not exist here."),
}
_WRONG_FORM = {**MESSAGES, "invalid": N_("This has the wrong form.")}
Schema.error_messages = {**Schema.error_messages, **MESSAGES}
Schema._default_error_messages = {**getattr(Schema, "_default_error_messages", {}), **MESSAGES}  # noqa: SLF001


class Input(Schema):
    """The base of every act's input."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    error_messages = MESSAGES


class _Length(validate.Validator):
    """Length in characters, with sentences of ours."""

    def __init__(self, least: int, most: int) -> None:
        self.min, self.max = least, most

    def __call__(self, value: str) -> str:
        if len(value.strip()) < self.min:
            raise ValidationError(_sentence(N_("Too short: at least %(least)s characters."), least=self.min))
        if len(value) > self.max:
            raise ValidationError(_sentence(N_("Too long: at most %(most)s characters."), most=self.max))
        return value


class _Range(validate.Validator):
    def __init__(self, least: Any, most: Any) -> None:
        self.min, self.max = least, most

    def __call__(self, value: Any) -> Any:
        if not self.min <= value <= self.max:
            raise ValidationError(_sentence(N_("Between %(least)s and %(most)s."), least=self.min, most=self.max))
        return value


class _Hundredths(fields.Decimal):
    """A number of at most two decimals: money in yuan, a quantity."""

    default_error_messages = {"special": N_("This has the wrong form."), "too_large": N_("This has the wrong form.")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        found = Decimal(super()._deserialize(value, attr, data, **kwargs) or 0)
        if abs(found) >= MOST_MONEY:
            raise self.make_error("too_large")
        if found != (rounded := found.quantize(Decimal("0.01"))):
            raise ValidationError(N_("At most two decimals."))
        return rounded


class _Text(fields.String):
    """Text without surrounding blanks or control characters; a long one may have line breaks."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip()
        if not is_plain(text, multiline=bool(self.metadata.get("multiline"))):
            raise ValidationError(N_("Control characters are not text."))
        return text


def _sentence(text: str, **params: Any) -> Any:
    """A sentence with its parameters, as the complaint carries it."""
    return [{"sentence": text, "params": params}]


def _common(label: str, *, required: bool, personal: str = "", help_text: str = "") -> dict[str, Any]:
    return {
        "required": required,
        "metadata": {"label": label, "personal": personal, "help": help_text},
        "error_messages": {**MESSAGES, "invalid": N_("This has the wrong form.")},
        **({} if required else {"load_default": None, "allow_none": True}),
    }


def text(
    label: str, least: int, most: int, *, required: bool = True, personal: str = "", help_text: str = ""
) -> fields.Field:
    """Text of `least` to `most` characters."""
    field = _Text(
        validate=_Length(least if required else 0, most),
        **_common(label, required=required, personal=personal, help_text=help_text),
    )
    field.metadata["multiline"] = most > LONG_TEXT
    return field


def pattern(label: str, regex: str, wrong: str, *, required: bool = True, personal: str = "") -> fields.Field:
    """Text of a fixed form; `wrong` says which."""
    return _Text(
        validate=validate.Regexp(regex, re.ASCII, error=wrong), **_common(label, required=required, personal=personal)
    )


def choice(label: str, options: Mapping[str, str], *, required: bool = True) -> fields.Field:
    """One of the options, each with its label."""
    field = fields.String(
        validate=validate.OneOf(list(options), error=N_("Not one of the choices.")), **_common(label, required=required)
    )
    field.metadata["options"] = dict(options)
    return field


def number(label: str, least: int, most: int, *, required: bool = True) -> fields.Field:
    """A whole number."""
    return fields.Integer(strict=False, validate=_Range(least, most), **_common(label, required=required))


def hundredths(label: str, least: str, most: str, *, required: bool = True, help_text: str = "") -> fields.Field:
    """Money in yuan, or a quantity: at most two decimals."""
    limits = _Range(Decimal(least), Decimal(most))
    return _Hundredths(validate=limits, **_common(label, required=required, help_text=help_text))


def flag(label: str, *, required: bool = False) -> fields.Field:
    """Yes or no."""
    return (
        fields.Boolean(
            required=required,
            load_default=False,
            metadata={"label": label, "personal": "", "help": ""},
            error_messages={**MESSAGES, "invalid": N_("This has the wrong form.")},
        )
        if not required
        else fields.Boolean(**_common(label, required=True))
    )


def day(label: str, *, required: bool = True) -> fields.Field:
    """A date: a future deadline or a validity, never the time of an event."""
    return fields.Date(**_common(label, required=required))


def row_id(label: str, *, required: bool = True) -> fields.Field:
    """The id of a row the page or the API named."""
    field = fields.Integer(strict=False, validate=_Range(1, 2**53), **_common(label, required=required))
    field.metadata["hidden"] = True
    return field


def file(label: str, *, required: bool = True, kinds: tuple[str, ...] = ("pdf", "jpg", "png")) -> fields.Field:
    """The id of an uploaded file."""
    field = fields.Integer(strict=False, validate=_Range(1, 2**53), **_common(label, required=required))
    field.metadata["file"] = kinds
    return field


def ids(label: str, *, least: int = 0, most: int = 100) -> fields.Field:
    """Several rows, named by their ids; the form offers them as ticks (`Shape.choices`)."""
    inner = fields.Integer(strict=False, validate=_Range(1, 2**53), error_messages=_WRONG_FORM)
    return _several(label, inner, least, most, N_("Choose at least %(least)s."), N_("Choose at most %(most)s."))


def files(
    label: str, *, least: int = 0, most: int = 10, kinds: tuple[str, ...] = ("pdf", "jpg", "png")
) -> fields.Field:
    """The ids of several uploaded files."""
    inner = fields.Integer(strict=False, validate=_Range(1, 2**53), error_messages=_WRONG_FORM)
    inner.metadata["file"] = kinds
    return _several(label, inner, least, most, N_("At least %(least)s files."), N_("At most %(most)s files."))


def _several(label: str, inner: fields.Field, least: int, most: int, too_few: str, too_many: str) -> fields.Field:
    def enough(value: list[int]) -> None:
        if len(value) < least:
            raise ValidationError(_sentence(too_few, least=least))
        if len(value) > most:
            raise ValidationError(_sentence(too_many, most=most))
        if len(value) > len(set(value)):
            raise ValidationError(N_("Each one once."))

    return fields.List(
        inner,
        required=least > 0,
        **({"load_default": list} if least == 0 else {}),
        validate=enough,
        metadata={"label": label, "personal": "", "help": "", "minItems": least, "maxItems": most, "uniqueItems": True},
        error_messages=_WRONG_FORM,
    )


def many(label: str, line: type[Schema], *, least: int = 0, most: int = 200) -> fields.Field:
    """Lines, each of its own form."""

    def enough(value: list[Any]) -> None:
        if len(value) < least:
            raise ValidationError(_sentence(N_("«%(label)s»: fill in at least %(least)s."), label=label, least=least))
        if len(value) > most:
            raise ValidationError(_sentence(N_("«%(label)s»: at most %(most)s lines."), label=label, most=most))

    return fields.List(
        fields.Nested(line),
        required=least > 0,
        **({"load_default": list} if least == 0 else {}),
        validate=enough,
        metadata={"label": label, "personal": "", "help": "", "minItems": least, "maxItems": most},
        error_messages={**MESSAGES, "invalid": N_("This has the wrong form.")},
    )


def part(label: str, schema: type[Schema], *, required: bool = False) -> fields.Field:
    """A group of fields of its own."""
    return fields.Nested(schema, **_common(label, required=required))


def answers(label: str, *, help_text: str = "") -> fields.Field:
    """The answers to an item's own questions, by name; they are judged by `extra_fields.read`, which knows the item."""
    return fields.Dict(keys=fields.String(), **_common(label, required=False, personal="hidden", help_text=help_text))


def read(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The input against an act's schema; raises Incomplete with every complaint at once."""
    try:
        return dict(schema.load(data))
    except ValidationError as error:
        complaints: list[Complaint] = []
        collect(error.messages, lambda path, sentence, params: complaints.append(Complaint(path, sentence, params)))
        raise Incomplete(complaints) from None


Complain = Callable[[str, str, dict[str, Any]], None]


def collect(messages: Any, complain: Complain, path: str = "") -> None:
    """Hand every message of a marshmallow error to `complain` as (field path, sentence, params)."""
    if isinstance(messages, Mapping) and "sentence" in messages:
        complain(path, str(messages["sentence"]), dict(messages["params"]))
    elif isinstance(messages, Mapping):
        for key, value in messages.items():
            collect(value, complain, path if key == "_schema" else f"{path}.{key}" if path else str(key))
    elif isinstance(messages, list | tuple):
        for value in messages:
            collect(value, complain, path)
    else:
        complain(path, str(messages), {})


__all__ = [
    "SERVER_FIELDS",
    "Input",
    "answers",
    "choice",
    "collect",
    "day",
    "file",
    "files",
    "flag",
    "hundredths",
    "ids",
    "many",
    "number",
    "part",
    "pattern",
    "read",
    "row_id",
    "text",
]
