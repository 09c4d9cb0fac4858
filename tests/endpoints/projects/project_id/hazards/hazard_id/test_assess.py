"""Judging a hazard: the level follows, the judgement before is kept, and there is never more than one that counts."""

import asyncio
from typing import Any

import httpx
import sqlalchemy as sa

from models.enumerations import Likelihood, Severity
from models.hazards.hazard_log import ASSESSMENTS
from models.risk.risk_matrix import MATRICES, OFFICIAL
from models.storage.database import database
from tests.clients import PAGE, Person
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored

WORDS = {"severity_justification": "One patient\nmay die", "likelihood_justification": "Seen once"}


async def assess(
    person: Person, hazard: str, stage: str, severity: str, likelihood: str, **more: Any
) -> httpx.Response:
    body = {"stage": stage, "severity": severity, "likelihood": likelihood, **more}
    return await person.client.post(f"{hazard}assess/", json=body)


async def assessments(hazard: str, stage: str) -> list[Any]:
    """All assessments of a hazard at a stage, the oldest first."""
    query = sa.select(ASSESSMENTS).where(ASSESSMENTS.c.hazard_id == key_of(hazard), ASSESSMENTS.c.stage == stage)
    async with database.connection() as connection:
        return list((await connection.execute(query.order_by(ASSESSMENTS.c.created_date))).all())


async def test_an_assessment_is_answered_with_its_level(owner: Person, hazard: str) -> None:
    answer = await assess(owner, hazard, "residual", "major", "low", **WORDS)
    judged = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == judged["url"] == hazard
    given = {"stage": "residual", "severity": "major", "likelihood": "low", **WORDS}
    assert {name: judged[name] for name in given} == given
    assert (judged["level"], judged["matrix_version"], judged["assessed_by"]) == (3, "nhs-2018", "Owner Example")
    residual = (await owner.client.get(hazard)).json()["residual"]
    assert residual == {name: judged[name] for name in residual}


async def test_the_level_of_every_combination_is_the_matrix(owner: Person, hazard: str) -> None:
    level = MATRICES[OFFICIAL].level
    for severity in Severity:
        for likelihood in Likelihood:
            answer = await assess(owner, hazard, "residual", severity, likelihood)
            assert answer.json()["level"] == level(severity, likelihood), (severity, likelihood)


async def test_initial_and_residual_are_independent(owner: Person, hazard: str) -> None:
    initial = (await owner.client.get(hazard)).json()["initial"]
    await assess(owner, hazard, "residual", "minor", "low")
    shown = (await owner.client.get(hazard)).json()
    assert shown["initial"] == initial
    await assess(owner, hazard, "initial", "catastrophic", "high")
    again = (await owner.client.get(hazard)).json()
    assert again["residual"] == shown["residual"]
    assert (again["initial"]["level"], again["residual"]["level"], again["version"]) == (5, 1, 3)


async def test_the_one_before_is_superseded_and_kept(owner: Person, hazard: str) -> None:
    await assess(owner, hazard, "initial", "minor", "very_low", **WORDS)
    old, new = await assessments(hazard, "initial")
    assert (old.severity, old.level) == (Severity.MAJOR, 3)
    assert old.superseded_date is not None
    assert (new.severity, new.level, new.superseded_date) == (Severity.MINOR, 1, None)


async def test_the_same_judgement_anew_is_a_judgement(owner: Person, hazard: str) -> None:
    """That somebody looked again and came to the same result is evidence of its own (DCB0129 7.3.1)."""
    await assess(owner, hazard, "initial", "major", "medium")
    assert len(await assessments(hazard, "initial")) == 2


async def test_twenty_at_once_leave_one_that_counts(owner: Person, hazard: str) -> None:
    levels = list(Likelihood)
    answers = await asyncio.gather(
        *(
            assess(owner, hazard, "residual", "major", levels[turn % 5], severity_justification=str(turn))
            for turn in range(20)
        )
    )
    assert [answer.status_code for answer in answers] == [201] * 20
    # Each is answered with its own judgement, whoever judged a moment later.
    assert [answer.json()["severity_justification"] for answer in answers] == [str(turn) for turn in range(20)]
    kept = await assessments(hazard, "residual")
    assert len(kept) == 20
    [current] = [one for one in kept if one.superseded_date is None]
    shown = (await owner.client.get(hazard)).json()
    assert (shown["residual"]["id"], shown["version"]) == (str(current.id), 21)


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"stage": "final"}, "stage"),
    ({"stage": None}, "stage"),
    ({"severity": "huge"}, "severity"),
    ({"severity": None}, "severity"),
    ({"likelihood": 3}, "likelihood"),
    ({"level": 1}, "level"),
    ({"recorded_level": 1}, "recorded_level"),
    ({"matrix_version": "mine"}, "matrix_version"),
    ({"severity_justification": "\0"}, "severity_justification"),
    ({"likelihood_justification": "x" * 65_537}, "likelihood_justification"),
)


async def test_what_cannot_be_is_refused(owner: Person, hazard: str, public_project: str) -> None:
    whole = {"stage": "initial", "severity": "major", "likelihood": "low"}
    before = await stored()
    for change, field in REFUSED:
        assert refused(await owner.client.post(f"{hazard}assess/", json={**whole, **change})) == [field]
    for missing in whole:
        body = {name: value for name, value in whole.items() if name != missing}
        assert refused(await owner.client.post(f"{hazard}assess/", json=body)) == [missing]
    refused(await owner.client.post(f"{public_project}hazards/{key_of(hazard)}/assess/", json=whole), 404)
    assert await stored() == before


async def test_one_entry_tells_the_judgement_before_and_after(owner: Person, hazard: str) -> None:
    await assess(owner, hazard, "residual", "major", "low", **WORDS)
    mark = await last_audited()
    await assess(owner, hazard, "residual", "minor", "low")
    [entry] = await audited(mark)
    assert (entry["action"], entry["entity_id"], entry["entity_version"]) == ("hazard:assess", key_of(hazard), 3)
    assert entry["before"] == {"residual": {"severity": "major", "likelihood": "low", "level": 3, **WORDS}}
    assert entry["after"] == {"residual": {"severity": "minor", "likelihood": "low", "level": 1}}


async def test_without_its_entry_nothing_changes(owner: Person, hazard: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await assess(owner, hazard, "initial", "minor", "low"), 500)
    assert await stored() == before


async def test_the_form_has_the_matrix(owner: Person, hazard: str) -> None:
    shown = (await owner.client.get(f"{hazard}assess/")).json()
    assert shown["levels"]["medium"] == {"minor": 2, "significant": 2, "considerable": 3, "major": 3, "catastrophic": 4}
    assert (shown["stages"], shown["reference"]) == (["initial", "residual"], "HAZ-001")


async def test_the_severity_is_found_by_harm_patients_and_recovery(owner: Person, hazard: str) -> None:
    found = {
        "harm=death&patients=one": "major",
        "harm=death&patients=several&recovery=": "catastrophic",
        "harm=minor_injury&patients=one&recovery=slow": "significant",
        "harm=minor_injury&patients=one": None,
        "harm=negligible&patients=several": None,
        "patients=one": None,
        "": None,
    }
    for query, severity in found.items():
        page = await owner.client.get(f"{hazard}assess/?{query}", headers=PAGE)
        assert ('name="severity" type="radio" value="major" checked' in page.text) == (severity == "major"), query
        assert ('id="category"' in page.text) == bool(query)
        shown = (await owner.client.get(f"{hazard}assess/?{query.removesuffix('&recovery=')}")).json()
        assert (shown["category"] or {}).get("severity") == severity
    assert refused(await owner.client.get(f"{hazard}assess/?harm=flu")) == ["harm"]


async def test_the_category_comes_with_its_definition(owner: Person, hazard: str) -> None:
    query = "harm=severe_injury&patients=several&recovery=quick"
    definition = "Severe injury or incapacity with a quick recovery, several patients"
    category = {"severity": "major", "definition": definition}
    assert (await owner.client.get(f"{hazard}assess/?{query}")).json()["category"] == category
    page = await owner.client.post(f"{hazard}assess/?{query}", data={"severity_justification": "Mine"}, headers=PAGE)
    assert page.status_code == 422
    # What was typed stays.
    assert definition not in page.text.split('name="severity_justification"')[1].split("</textarea>")[0]
