"""Time limits in words: how much is left, since when it is late."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.law.clock import ZONE, is_late
from app.law.workdays import Calendar, workdays_between


def left(due_at: datetime, now: datetime, calendar: Calendar) -> str:
    """What is left of a limit, in working days."""
    due, today = due_at.astimezone(ZONE), now.astimezone(ZONE).date()
    if is_late(now, due_at):
        days = workdays_between(due.date(), today, calendar)
        if not days:
            return _("late since %(time)s", time=due.strftime("%H:%M"))
        return ngettext("%(num)s working day late", "%(num)s working days late", days)
    if due.date() == today:
        return _("due today, %(time)s", time=due.strftime("%H:%M"))
    days = workdays_between(today, due.date(), calendar)
    return ngettext("%(num)s working day left", "%(num)s working days left", days)
