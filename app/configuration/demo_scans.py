"""The page that stands for every scan of the demo, and the picture that stands for every signature.

They lie ready in `seed/demo/`: a process that once drew one would leave its workers, forked off it, unable to draw.
"""

from sqlalchemy.orm import Session

from app.configuration.seed_files import SEED
from app.engine import files
from app.engine.actors import Actor


def upload(session: Session, actor: Actor, title: str) -> int:
    """Upload the scan under this title, as the actor; answers the id of the file."""
    return files.store(session, actor, f"{title}.pdf", (SEED / "demo" / "scan.pdf").read_bytes()).id


def upload_signature(session: Session, actor: Actor, signer: str) -> int:
    """Upload the signature under the signer's name, as the actor; answers the id of the file."""
    return files.store(session, actor, f"{signer}.png", (SEED / "demo" / "signature.png").read_bytes()).id
