"""The days of a hearing (行政许可法47, 48), in working days (82)."""

DAYS_TO_ASK = 5
"""After the right was told."""
DAYS_TO_HOLD = 20
"""After somebody asked for it."""
DAYS_OF_NOTICE = 7
"""Between the announcement and the hearing."""

_RECORD = "；听证笔录（"


def with_record(basis: str, number: str) -> str:
    """The basis of a decision with the record of the hearing it rests on (行政许可法 48(2))."""
    return f"{basis}{_RECORD}{number}）"


def without_record(basis: str) -> str:
    """The basis as whoever decided wrote it."""
    return basis.partition(_RECORD)[0]
