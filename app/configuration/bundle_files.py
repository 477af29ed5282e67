"""A bundle: the configuration of a county as files of text that two people can compare line by line."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.errors import Complaint, Incomplete, TooLarge, Unsupported
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

Files = dict[str, Any]
"""Name of a file -> what it says."""

FORMAT, HEAD = 1, "bundle.json"
MOST_BYTES, MOST_FILES, MOST_UNPACKED, MOST_OF_A_FILE = 20 * 1024 * 1024, 20_000, 64 * 1024 * 1024, 2 * 1024 * 1024
NAME = re.compile(r"[a-z_]{1,30}(/[A-Za-z0-9_.%~-]{1,80})?\.json", re.ASCII)
SAME_DAY = (1980, 1, 1, 0, 0, 0)
"""The same configuration is the same bytes, whenever it is taken out."""

NO_BUNDLE = N_("This is no bundle of a configuration.")
NO_TEXT = N_("This file cannot be read as JSON.")
SHAPE = N_("This has the wrong form.")


@dataclass
class Bringing:
    """A bundle on its way in: by whom, why, and everything that is wrong with it."""

    session: Session
    files: Files
    by: str
    note: str
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, where: str, sentence: str, params: Mapping[str, Any] | None = None) -> None:
        """Say what is wrong in a file."""
        self.complaints.append(Complaint(where, sentence, params or {}))

    def object(self, name: str) -> dict[str, Any] | None:
        """What a file says, where it says names and values; None where it is not in the bundle."""
        if name not in self.files:
            return None
        if isinstance(self.files[name], dict):
            return self.files[name]
        self.complain(name, SHAPE)
        return None


def pack(files: Files) -> bytes:
    """The files in a zip; the same files are the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, SAME_DAY)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            bundle.writestr(info, dump(files[name]))
    return kept.getvalue()


def dump(said: Any) -> str:
    """A file as it is written: sorted, a value a line."""
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def unpack(data: bytes) -> Files:
    """The files of a zip; raises TooLarge, Unsupported, or Incomplete with every file that cannot be read."""
    if len(data) > MOST_BYTES:
        raise TooLarge(N_("A bundle may have at most 20 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            texts = _texts(bundle)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unsupported(NO_BUNDLE) from error
    files: Files = {}
    complaints = []
    for name, text in texts.items():
        try:
            files[name] = json.loads(text)
            dump(files[name]).encode()  # halves of characters can be written down, and are no text
        except (ValueError, RecursionError):
            complaints.append(Complaint(name, NO_TEXT))
    if complaints:
        raise Incomplete(complaints)
    head = files.get(HEAD)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Unsupported(NO_BUNDLE)
    return files


def _texts(bundle: zipfile.ZipFile) -> dict[str, bytes]:
    found = [info for info in bundle.infolist() if not info.is_dir()]
    if len(found) > MOST_FILES:
        raise TooLarge(N_("A bundle has at most %(most)s files."), most=MOST_FILES)
    texts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for info in found:
        known = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if not known or not NAME.fullmatch(info.filename) or info.filename in texts:
            raise Unsupported(NO_BUNDLE)
        with bundle.open(info) as part:
            texts[info.filename] = part.read(MOST_OF_A_FILE + 1)
        left -= len(texts[info.filename])
        if len(texts[info.filename]) > MOST_OF_A_FILE or left < 0:
            raise TooLarge(N_("The bundle unpacks to far more than it should hold; it is not opened."))
    return texts
