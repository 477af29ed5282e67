"""Asking other offices: by whoever examines, and by the system where a theme says who takes part (req. 76, 77)."""

from app.engine.code_sets import word
from app.engine.paper_common import masked_name
from app.engine.turn import Turn
from app.law.clock import Clock, Limit
from app.models.examination import Opinion
from app.models.organisation import Office

DAYS_OF_A_THEME = 3
"""Working days the other offices of one thing have."""


def ask(t: Turn, office: Office, question: str, due_days: int) -> Opinion:
    """The question to one office, with its clock; of the application it is told what a desk shows, the name masked."""
    a = t.application
    opinion = Opinion(
        application_id=a.id,
        office_id=office.id,
        asking_office_id=a.office_id,
        question=question,
        due_days=due_days,
        shown={
            "number": a.short_no,
            "item": t.dossier.item["name"],
            "centre": a.centre.name,
            "applicant": masked_name(a),
        },
        state="asked",
        asked_at=t.now,
        created_by=t.by,
    )
    t.session.add(opinion)
    t.timing.starts.append((Clock.OPINION, Limit(due_days), opinion))
    t.tell(unit=office.unit)
    return opinion


def ask_the_theme(t: Turn) -> None:
    """Of one thing every other office that takes part is asked at once; nobody of the group is decided before."""
    theme = t.application.theme
    if theme is None:
        return
    question = word("one_thing", "question").format(theme=theme.name, item=t.dossier.item["name"])
    offices = {item.office_id: item.office for item in theme.items if item.office_id != t.application.office_id}
    for office in offices.values():
        ask(t, office, question, DAYS_OF_A_THEME)
    t.payload["offices"] = [{"id": office.id, "name": office.name} for office in offices.values()]
