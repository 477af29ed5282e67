"""The days of a hearing (行政许可法47, 48), in working days (82)."""

DAYS_TO_ASK = 5
"""After the right was told."""
DAYS_TO_HOLD = 20
"""After somebody asked for it."""
DAYS_OF_NOTICE = 7
"""Between the announcement and the hearing."""
