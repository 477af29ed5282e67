"""What is scanned at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.people import Papers

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """A scan, a certificate, a signature."""
    found = {"scan": tmp_path / "申请表.pdf", "certificate": tmp_path / "林木采伐许可证.pdf", "signature": tmp_path / "签名.png"}
    for name, path in found.items():
        path.write_bytes(PNG if name == "signature" else PDF)
    return found
