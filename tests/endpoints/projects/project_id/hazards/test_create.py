"""Recording a hazard: what is stored, which level follows, which number it gets, and what is refused."""

import asyncio
from typing import Any

import httpx

from models.enumerations import Likelihood, Role, Severity
from models.risk.risk_matrix import MATRICES, OFFICIAL
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored

WHOLE: dict[str, Any] = {
    "name": "Wrong patient selected",
    "description": "First line\nSecond line",
    "effect": "Treatment of another patient",
    "harm": "Delay\n\nOverdose",
    "causes": ["Two patients of one name", "An old list\nthat nobody refreshed", "A slip of the hand"],
    "existing_controls": ["Date of birth\nbeside each name", "A photograph", "A photograph"],
    "types": ["WrongPatient", "Alarm fatigue"],
    "condition": "normal",
    "owner": "Ward manager",
    "severity": "major",
    "likelihood": "medium",
    "severity_justification": "One patient may die",
    "likelihood_justification": "Seen twice a year",
}
FIELDS = {
    "id", "number", "reference", "name", "description", "effect", "harm", "causes", "controls", "types", "condition",
    "status", "owner", "initial", "residual", "version", "created_date", "updated_date", "url",
}  # fmt: skip
RATING = {
    "severity", "likelihood", "level", "severity_justification", "likelihood_justification",
    "assessed_by", "assessed_date",
}  # fmt: skip


async def create(person: Person, project: str, **body: Any) -> httpx.Response:
    return await person.client.post(f"{project}hazards/create/", json=body)


async def test_everything_given_is_kept(owner: Person, project: str) -> None:
    answer = await create(owner, project, **WHOLE)
    created = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == created["url"] == f"{project}hazards/{created['id']}/"
    shown = (await owner.client.get(created["url"])).json()
    # What is new to who looks is told on the page alone.
    assert {name: shown[name] for name in created if name != "unread_comments"} == {
        name: value for name, value in created.items() if name != "unread_comments"
    }
    assert FIELDS <= shown.keys()
    same = ("name", "description", "effect", "harm", "causes", "condition", "owner")
    assert {name: shown[name] for name in same} == {name: WHOLE[name] for name in same}
    assert shown["types"] == ["Alarm fatigue", "Wrong patient"]
    assert (shown["number"], shown["reference"], shown["status"], shown["version"]) == (1, "HAZ-001", "open", 1)
    assert shown["created_date"] == shown["updated_date"]


async def test_controls_are_records_in_the_order_given(owner: Person, project: str) -> None:
    controls = (await create(owner, project, **WHOLE)).json()["controls"]
    assert [control["description"] for control in controls] == WHOLE["existing_controls"]
    assert len({control["id"] for control in controls}) == 3
    # What exists already is in place (glossary of DCB0129: a retained control counts in the initial risk).
    assert {(control["stage"], control["state"]) for control in controls} == {("existing", "implemented")}


async def test_the_initial_rating_has_its_words_and_its_author(owner: Person, project: str) -> None:
    created = (await create(owner, project, **WHOLE)).json()
    initial = created["initial"]
    assert RATING <= initial.keys()
    same = ("severity", "likelihood", "severity_justification", "likelihood_justification")
    assert {name: initial[name] for name in same} == {name: WHOLE[name] for name in same}
    assert (initial["level"], initial["assessed_by"]) == (3, "Owner Example")
    assert (initial["recorded_level"], created["residual"]) == (None, None)


async def test_only_the_name_is_required(owner: Person, project: str) -> None:
    created = (await create(owner, project, name="A name alone")).json()
    empty = {"description": "", "effect": "", "harm": "", "owner": "", "causes": [], "controls": [], "types": []}
    assert {name: created[name] for name in empty} == empty
    assert (created["initial"], created["residual"], created["condition"]) == (None, None, None)


async def test_the_level_of_every_combination_is_the_matrix(owner: Person, project: str) -> None:
    level = MATRICES[OFFICIAL].level
    for severity in Severity:
        for likelihood in Likelihood:
            created = await create(owner, project, name="Rated", severity=severity, likelihood=likelihood)
            assert created.json()["initial"]["level"] == level(severity, likelihood), (severity, likelihood)


REFUSED: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"name": " "}, ["name"]),
    ({"name": "x" * 301}, ["name"]),
    ({"name": "Two\nlines"}, ["name"]),
    ({"description": "a\0b"}, ["description"]),
    ({"description": "x" * 65_537}, ["description"]),
    ({"causes": "Not a list"}, ["causes"]),
    ({"causes": ["Good", "  "]}, ["causes.1"]),
    ({"causes": ["x"] * 501}, ["causes"]),
    ({"existing_controls": [None]}, ["existing_controls.0"]),
    ({"causes": ["A", "b", " a"], "harms": ["B", "b"]}, ["causes.2"]),
    ({"harms": ["B", "b"]}, ["harms.1"]),
    ({"types": ["x" * 201]}, ["types.0"]),
    ({"types": ["Allergy", "Of another list"]}, ["types.1"]),
    ({"source": "guess"}, ["source"]),
    ({"owner_id": "00000000-0000-7000-8000-000000000000"}, ["owner_id"]),
    ({"review_date": "31 March"}, ["review_date"]),
    ({"condition": "odd"}, ["condition"]),
    ({"severity": "terrible"}, ["severity"]),
    ({"likelihood": "very low"}, ["likelihood"]),
    ({"severity": 5}, ["severity"]),
    ({"severity": None}, ["severity"]),
    ({"likelihood": None}, ["likelihood"]),
    # Words about a rating that is not there would be lost.
    ({"severity": None, "likelihood": None}, ["severity", "likelihood"]),
    ({"level": 1}, ["level"]),
    ({"status": "closed"}, ["status"]),
    ({"number": 7}, ["number"]),
    ({"additional_controls": ["Later"]}, ["additional_controls"]),
)


async def test_what_cannot_be_is_refused(owner: Person, project: str) -> None:
    before = await stored()
    for change, fields in REFUSED:
        assert refused(await create(owner, project, **{**WHOLE, **change})) == fields, change
    assert await stored() == before


async def test_half_a_rating_says_what_is_missing(owner: Person, project: str) -> None:
    answer = await create(owner, project, name="Half", severity="major")
    assert answer.json()["errors"] == [{"field": "likelihood", "message": "Select the likelihood"}]


async def test_long_texts_are_kept(owner: Person, project: str) -> None:
    text = "\N{PILL} line\n" * 9_000 + "end"
    assert (await create(owner, project, name="Long", description=text)).json()["description"] == text


async def test_numbers_follow_each_other_in_each_project(owner: Person, project: str, public_project: str) -> None:
    numbers = [
        (await create(owner, where, name="Next")).json()["number"] for where in (project, project, public_project)
    ]
    assert numbers == [1, 2, 1]


async def test_a_refused_hazard_uses_up_no_number(owner: Person, project: str) -> None:
    refused(await create(owner, project, name=""))
    async with broken_trail():
        refused(await create(owner, project, name="Lost"), 500)
    assert (await create(owner, project, name="First")).json()["number"] == 1


async def test_twenty_at_once_get_twenty_numbers(owner: Person, project: str) -> None:
    answers = await asyncio.gather(*(create(owner, project, name=f"Hazard {turn}") for turn in range(20)))
    assert [answer.status_code for answer in answers] == [201] * 20
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 21))


async def test_one_entry_tells_the_first_version(owner: Person, project: str) -> None:
    mark = await last_audited()
    created = (await create(owner, project, **WHOLE)).json()
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity"], entry["entity_version"]) == ("hazard:create", "hazard", 1)
    assert (entry["entity_id"], entry["project_id"]) == (key_of(created["url"]), key_of(project))
    assert (entry["user_id"], entry["before"]) == (owner.id, None)
    after = entry["after"]
    assert after["number"] == 1
    assert {name: after[name] for name in ("name", "owner")} == {name: WHOLE[name] for name in ("name", "owner")}
    assert [told["description"] for told in after["causes"]] == WHOLE["causes"]
    assert after["initial"] == {
        "severity": "major",
        "likelihood": "medium",
        "level": 3,
        "severity_justification": "One patient may die",
        "likelihood_justification": "Seen twice a year",
    }


async def test_without_its_entry_nothing_is_stored(owner: Person, project: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await create(owner, project, **WHOLE), 500)
    assert await stored() == before


async def test_the_assessor_is_who_wrote_it(join: Join, project: str) -> None:
    created = (await create(await join(Role.CONTRIBUTOR), project, **WHOLE)).json()
    assert created["initial"]["assessed_by"] == "Contributor Example"


async def test_the_choices_are_told(owner: Person, project: str) -> None:
    choices = (await owner.client.get(f"{project}hazards/create/")).json()
    assert choices["severities"] == [severity.value for severity in Severity]
    assert choices["likelihoods"] == [likelihood.value for likelihood in Likelihood]
    assert choices["conditions"] == ["normal", "fault"]


async def test_the_severity_is_found_in_the_form_and_nothing_typed_is_lost(owner: Person, project: str) -> None:
    here = f"{project}hazards/create/"
    typed = {"description": "Two\nlines", "severity": "minor", "likelihood": "low", "harm": "Death"}
    told = {"harm-asked": "death", "patients-asked": "several"}
    page = (await owner.client.get(here, params={**typed, **told, "find-asked": "true"}, headers=PAGE)).text
    assert "<strong>Catastrophic severity:</strong> death, several patients." in page
    for kept in ("Two\nlines</textarea>", '<option value="catastrophic" selected', '<option value="low" selected'):
        assert kept in page
    assert ">Death, several patients.</textarea>" in page
    mine = {**typed, **told, "find-asked": "true", "severity_justification": "Mine"}
    assert ">Mine</textarea>" in (await owner.client.get(here, params=mine, headers=PAGE)).text
    unasked = (await owner.client.get(here, params={"name": "Dose", **typed, **told}, headers=PAGE)).text
    assert '<option value="minor" selected' in unasked
    half = {"harm-asked": "minor_injury", "patients-asked": "one", "find-asked": "true"}
    assert "Say what could happen" in (await owner.client.get(here, params=half, headers=PAGE)).text
    assert (await owner.client.get(here, params=half)).json()["category"] is None


async def test_what_only_asked_for_a_severity_is_no_part_of_the_hazard(owner: Person, project: str) -> None:
    sent = {"name": "Wrong dose", "harm": "Bleeding", "harm-asked": "death", "patients-asked": "one"}
    answer = await owner.client.post(f"{project}hazards/create/", data=sent, headers=PAGE)
    assert answer.status_code == 303
    made = (await owner.client.get(answer.headers["location"])).json()
    assert (made["harm"], made["initial"]) == ("Bleeding", None)
    assert refused(await owner.client.post(f"{project}hazards/create/", json=sent)) == ["harm-asked", "patients-asked"]
