"""What the disk must have taken before anybody relies on it."""

import os
from pathlib import Path


def keep_names(folder: Path) -> None:
    """Have the disk remember which names stand in a folder: a rename lasts no longer than the folder knows of it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
