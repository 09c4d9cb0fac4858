"""Hazards as acceptance and status need them."""

import pytest

from tests.clients import Person
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions


@pytest.fixture
async def mild(owner: Person, project: str) -> str:
    """The URL of a hazard whose risk is acceptable as it is, so that it can be closed."""
    return await decisions.add(owner, project, "minor", "low")


@pytest.fixture
async def theirs(owner: Person, mild: str) -> str:
    """The URL of a hazard that can be transferred."""
    await decisions.leave_to_deployer(owner, mild)
    return mild
