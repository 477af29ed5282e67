"""Acts of the room: questions on their four tiers, and help; the bodies stand beside."""

from app.engine.object_acts import subject
from app.models.consultation import Consultation, HelpService
from app.stages.consultation import answering, asking, helping

__all__ = ["answering", "asking", "helping"]

subject("consultation", Consultation)
subject("help_service", HelpService)
