"""Reading an official paper as a sheet, for the page and the API alike."""

from app.engine.paper_facts import PAPERS
from app.engine.rendering import render
from app.errors import NotFound
from app.models.trail import Document


def pdf(document: Document) -> bytes:
    """The sheet of a document as its act fixed it; NotFound for a certificate, which is its scan."""
    if document.kind not in PAPERS:
        raise NotFound
    return render(
        document.kind,
        document.facts,
        document.number,
        document.issued_at,
        token=document.token,
        paragraphs=document.paragraphs,
    )
