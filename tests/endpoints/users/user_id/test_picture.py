"""A picture is shown to those to whom its person shows their name, as a picture and nothing else."""

import httpx
import pytest

from models.storage.columns import new_id
from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp
from tests.drawn import a_picture, drawn, saved


@pytest.fixture
async def place(owner: Person) -> str:
    """Where the owner's picture is."""
    await owner.client.post("/account/picture/", files={"file": ("me.png", a_picture())})
    return f"/users/{owner.id}/picture/"


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        ("members", {"owner", "member"}),
        ("signed_in", {"owner", "member", "stranger", "administrator"}),
        ("everyone", {"owner", "member", "stranger", "administrator", "anyone"}),
    ],
)
async def test_each_audience(  # noqa: PLR0913
    client: httpx.AsyncClient, owner: Person, sign_up: SignUp, project: str, place: str, audience: str, seen: set[str]
) -> None:
    member, stranger = await sign_up("member"), await sign_up("stranger")
    administrator = await sign_up("boss", is_administrator=True)
    body = {"email_address": member.email_address, "role": "viewer"}
    await owner.client.post(f"{project}members/create/", json=body)
    await stored.set_user(owner.id, name_shown_to=audience)
    people = {"member": member, "stranger": stranger, "administrator": administrator, "owner": owner}
    clients = {"anyone": client, **{name: person.client for name, person in people.items()}}
    answers = {name: await one.get(place) for name, one in clients.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == seen
    hidden = await client.get(f"/users/{new_id()}/picture/")
    assert all(answer.content == hidden.content for answer in answers.values() if answer.status_code == 404)


async def test_a_session_that_lacks_its_second_factor_sees_what_anybody_does(
    owner: Person, stranger: Person, place: str
) -> None:
    assert (await stranger.client.get(place)).status_code == 200
    for person in (owner, stranger):
        await stored.set_user(person.id, needs_second_factor=True)
        assert (await person.client.get(place)).status_code == 404
    await stored.set_user(owner.id, name_shown_to="everyone")
    assert (await stranger.client.get(place)).status_code == 200


async def test_what_a_browser_is_told_of_it(owner: Person, place: str) -> None:
    answer = await owner.client.get(place, headers={**PAGE, "Accept": "image/avif,image/webp,*/*"})
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == 'inline; filename="picture.jpg"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert (await owner.client.head(place)).headers["etag"] == answer.headers["etag"]


async def test_it_is_sent_once(client: httpx.AsyncClient, owner: Person, place: str) -> None:
    tag = (await owner.client.get(place)).headers["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = await owner.client.get(place, headers={"If-None-Match": asked})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert (await client.get(place, headers={"If-None-Match": asked})).status_code == 404
    await owner.client.post("/account/picture/", files={"file": ("me.png", saved(drawn(20, 20)))})
    assert (await owner.client.get(place, headers={"If-None-Match": tag})).status_code == 200
