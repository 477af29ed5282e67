"""The acts of management, each in its module: this names them all."""

from app.management import escalating, learning, leaving, meeting, recusal, substituting

__all__ = ["escalating", "learning", "leaving", "meeting", "recusal", "substituting"]
