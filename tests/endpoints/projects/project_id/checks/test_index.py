"""The report of the quality checks, as JSON and as a page, and the same findings on the page of a hazard."""

import re

import pytest

from checks.rules import BY_ID, RULES
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import key_of, refused

NUMBER = "943 476 5919"


async def test_the_report_tells_each_finding_with_its_hazard(owner: Person, project: str, hazard: str) -> None:
    await owner.client.post(f"{project}hazards/create/", json={"name": "A second hazard of the log"})
    told = (await owner.client.get(f"{project}checks/?limit=100")).json()
    assert (told["checked"], told["clean"], told["pagination"]["total"]) == (2, 0, len(told["data"]))
    assert [rule["id"] for rule in told["rules"]] == [rule.id for rule in RULES]
    counts = {rule["id"]: rule["hazards"] for rule in told["rules"]}
    assert (counts["HAZ001"], counts["HAZ005"], counts["CTL001"]) == (2, 1, 0)
    assert sum(counts.values()) == sum(told["by_severity"].values()) == told["pagination"]["total"]
    first = told["data"][0]
    assert (first["rule"]["id"], first["rule"]["severity"], first["hazard"]["reference"]) == (
        "HAZ001",
        "error",
        "HAZ-001",
    )
    assert first["hazard"]["url"] == hazard
    assert first["messages"] == ["The hazard has no owner. Edit it and say who sees to it."]
    assert set(first["rule"]) == {"id", "severity", "title", "reason", "clause"}


@pytest.mark.parametrize("query", ["severity=advice", "rule=HAZ007", "severity=advice&rule=HAZ007"])
async def test_a_filter_narrows_the_findings_not_the_counts(
    owner: Person, project: str, hazard: str, query: str
) -> None:
    whole = (await owner.client.get(f"{project}checks/")).json()
    told = (await owner.client.get(f"{project}checks/?{query}")).json()
    assert told["by_severity"] == whole["by_severity"]
    assert told["data"]
    assert {found["rule"]["severity"] for found in told["data"]} == {"advice"}
    if "rule" in query:
        assert {found["rule"]["id"] for found in told["data"]} == {"HAZ007"}


async def test_severity_and_rule_must_both_fit(owner: Person, project: str, hazard: str) -> None:
    assert (await owner.client.get(f"{project}checks/?severity=error&rule=HAZ007")).json()["data"] == []


@pytest.mark.parametrize("query", ["rule=HAZ999", "severity=grave", "page=0", "rule=haz001"])
async def test_what_is_no_rule_or_severity_is_refused(owner: Person, project: str, query: str) -> None:
    assert refused(await owner.client.get(f"{project}checks/?{query}")) == [query.partition("=")[0]]


async def test_the_page_leads_to_each_hazard_and_from_a_rule_to_its_findings(
    owner: Person, project: str, hazard: str
) -> None:
    page = (await owner.client.get(f"{project}checks/", headers=PAGE)).text
    assert f'href="{hazard}"' in page
    assert 'href="?rule=HAZ001"' in page
    assert BY_ID["HAZ001"].title in page
    narrowed = (await owner.client.get(f"{project}checks/?rule=HAZ001", headers=PAGE)).text
    assert "1 finding" in narrowed
    assert "Remove the filter" in narrowed
    assert "This page of the list is empty" in (await owner.client.get(f"{project}checks/?page=99", headers=PAGE)).text
    empty = (await owner.client.get(f"{project}checks/?rule=CTL001", headers=PAGE)).text
    assert "Nothing is found by these rules" in empty
    part = await owner.client.get(
        f"{project}checks/", headers={**PAGE, "HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert part.text.strip().startswith('<section id="results"')


async def test_an_empty_log_has_nothing_to_check(owner: Person, project: str) -> None:
    assert "the hazard log is empty" in (await owner.client.get(f"{project}checks/", headers=PAGE)).text


async def test_a_hazard_tells_its_own_findings(owner: Person, project: str, hazard: str) -> None:
    for text in ("Nurses compare both labels", "The alert shows the name"):
        control = {"description": text, "brings_hazards": False, "brings_hazards_reason": "It only tells"}
        assert (await owner.client.post(f"{hazard}controls/create/", json=control)).status_code == 201
    report = (await owner.client.get(f"{project}checks/?limit=100")).json()["data"]
    shown = (await owner.client.get(hazard)).json()["checks"]
    assert [(found["rule"]["id"], found["message"]) for found in shown] == [
        (found["rule"]["id"], message) for found in report for message in found["messages"]
    ]
    page = (await owner.client.get(hazard, headers=PAGE)).text
    counts = {one: number for one, number in (await owner.client.get(project)).json()["checks"].items() if number}
    assert len(shown) > sum(counts.values())  # a rule has a message for each control
    assert f'href="#checks">Quality checks</a>: {counts["error"]} errors; {counts["warning"]} warnings;' in page
    assert f">{sum(counts.values())} findings. They are questions" in page
    assert 'id="checks"' in page


async def test_a_patient_s_number_is_stored_and_warned_of_without_being_repeated(
    owner: Person, project: str, hazard: str
) -> None:
    edited = await owner.client.post(
        f"{hazard}edit/", data={"version": "1", "effect": f"Patient {NUMBER} waited"}, headers=PAGE
    )
    assert edited.status_code == 303
    page = (await owner.client.get(edited.headers["location"], headers=PAGE)).text
    [warning] = re.findall(r'<p class="app-warning">(.*?)</p>', page)
    assert "looks like an NHS number stands in the effect" in warning
    assert NUMBER not in warning
    assert (await owner.client.get(hazard)).json()["effect"] == f"Patient {NUMBER} waited"


async def test_who_may_read_the_log_may_read_its_checks(
    owner: Person, stranger: Person, project: str, hazard: str, public_project: str
) -> None:
    refused(await stranger.client.get(f"{project}checks/"), 404)
    assert (await stranger.client.get(f"{public_project}checks/")).status_code == 200
    assert (await owner.client.get(f"/projects/{key_of(hazard)}/checks/")).status_code == 404


async def test_a_page_costs_the_same_however_long_it_is(owner: Person, project: str) -> None:
    async def cost(limit: int) -> int:
        with counted() as statements:
            await owner.client.get(f"{project}checks/?limit={limit}")
        return len(statements)

    for number in range(12):
        await owner.client.post(f"{project}hazards/create/", json={"name": f"Hazard number {number} of the log"})
    await owner.client.get(f"{project}checks/")
    assert await cost(1) == await cost(100) == 10
