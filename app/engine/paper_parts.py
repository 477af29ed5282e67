"""The parts the facts of papers are put together from: who, what, how much, by when."""

from typing import Literal, NotRequired, TypedDict

Form = Literal["original", "copy", "electronic"]
Delivery = Literal["pickup", "ems", "window"]
How = Literal["window", "ems", "online"]
Ground = Literal["no_licence_needed", "wrong_authority", "conditions_not_met", "barred", "duplicate"]


class Centre(TypedDict):
    """The hall or town centre that took the application."""

    name: str
    address: str
    phone: str


class Office(TypedDict):
    """The office (审批室) that decides the item."""

    name: str


class Application(TypedDict):
    """The application as every paper names it; `id_no_masked` is 469***********1239, a public code stands whole."""

    number: str
    short_no: str
    item_name: str
    item_code: str
    licence: bool  # item type 01: otherwise the Licence Law is only followed by analogy
    applicant_name: str
    applicant_name_masked: str
    id_type: str  # in the words of the code set
    id_no_masked: str
    agent_name: NotRequired[str]


class ApplicationInFull(Application):
    """The application on a paper that needs the whole ID number (§9(q): decisions, 否定备案登记表, 送达回证)."""

    id_no: str


class Limit(TypedDict):
    """A promised or statutory limit; amount 0 means done the same day."""

    amount: int
    unit: Literal["working_day", "month", "same_day"]


class Due(TypedDict):
    """A due date; provisional where it runs into a year whose calendar is not published."""

    date: str
    provisional: bool


class NoticeLine(TypedDict):
    """One material of the item's list and how the clerk found it; `requirement` says what to put right."""

    name: str
    required: Literal["required", "conditional"]
    originals: int
    copies: int
    electronic: bool
    issuer: NotRequired[str]
    status: Literal["in_order", "missing", "defective", "copy_differs"]
    requirement: NotRequired[str]


class MaterialLine(TypedDict):
    """One material as judged at the window; `form` is absent where nothing was taken."""

    name: str
    status: Literal["taken", "tolerated", "shared", "not_applicable"]
    form: NotRequired[Form]
    pieces: int
    copy_verified: bool


class DefectLine(TypedDict):
    """One defect to put right, what is wanted, and on which law."""

    name: str
    problem: str
    requirement: str
    basis: str


class ExtraLine(TypedDict):
    """The answer to one of the item's own questions; a tick is true or false, a day as 2026-11-23."""

    label: str
    type: Literal["text", "number", "date", "choice", "flag"]
    value: str


class OwedLine(TypedDict):
    """One tolerated shortage, with what must come, how and by when."""

    name: str
    requirement: str
    how: How
    due: Due


class PieceLine(TypedDict):
    """Papers that change hands."""

    name: str
    form: Form
    pieces: int


class DocumentLine(TypedDict):
    """A document or certificate that is handed over, posted or served."""

    name: str
    number: NotRequired[str]
    copies: int


class CollectLine(TypedDict):
    """A material to collect or compare when the result is handed out."""

    name: str
    requirement: str


class Signed(TypedDict):
    """Who, and when."""

    name: str
    at: str


class Opinion(Signed):
    """Who said what, and when."""

    text: str


class CatalogueEntry(TypedDict):
    """One document in the file; `first_page` counts through the whole file."""

    responsible: str
    number: NotRequired[str]
    title: str
    date: str
    first_page: int
    pages: int
    remark: NotRequired[str]


class Common(TypedDict):
    """What every paper says: whose it is, about what, and who did the act (its time is the document's own)."""

    organisation: str
    centre: Centre
    office: Office
    actor_name: str
    demo: NotRequired[bool]  # prints 演示件 across the sheet


class Masked(Common):
    """A paper on which the ID number is masked."""

    application: Application


class InFull(Common):
    """A paper on which the whole ID number stands."""

    application: ApplicationInFull
