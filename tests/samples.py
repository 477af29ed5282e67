"""Files as an office gets them: a scan, a photo, a picture, and what only pretends to be one."""

from __future__ import annotations

import io
import zlib

from pypdf import PdfWriter

EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(512)


def pdf(pages: int = 1) -> bytes:
    """A scan of some empty pages."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def png() -> bytes:
    """One grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
