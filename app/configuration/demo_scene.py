"""One step of a demo story, with what is on record by then."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.configuration import demo_scans
from app.configuration.seed_files import Row
from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.models.application import Application, ApplicationMaterial


@dataclass
class Scene:
    """One step of a story: who acts, when, and what is recorded of the application by then, if anything."""

    session: Session
    story: Row
    actor: Actor
    at: datetime
    given: Row
    dossier: Dossier | None

    @property
    def papers(self) -> Dossier:
        """The dossier; every act but the first has one."""
        assert self.dossier is not None
        return self.dossier

    @property
    def application(self) -> Application:
        """The application acted on."""
        return self.papers.application

    def material_at(self, position: int) -> ApplicationMaterial:
        """The material with this number in the list."""
        return next(m for m in self.application.materials if m.position == position)

    def by_material(self, line: Row) -> Row:
        """A line that names a material by its `position`, as the act takes it."""
        rest = {name: value for name, value in line.items() if name != "position"}
        return {"material_id": self.material_at(line["position"]).id, **rest}

    def scan(self, title: str) -> int:
        """A made-up scan, uploaded by whoever acts."""
        return demo_scans.upload(self.session, self.actor, title)
