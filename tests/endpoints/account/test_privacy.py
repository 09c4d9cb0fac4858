"""Privacy: what people chose is obeyed wherever they are shown to others."""

from typing import Any

import httpx
import pytest

from models.users.people import UNNAMED
from tests.authentication import stored
from tests.clients import PAGE, Person, SignUp

HERE = "/account/privacy/"
NAME = "Owner Example"


async def choose(person: Person, **chosen: str) -> None:
    answer = await person.client.post(HERE, json=chosen)
    assert answer.status_code == 204, answer.text


async def test_what_was_chosen_is_kept_and_recorded(owner: Person) -> None:
    assert (await owner.client.get(HERE)).json() == {"name_shown_to": "signed_in", "email_shown_to": "members"}
    await choose(owner, name_shown_to="everyone")
    assert (await owner.client.get(HERE)).json() == {"name_shown_to": "everyone", "email_shown_to": "members"}
    (entry,) = await stored.history("user:privacy")
    assert (entry["before"], entry["after"]) == ({"name_shown_to": "signed_in"}, {"name_shown_to": "everyone"})


async def test_the_form(owner: Person) -> None:
    body = {"name_shown_to": "members", "email_shown_to": "nobody"}
    assert (await owner.client.post(HERE, data=body, headers=PAGE)).status_code == 303
    page = (await owner.client.get(HERE, headers=PAGE)).text
    assert 'value="members" checked' in page
    assert 'value="nobody" checked' in page


@pytest.mark.parametrize("chosen", [{"name_shown_to": "nobody"}, {"email_shown_to": "everyone"}, {"name_shown_to": ""}])
async def test_what_cannot_be_chosen(owner: Person, chosen: dict[str, str]) -> None:
    answer = await owner.client.post(HERE, json=chosen)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == list(chosen)


@pytest.fixture
async def hazard(owner: Person) -> str:
    """A rated hazard in a project that everyone may read."""
    body = {"name": "Ward round", "standard": "DCB0129", "visibility": "public"}
    project = (await owner.client.post("/projects/create/", json=body)).json()["url"]
    rated = {"name": "Wrong patient", "severity": "major", "likelihood": "low"}
    url: str = (await owner.client.post(f"{project}hazards/create/", json=rated)).json()["url"]
    return url


async def named(client: httpx.AsyncClient, hazard: str) -> set[str]:
    """Whoever is named by the hazard, its history and the log, as JSON and on the pages."""
    log = hazard.rpartition("hazards/")[0] + "hazards/"
    answers = {place: (await client.get(place)).json() for place in (hazard, f"{hazard}history/", log)}
    found: list[Any] = [answers[hazard]["initial"]["assessed_by"], answers[log]["data"][0]["initial"]["assessed_by"]]
    found += [version["who"] for version in answers[f"{hazard}history/"]["versions"]]
    for place in (hazard, f"{hazard}history/"):
        page = (await client.get(place, headers=PAGE)).text.partition("<main")[2]
        found += [name for name in (NAME, UNNAMED) if name in page]
    return set(found)


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        ("members", {"member", "owner", "member elsewhere"}),
        ("signed_in", {"member", "owner", "member elsewhere", "stranger", "administrator"}),
        ("everyone", {"member", "owner", "member elsewhere", "stranger", "administrator", "anyone"}),
    ],
)
async def test_a_name_in_a_public_project(  # noqa: PLR0913
    client: httpx.AsyncClient, owner: Person, sign_up: SignUp, hazard: str, audience: str, seen: set[str]
) -> None:
    names = ("member", "elsewhere", "stranger")
    member, elsewhere, stranger = [await sign_up(name) for name in names]
    administrator = await sign_up("boss", is_administrator=True)
    other = (await owner.client.post("/projects/create/", json={"name": "Other"})).json()["url"]
    for project, person in ((hazard.rpartition("hazards/")[0], member), (other, elsewhere)):
        body = {"email_address": person.email_address, "role": "viewer"}
        assert (await owner.client.post(f"{project}members/create/", json=body)).status_code == 201
    await choose(owner, name_shown_to=audience)
    readers = {
        "anyone": client,
        "stranger": stranger.client,
        "administrator": administrator.client,
        "member": member.client,
        "member elsewhere": elsewhere.client,
        "owner": owner.client,
    }
    for reader, who in readers.items():
        assert await named(who, hazard) == {NAME if reader in seen else UNNAMED}, reader


async def test_members_still_see_who_left(owner: Person, sign_up: SignUp, hazard: str) -> None:
    """Who wrote in a record signs for it."""
    heir = await sign_up("heir")
    members = hazard.rpartition("hazards/")[0] + "members/"
    await owner.client.post(f"{members}create/", json={"email_address": heir.email_address, "role": "owner"})
    await choose(owner, name_shown_to="members")
    mine = next(one for one in (await heir.client.get(members)).json()["data"] if one["user_id"] == str(owner.id))
    assert (await heir.client.post(f"{members}{mine['id']}/remove/")).status_code == 204
    assert await named(heir.client, hazard) == {NAME}


@pytest.mark.parametrize(("audience", "seen"), [("nobody", False), ("members", True), ("signed_in", True)])
async def test_an_address_among_members(
    owner: Person,
    stranger: Person,
    project: str,
    audience: str,
    seen: bool,
) -> None:
    body = {"email_address": stranger.email_address, "role": "viewer"}
    await owner.client.post(f"{project}members/create/", json=body)
    await choose(owner, email_shown_to=audience)
    found = {
        one["user_id"]: one["email_address"] for one in (await stranger.client.get(f"{project}members/")).json()["data"]
    }
    assert found == {str(owner.id): owner.email_address if seen else None, str(stranger.id): stranger.email_address}
    page = (await stranger.client.get(f"{project}members/", headers=PAGE)).text
    assert (owner.email_address in page) is seen
    assert ("Not shown" in page) is not seen
    assert (await owner.client.get(f"{project}members/")).json()["data"][1]["email_address"] == stranger.email_address
