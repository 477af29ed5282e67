"""The keys of one installation: data keys and an index key, kept wrapped by a master key.

Rotation makes a new master key and wraps the same data keys again; no row is rewritten.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

if TYPE_CHECKING:
    from pathlib import Path

MASTER = "master_key"
WRAPPED = "data_keys.json"
KEY_BYTES = 32


class KeysUnreadable(Exception):  # noqa: N818  # says what is wrong with the keys
    """The keys are missing, or no master key opens them; the message is one sentence."""


@dataclass(frozen=True)
class Keyring:
    """Opened keys: `current` names the data key that new values are encrypted with."""

    current: str
    data: dict[str, bytes]
    index: bytes


def make_keys(folder: Path) -> None:
    """Make the keys a new installation lacks, readable by their owner alone; none is ever replaced."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _create(folder / MASTER, secrets.token_hex(KEY_BYTES))
    master = _masters(folder)[-1]
    ring = Keyring("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))
    _create(folder / WRAPPED, _wrap(ring, master))


def read_keys(folder: Path) -> Keyring:
    """Open the keys in `folder`; raises KeysUnreadable."""
    try:
        masters = _masters(folder)
        wrapped = json.loads((folder / WRAPPED).read_text())
    except FileNotFoundError as missing:
        raise KeysUnreadable(f"The key file {missing.filename} is missing.") from None
    for master in masters:
        try:
            return _unwrap(wrapped, master)
        except InvalidUnwrap:
            continue
    raise KeysUnreadable(f"No master key in {folder} opens {WRAPPED}.")


def rotate_master(folder: Path) -> None:
    """Wrap the same data keys by a new master key; a crash in between leaves keys that can still be read."""
    ring = read_keys(folder)
    old = (folder / MASTER).read_text().split()
    new = secrets.token_hex(KEY_BYTES)
    _replace(folder / MASTER, "\n".join([*old, new]))
    _replace(folder / WRAPPED, _wrap(ring, bytes.fromhex(new)))
    _replace(folder / MASTER, new)


def add_data_key(folder: Path) -> None:
    """Encrypt new values by a new data key from the next start on; the old ones stay readable."""
    ring = read_keys(folder)
    name = f"k{len(ring.data) + 1}"
    grown = Keyring(name, {**ring.data, name: secrets.token_bytes(KEY_BYTES)}, ring.index)
    _replace(folder / WRAPPED, _wrap(grown, _masters(folder)[-1]))


def _masters(folder: Path) -> list[bytes]:
    return [bytes.fromhex(line) for line in (folder / MASTER).read_text().split()]


def _wrap(ring: Keyring, master: bytes) -> str:
    def wrap(key: bytes) -> str:
        return base64.b64encode(aes_key_wrap(master, key)).decode()

    data = {name: wrap(key) for name, key in ring.data.items()}
    return json.dumps({"current": ring.current, "data": data, "index": wrap(ring.index)}, indent=1)


def _unwrap(wrapped: dict[str, object], master: bytes) -> Keyring:
    def unwrap(key: object) -> bytes:
        return aes_key_unwrap(master, base64.b64decode(str(key)))

    data = wrapped["data"]
    assert isinstance(data, dict)
    return Keyring(str(wrapped["current"]), {name: unwrap(key) for name, key in data.items()}, unwrap(wrapped["index"]))


def _create(path: Path, content: str) -> None:
    """Put a whole file in place, unless another process was faster."""
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(path: Path, content: str) -> None:
    _draft(path, content).replace(path)


def _draft(path: Path, content: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
