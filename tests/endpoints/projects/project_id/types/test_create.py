"""Adding a type to the list of a project."""

from tests.clients import Person
from tests.endpoints.projects.traces import audited, last_audited, refused


async def test_a_type_is_added_once_and_told(owner: Person, project: str) -> None:
    mark = await last_audited()
    answer = await owner.client.post(f"{project}types/create/", json={"name": "Stale data"})
    assert (answer.status_code, answer.json()) == (201, {"name": "Stale data", "url": f"{project}types/"})
    [entry] = await audited(mark)
    assert (entry["action"], entry["after"]) == ("type:add", {"name": "Stale data"})
    for again in ("STALE data", "Wrong patient"):
        refused(await owner.client.post(f"{project}types/create/", json={"name": again}), 409)
    for wrong in ("", "Two\nlines", "a\0", "x" * 201, None):
        refused(await owner.client.post(f"{project}types/create/", json={"name": wrong}))
