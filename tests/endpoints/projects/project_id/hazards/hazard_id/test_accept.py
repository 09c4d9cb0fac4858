"""Accepting a risk: by whom the standard names, with reasons, of levels that can be accepted, and until it changes."""

import pytest
from fastapi import FastAPI

from models.enumerations import Role
from tests.authentication.proof import long_ago
from tests.clients import PAGE, PASSWORD, Person, SignUp
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.hazards.hazard_id import decisions
from tests.endpoints.projects.project_id.hazards.hazard_id.decisions import ACCEPTANCE, ALARP
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored
from tests.models.accepting import acceptances, set_member, set_user
from tests.tokens import make, program


@pytest.fixture
async def owner(sign_up: SignUp) -> Person:
    """Owner of the project and designated as a Clinical Safety Officer."""
    return await sign_up("owner", is_cso=True)


async def test_a_risk_is_accepted_and_the_hazard_shows_it(owner: Person, mild: str) -> None:
    mark = await last_audited()
    answer = await owner.client.post(f"{mild}accept/", json=ACCEPTANCE)
    accepted = answer.json()
    assert (answer.status_code, answer.headers["location"], accepted["url"]) == (201, mild, mild)
    assert {**ACCEPTANCE, "level": 1, "capacity": "cso", "accepted_by": "Owner Example"}.items() <= accepted.items()
    shown = (await owner.client.get(mild)).json()
    assert shown["version"] == 2
    assert shown["risk"]["acceptance"] == {name: value for name, value in accepted.items() if name != "url"}
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity_id"], entry["user_id"]) == ("hazard:accept", key_of(mild), owner.id)
    assert entry["after"]["acceptance"]["content_hash"] == accepted["content_hash"]


async def test_it_goes_stale_and_says_what_changed(owner: Person, mild: str) -> None:
    await owner.client.post(f"{mild}accept/", json=ACCEPTANCE)
    await decisions.edit(owner, mild, harm="Death <b>", causes=["Haste"], additional_controls=["Photographs"])
    acceptance = (await owner.client.get(mild)).json()["risk"]["acceptance"]
    assert acceptance["stale_date"]
    assert acceptance["changed"] == [
        {"field": "harm", "name": "Harm", "before": [], "after": ["Death <b>"]},
        {"field": "causes", "name": "Causes", "before": [], "after": ["Haste (open)"]},
        {"field": "controls", "name": "Controls", "before": [], "after": ["Additional: Photographs\nState: Proposed"]},
    ]
    for place in (mild, f"{mild}accept/"):
        page = (await owner.client.get(place, headers=PAGE)).text
        assert "Death &lt;b&gt;" in page
        assert "Haste (open)" in page
    await decisions.edit(owner, mild, harm="", causes=[], additional_controls=[])
    acceptance = (await owner.client.get(mild)).json()["risk"]["acceptance"]
    assert (acceptance["stale_date"], acceptance["changed"]) == (None, [])


async def test_what_changed_since_it_was_read_is_not_accepted(owner: Person, mild: str) -> None:
    """Whoever decides has to have seen what they decide on."""
    read = (await owner.client.get(f"{mild}accept/")).json()["content_hash"]
    await decisions.edit(owner, mild, harm="Death")
    typed = {**ACCEPTANCE, "content_hash": read}
    assert refused(await owner.client.post(f"{mild}accept/", json=typed), 409) == ["content_hash"]
    page = (await owner.client.post(f"{mild}accept/", data=typed, headers=PAGE)).text
    assert "The hazard changed while you read it" in page
    assert "Death" in page
    assert "The &lt;benefit&gt;" in page
    assert await acceptances(key_of(mild)) == []
    # A form that is refused for something else still says what was read.
    half = (await owner.client.post(f"{mild}accept/", data={**typed, "judgement": ""}, headers=PAGE)).text
    assert (read in half, read in page) == (True, False)
    now = (await owner.client.get(f"{mild}accept/")).json()["content_hash"]
    accepted = await owner.client.post(f"{mild}accept/", json={**ACCEPTANCE, "content_hash": now})
    assert (accepted.status_code, accepted.json()["content_hash"]) == (201, now)


async def test_the_same_words_once_more_are_told_as_a_change(owner: Person, hazard: str) -> None:
    for path, body in (("alarp/create/", ALARP), ("accept/", ACCEPTANCE), ("alarp/create/", ALARP)):
        assert (await owner.client.post(f"{hazard}{path}", json=body)).status_code == 201
    acceptance = (await owner.client.get(hazard)).json()["risk"]["acceptance"]
    assert acceptance["stale_date"]
    told = f"{ALARP['option']}: {ALARP['impracticality']}\n{ALARP['judgement']}"
    name = "Why less is impractical"
    assert acceptance["changed"] == [{"field": "alarp", "name": name, "before": [], "after": [told]}]


async def test_who_may_not_is_told_who_may(owner: Person, join: Join, mild: str) -> None:
    """DCB0129 2.3: the Clinical Safety Officer."""
    for role in Role:
        member = await join(role)
        page = await member.client.get(f"{mild}accept/", headers=PAGE)
        assert "You cannot accept this risk" in page.text
        assert f'href="{mild}accept/"' not in (await member.client.get(mild, headers=PAGE)).text
        refused(await member.client.post(f"{mild}accept/", json=ACCEPTANCE), 403)
    assert f'href="{mild}accept/"' in (await owner.client.get(mild, headers=PAGE)).text
    await set_user(owner.id, is_cso=False)
    refused(await owner.client.post(f"{mild}accept/", json=ACCEPTANCE), 403)


async def test_for_a_deployer_an_executive_accepts(owner: Person) -> None:
    """DCB0160 2.2.2."""
    body = {"name": "Our wards", "standard": "DCB0160"}
    project = (await owner.client.post("/projects/create/", json=body)).json()["url"]
    hazard = await decisions.add(owner, project, "minor", "low")
    refused(await owner.client.post(f"{hazard}accept/", json=ACCEPTANCE), 403)
    await set_member(key_of(project), is_executive=True)
    accepted = await owner.client.post(f"{hazard}accept/", json=ACCEPTANCE)
    assert accepted.json()["capacity"] == "executive"


async def test_what_cannot_be_accepted_says_why(owner: Person, project: str, hazard: str) -> None:
    grave = await decisions.add(owner, project, "catastrophic", "high")
    claimed = await decisions.add(owner, project, "catastrophic", "high")
    rated = {"stage": "residual", "severity": "minor", "likelihood": "low"}
    assert (await owner.client.post(f"{claimed}assess/", json=rated)).status_code == 201
    for url, field in ((hazard, "alarp"), (grave, "initial"), (claimed, "controls")):
        before = await stored()
        assert refused(await owner.client.post(f"{url}accept/", json=ACCEPTANCE), 409) == [field]
        assert await stored() == before
        assert (await owner.client.get(f"{url}accept/")).json()["hindrance"]["field"] == field
        assert "It cannot be accepted as it is" in (await owner.client.get(f"{url}accept/", headers=PAGE)).text
    form = (await owner.client.get(f"{claimed}accept/")).json()
    assert (form["residual"]["level"], form["to_accept"]["level"]) == (1, 5)
    assert "bear out only level 5" in form["hindrance"]["message"]
    assert "What is claimed is not evidenced" in (await owner.client.get(f"{claimed}accept/", headers=PAGE)).text
    assert (await owner.client.post(f"{hazard}alarp/create/", json=ALARP)).status_code == 201
    assert (await owner.client.post(f"{hazard}accept/", json=ACCEPTANCE)).status_code == 201


async def test_every_reason_is_given(owner: Person, mild: str, public_project: str) -> None:
    before = await stored()
    for name in ACCEPTANCE:
        for value in ("", " \n", None, "\0", "x" * 65_537):
            assert refused(await owner.client.post(f"{mild}accept/", json={**ACCEPTANCE, name: value})) == [name]
    elsewhere = f"{public_project}hazards/{key_of(mild)}/accept/"
    refused(await owner.client.post(elsewhere, json=ACCEPTANCE), 404)
    async with broken_trail():
        refused(await owner.client.post(f"{mild}accept/", json=ACCEPTANCE), 500)
    assert await stored() == before


async def test_a_page_accepts_and_keeps_what_was_typed(owner: Person, mild: str) -> None:
    typed = await owner.client.post(f"{mild}accept/", data={**ACCEPTANCE, "judgement": ""}, headers=PAGE)
    assert typed.status_code == 422
    assert "The &lt;benefit&gt;" in typed.text
    done = await owner.client.post(f"{mild}accept/", data=ACCEPTANCE, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, mild)
    page = (await owner.client.get(mild, headers=PAGE)).text
    assert "The &lt;benefit&gt;" in page
    assert "Accept the risk again" in page
    history = (await owner.client.get(f"{mild}history/", headers=PAGE)).text
    assert "Risk accepted" in history
    assert "Level 1, as Clinical Safety Officer" in history


async def test_accepting_takes_proof_and_keeps_what_was_typed(owner: Person, mild: str) -> None:
    """OWASP ASVS 5.0, 7.5.3: nobody accepts a risk at a screen that somebody else left."""
    await long_ago(owner.id)
    before = await acceptances(key_of(mild))
    answer = await owner.client.post(f"{mild}accept/", json=ACCEPTANCE)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert (await owner.client.get(f"{mild}accept/", headers=PAGE)).status_code == 303
    late = await owner.client.post(f"{mild}accept/", data=ACCEPTANCE, headers=PAGE)
    assert (late.status_code, await acceptances(key_of(mild))) == (303, before)
    place = (await owner.client.get(late.headers["location"])).json()["next"]
    await owner.client.post("/account/confirm/", json={"password": PASSWORD})
    assert "The &lt;benefit&gt;" in (await owner.client.get(place, headers=PAGE)).text
    done = await owner.client.post(f"{mild}accept/", data=ACCEPTANCE, headers=PAGE)
    assert (done.headers["location"], len(await acceptances(key_of(mild)))) == (mild, 1)


async def test_no_program_accepts(app: FastAPI, owner: Person, mild: str) -> None:
    """Whatever its scopes: who accepts answers for it in person. The argument may come from a program."""
    async with program(app, (await make(owner, "read", "write", "members"))["token"]) as client:
        rated = {"stage": "initial", "severity": "considerable", "likelihood": "low"}
        assert (await client.post(f"{mild}assess/", json=rated)).status_code == 201
        assert (await client.post(f"{mild}alarp/create/", json=ALARP)).status_code == 201
        for answer in (await client.get(f"{mild}accept/"), await client.post(f"{mild}accept/", json=ACCEPTANCE)):
            assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE")
    assert await acceptances(key_of(mild)) == []
