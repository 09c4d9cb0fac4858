"""The latest changes of a hazard, for its page."""

from uuid import UUID

from endpoints.projects.project_id._event import Event, events
from endpoints.projects.project_id.hazards._hazard import Hazard
from models.audit import history
from models.users.people import Viewer

SHOWN = 5


async def latest(project_id: UUID, hazard: Hazard, viewer: Viewer) -> list[Event]:
    """Also of its controls, which have versions of their own: three statements."""
    keys = [hazard.id, *(control.id for control in hazard.controls)]
    return await events(project_id, await history.timeline(viewer, project_id, SHOWN, keys=keys))
