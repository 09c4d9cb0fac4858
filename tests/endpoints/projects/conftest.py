"""People in every role of a project, and a project that everyone may see."""

from collections.abc import Awaitable, Callable

import pytest

from models.enumerations import Role
from tests.clients import Person, SignUp

Join = Callable[[Role], Awaitable[Person]]


@pytest.fixture
async def join(owner: Person, project: str, sign_up: SignUp) -> Join:
    """New members of the project, each in the role that is asked for."""

    async def make(role: Role) -> Person:
        person = await sign_up("second" if role is Role.OWNER else role.value)
        body = {"email_address": person.email_address, "role": role}
        answer = await owner.client.post(f"{project}members/create/", json=body)
        assert answer.status_code == 201, answer.text
        return person

    return make


@pytest.fixture
async def public_project(owner: Person) -> str:
    """The URL of a project of the owner that everyone may see."""
    answer = await owner.client.post("/projects/create/", json={"name": "Public round", "visibility": "public"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])
