"""The acts of supervision on records of its own: exports and accountability; it never acts on an application."""

from app.supervision import accountability, exports

__all__ = ["accountability", "exports"]
