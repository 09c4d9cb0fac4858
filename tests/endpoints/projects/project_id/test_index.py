"""One project at a glance: its counts are those of its hazards, and nobody sees it who may not."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endpoints.projects.project_id import _dashboard
from models.audit.audit import Actor
from models.enumerations import HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewHazard, NewRating
from models.risk.risk_matrix import MATRICES, OFFICIAL
from tests.authentication.statements import counted
from tests.clients import Person
from tests.endpoints.projects.traces import key_of, refused

RATINGS = st.builds(NewRating, st.sampled_from(Severity), st.sampled_from(Likelihood))
HAZARDS = st.builds(
    NewHazard,
    name=st.just("A hazard"),
    status=st.sampled_from(HazardStatus),
    ratings=st.dictionaries(st.sampled_from(Stage), RATINGS),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HAZARDS, max_size=30))
async def test_the_counts_are_those_of_a_person_with_a_pencil(owner: Person, hazards: list[NewHazard]) -> None:
    url = (await owner.client.post("/projects/create/", json={"name": "Counted"})).json()["url"]
    await hazard_additions.create(Actor(owner.id), key_of(url), hazards)
    seen = (await owner.client.get(url)).json()
    current = [hazard.ratings.get(Stage.RESIDUAL, hazard.ratings.get(Stage.INITIAL)) for hazard in hazards]
    rated = [rating for rating in current if rating]
    assert seen["hazards"] == len(hazards)
    assert seen["unassessed"] == len(hazards) - len(rated)
    assert seen["by_status"] == {status: sum(hazard.status == status for hazard in hazards) for status in HazardStatus}
    levels = Counter(MATRICES[OFFICIAL].level(rating.severity, rating.likelihood) for rating in rated)
    assert seen["by_level"] == {str(level): levels[level] for level in range(1, 6)}
    cells = {(cell["severity"], cell["likelihood"]): cell["count"] for row in seen["matrix"] for cell in row}
    pairs = Counter((rating.severity.value, rating.likelihood.value) for rating in rated)
    assert cells == {(severity.value, lh.value): pairs[severity, lh] for severity in Severity for lh in Likelihood}


async def test_the_matrix_is_laid_out_as_it_is_printed(owner: Person, project: str) -> None:
    matrix = (await owner.client.get(project)).json()["matrix"]
    assert [[cell["level"] for cell in row] for row in matrix] == [
        [3, 4, 4, 5, 5],
        [2, 3, 3, 4, 5],
        [2, 2, 3, 3, 4],
        [1, 2, 2, 3, 4],
        [1, 1, 2, 2, 3],
    ]
    assert [row[0]["likelihood"] for row in matrix] == ["very_high", "high", "medium", "low", "very_low"]
    assert [cell["severity"] for cell in matrix[0]] == ["minor", "significant", "considerable", "major", "catastrophic"]


async def test_an_empty_project_counts_nothing(owner: Person, project: str) -> None:
    seen = (await owner.client.get(project)).json()
    assert (seen["hazards"], seen["unassessed"]) == (0, 0)
    assert seen["by_status"] == {"open": 0, "transferred": 0, "closed": 0}
    assert seen["url"] == project


async def test_hazards_of_other_projects_are_not_counted(owner: Person, project: str, public_project: str) -> None:
    await owner.client.post(f"{public_project}hazards/create/", json={"name": "Elsewhere"})
    assert (await owner.client.get(project)).json()["hazards"] == 0


async def test_it_takes_the_same_statements_however_many_hazards_there_are(
    owner: Person, project: str, hazard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_dashboard, "FEW", 0)  # the quality checks say themselves what they cost
    sizes = []
    for more in (1, 40):
        await hazard_additions.create(Actor(owner.id), key_of(project), [NewHazard(str(n)) for n in range(more)])
        with counted() as statements:
            await owner.client.get(project)
        sizes.append(len(statements))
    assert sizes == [14, 14]


async def test_an_identifier_that_is_none_is_refused(owner: Person, project: str) -> None:
    key = key_of(project)
    for wrong in ("1", "x", f"{key}x", key.hex, f"{{{key}}}"):
        refused(await owner.client.get(f"/projects/{wrong}/"), 404)
