"""How ratings, complaints and their work orders are spoken of."""

from app.law import N_

RATING_STATES = {
    "invited": N_("Not rated yet"),
    "rated": N_("Rated"),
    "unrated": N_("Not rated"),
    "contact": N_("To be contacted"),
    "rectify": N_("To be put right"),
    "replied": N_("Reply waits for the supervisor"),
    "appealed": N_("Appeal waits for the supervisor"),
    "closed": N_("Work order closed"),
    "voided": N_("Voided, not counted"),
}
WITHOUT_ORDER = frozenset({"invited", "rated", "unrated"})
COMPLAINT_STATES = {state: label for state, label in RATING_STATES.items() if state not in WITHOUT_ORDER}
TONES = {
    "invited": "grey", "rated": "green", "unrated": "grey", "contact": "red", "rectify": "orange", "replied": "blue",
    "appealed": "orange", "closed": "green", "voided": "grey",
}  # fmt: skip
PUBLIC_STATES = {
    "contact": N_("Taken. We will call you within one working day."),
    "rectify": N_("You were called. It is being looked into."),
    "replied": N_("There is a reply, which the supervisor looks at."),
    "appealed": N_("The supervisor looks into it."),
    "closed": N_("Closed."),
    "voided": N_("Looked into, and not upheld."),
}
