"""A picture that is taken away is gone."""

from tests.authentication import stored
from tests.clients import PAGE, Person
from tests.drawn import a_picture


async def test_it_is_gone(owner: Person) -> None:
    await owner.client.post("/account/picture/", files={"file": ("me.png", a_picture())})
    done = await owner.client.post("/account/picture/remove/", headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/account/picture/?after=no_picture")
    assert (await owner.client.get(f"/users/{owner.id}/picture/")).status_code == 404
    assert (await owner.client.post("/account/picture/remove/")).status_code == 409
    assert len(await stored.history("user:remove_picture")) == 1
