"""Who does not want their draft throws it away, and is back on the page."""

from tests.clients import PAGE, Person

CREATE = "/projects/create/"


async def test_it_is_not_offered_again(owner: Person) -> None:
    await owner.client.post("/account/drafts/", json={"path": CREATE, "form": "name=A"})
    answer = await owner.client.post("/account/drafts/discard/", data={"path": CREATE}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, CREATE)
    assert "Use it" not in (await owner.client.get(CREATE, headers=PAGE)).text
    assert (await owner.client.post("/account/drafts/discard/", json={"path": CREATE})).status_code == 204


async def test_it_leads_nowhere_else(owner: Person) -> None:
    data = {"path": "//evil.example/"}
    answer = await owner.client.post("/account/drafts/discard/", data=data, headers=PAGE)
    assert answer.headers["location"] == "/projects/"
