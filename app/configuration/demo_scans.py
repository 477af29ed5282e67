"""Made-up scans for the demo: each says what it stands for and that it is no real paper."""

from functools import cache
from importlib.resources import files as resources

import typst
from sqlalchemy.orm import Session

from app.configuration.seed_files import SEED
from app.engine import files
from app.engine.actors import Actor

TEMPLATE = SEED / "demo" / "scan.typ"


def upload(session: Session, actor: Actor, title: str, text: str) -> int:
    """Upload a page as the actor; answers the id of the file."""
    return files.store(session, actor, f"{title}.pdf", _draw("pdf", "page", title, text)).id


def upload_signature(session: Session, actor: Actor, signer: str) -> int:
    """Upload a signature as the actor; answers the id of the file."""
    return files.store(session, actor, "签名.png", _draw("png", "signature", signer, "（演示签名）")).id


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resources("pylopdf_fonts_zh_cn"))]
    )
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts)


def _draw(form: str, kind: str, title: str, text: str) -> bytes:
    inputs = {"kind": kind, "title": title, "text": text}
    return _compiler().compile(input=str(TEMPLATE), format=form, ppi=96, sys_inputs=inputs, timestamp=0)
