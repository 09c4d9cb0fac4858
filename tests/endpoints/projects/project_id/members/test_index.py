"""The list of members: with the picture of who has one."""

from tests.clients import PAGE, Person
from tests.drawn import a_picture


async def test_a_picture_is_shown_where_there_is_one(owner: Person, stranger: Person, project: str) -> None:
    body = {"email_address": stranger.email_address, "role": "viewer"}
    await owner.client.post(f"{project}members/create/", json=body)
    await owner.client.post("/account/picture/", files={"file": ("me.png", a_picture())})
    found = (await stranger.client.get(f"{project}members/")).json()["data"]
    assert [one["picture"] for one in found] == [f"/users/{owner.id}/picture/", None]
    assert (await stranger.client.get(found[0]["picture"])).status_code == 200
    page = (await stranger.client.get(f"{project}members/", headers=PAGE)).text
    assert page.count('class="app-avatar"') == 1
