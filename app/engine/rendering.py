"""Reading a document as a sheet of paper: the same facts give the same bytes, on any machine, at any time."""

import io
import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import segno
import typst

from app.law.clock import ZONE

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "papers"
# Control and invisible formatting characters: no font draws them, and a reversed text could say what nobody wrote.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)
UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
PREVIEW_PPI = 110
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

_one_at_a_time = threading.Lock()  # the compiler refuses a second thread


@cache
def _compiler() -> typst.Compiler:
    """The kept compiler; only the pinned fonts, never those of the machine."""
    fonts = [str(files(package)) for package in ("pylopdf_fonts_zh_cn", "noto_cjk_sans_otc")]
    library = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=fonts)
    return typst.Compiler(root=str(TEMPLATES), font_paths=library)


def render(
    kind: str, facts: Mapping[str, Any], number: str, at: datetime, *, token: str, paragraphs: Mapping[str, str]
) -> bytes:
    """The PDF/A-2b sheet of a document: its facts, its number, the time of its act and the opaque token in its QR.

    `at` is aware; `paragraphs` are those `wording.resolve` gave at the act. A character no font has makes a plain PDF
    that shows an empty box and names the character on the sheet, to be written in by hand: never a dead end.
    """
    document = _document(facts, paragraphs, number, at, token)
    try:
        return cast("bytes", _compile(kind, document, at, pdf_standards=["a-2b"]))
    except typst.TypstError as error:
        missing = _undrawn(error)
        if not missing:
            raise
    return cast("bytes", _compile(kind, document | {"missing": missing}, at))


def pictures(
    kind: str, facts: Mapping[str, Any], number: str, at: datetime, *, token: str, paragraphs: Mapping[str, str]
) -> list[bytes]:
    """The sheets of a document as PNG pictures, to look at before anything is issued."""
    document = _document(facts, paragraphs, number, at, token)
    found = _compile(kind, document, at, format="png", ppi=PREVIEW_PPI)
    return [found] if isinstance(found, bytes) else list(found)


def _document(
    facts: Mapping[str, Any], paragraphs: Mapping[str, str], number: str, at: datetime, token: str
) -> dict[str, Any]:
    return {
        "facts": _printable(facts),
        "paragraphs": _printable(paragraphs),
        "number": number,
        "at": at.astimezone(ZONE).isoformat(),
        "qr": _qr(token) if token else "",
        "payment_qr": _qr(facts["payment_code"]) if "payment_code" in facts else "",
        "missing": [],
    }


def _compile(kind: str, document: Mapping[str, Any], at: datetime, **options: Any) -> bytes | list[bytes]:
    """One run of the compiler; everything variable goes in as data, never as source."""
    with _one_at_a_time:
        found = _compiler().compile(
            input=str(TEMPLATES / f"{kind}.typ"),
            sys_inputs={"doc": json.dumps(document, ensure_ascii=False)},
            timestamp=int(at.timestamp()),
            **{"format": "pdf", **options},
        )
    return cast("bytes | list[bytes]", found)


def _qr(token: str) -> str:
    """The token as an SVG of black modules."""
    picture = io.BytesIO()
    segno.make(token, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode()


def _printable(value: Any) -> Any:
    """The same facts with line ends made one and what cannot be seen taken out."""
    if isinstance(value, str):
        return INVISIBLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _undrawn(error: typst.TypstError) -> list[str]:
    """The characters the archival compiler refused, as U+ code points, each once."""
    pieces = (ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in UNDRAWN.findall(error.diagnostic))
    return sorted({f"U+{ord(character):04X}" for piece in pieces for character in piece})
