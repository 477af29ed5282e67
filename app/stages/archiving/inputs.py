"""What goes into the archive file."""

from app.engine.inputs import Input, choice, flag, many, number, row_id, text
from app.law import N_


class SheetInput(Input):
    """One sheet: a document of the application, or a material taken in."""

    document_id = row_id(N_("Document"), required=False)
    material_id = row_id(N_("Material"), required=False)
    pages = number(N_("Number of pages"), 1, 999)


class ArchiveInput(Input):
    """The file as the clerk lists it (第十五条（九）)."""

    medium = choice(
        N_("Medium"), {"paper": N_("Paper"), "electronic": N_("Electronic"), "both": N_("Paper and electronic")}
    )
    retention_id = row_id(N_("Retention"))
    pages = many(N_("Sheets"), SheetInput, least=1)
    location = text(N_("Location"), 0, 100, required=False)


class ReturnArchiveInput(Input):
    """Why the listed file goes back."""

    reason = text(N_("Reason"), 5, 300)


class ConfirmArchiveInput(Input):
    """The assistant checked it."""

    checked = flag(N_("I have checked every sheet"), required=True)
    note = text(N_("Note"), 0, 300, required=False)
