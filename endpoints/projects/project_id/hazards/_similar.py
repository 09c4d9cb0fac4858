"""How a hazard that is like another is shown."""

from uuid import UUID

from pydantic import BaseModel

from endpoints._links import Url
from models.enumerations import HazardStatus
from models.hazards import similar_hazards


class Similar(BaseModel):
    """`likeness` goes up to 1."""

    id: UUID
    project_id: UUID
    project: str
    reference: str
    name: str
    status: HazardStatus
    likeness: float
    url: Url


async def similar_to(project_id: UUID, text: str) -> list[Similar]:
    return [Similar.model_validate(found) for found in await similar_hazards.similar(project_id, text)]
