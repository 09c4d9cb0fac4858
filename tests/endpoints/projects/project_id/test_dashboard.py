"""The page of a project shows what waits: its numbers lead to the hazards that they count."""

import datetime as dt
import itertools
import re

import sqlalchemy as sa

from models.audit.audit import Actor
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from models.hazards.hazard_log import CONTROLS, HAZARDS
from models.storage.columns import utc_now
from models.storage.database import database
from tests.clients import PAGE, Person
from tests.endpoints.projects.project_id.hazards.test_filters import accept
from tests.endpoints.projects.traces import key_of

HIGH, LOW = NewRating(Severity.MAJOR, Likelihood.HIGH), NewRating(Severity.MAJOR, Likelihood.VERY_LOW)
YESTERDAY = utc_now().date() - dt.timedelta(days=1)


async def fill(owner: Person, project: str) -> None:
    hazards = [
        NewHazard("Worst first", owner="Pharmacy", ratings={Stage.INITIAL: HIGH}),
        NewHazard("Controlled", owner="Pharmacy", ratings={Stage.INITIAL: HIGH, Stage.RESIDUAL: LOW}),
        NewHazard("Not assessed <b>"),
        NewHazard("Done with", owner="Ward", status=HazardStatus.CLOSED, ratings={Stage.INITIAL: LOW}),
    ]
    await hazard_additions.create(Actor(owner.id), key_of(project), hazards)


async def test_it_tells_initial_beside_residual_and_who_has_how_much(owner: Person, project: str) -> None:
    await fill(owner, project)
    seen = (await owner.client.get(project)).json()
    counts = {
        name: {(cell["severity"], cell["likelihood"]): cell["count"] for row in seen[name] for cell in row}
        for name in ("initial_matrix", "residual_matrix", "matrix")
    }
    assert counts["initial_matrix"]["major", "high"] == 2
    assert (counts["residual_matrix"]["major", "high"], counts["residual_matrix"]["major", "very_low"]) == (0, 1)
    assert counts["matrix"]["major", "high"] == 1
    nobody = {"owner_id": None}
    assert seen["by_owner"] == [{"owner": "Pharmacy", "count": 2, **nobody}, {"owner": "", "count": 1, **nobody}]
    assert sum(seen["checks"].values()) > 0
    [last, *_] = seen["changes"]
    assert (last["who"], last["hazard"]["reference"]) == ("Owner Example", "HAZ-004")


async def test_what_is_late_is_listed_with_its_count(owner: Person, project: str, hazard: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.update(HAZARDS).values(review_date=YESTERDAY))
        await connection.execute(sa.update(CONTROLS).values(due_date=YESTERDAY, state="agreed"))
    seen = (await owner.client.get(project)).json()
    assert (seen["overdue_reviews"]["count"], seen["overdue_reviews"]["data"][0]["url"]) == (1, hazard)
    [control] = seen["overdue_controls"]["data"]
    assert (control["due"], seen["overdue_controls"]["count"]) == (YESTERDAY.isoformat(), 1)
    late = (await owner.client.get(f"{project}hazards/?overdue=true")).json()
    assert late["pagination"]["total"] == 1
    assert seen["stale_acceptances"] == {"count": 0, "data": []}


LINKS = (
    r'<a class="nhsuk-link app-tile__count" href="([^"]*)">(\d+)<',
    r'href="([^"]*)"><span aria-hidden="true" class="app-matrix__count">(\d+)<',
    r'<a class="nhsuk-link" href="([^"]*)">[^<]*</a></th>\s*<td>.*?number">(\d+)<',
    r'<h2[^>]*><a class="nhsuk-link" href="([^"]*)">(\d+) hazards?<',
)
"""The tiles, the cells of the matrices, the bars and the heading: a count, and the list that it leads to."""


async def test_every_count_of_the_page_leads_to_as_many(owner: Person, project: str) -> None:
    """Also where a member owns what somebody else is written beside, and reviews and controls are late."""
    await fill(owner, project)
    controls = [NewControl(name, ControlStage.ADDITIONAL) for name in ("Alarm", "Bell")]
    hazards = [
        NewHazard("Written and owned", owner="Pharmacy", owner_id=owner.id, ratings={Stage.INITIAL: HIGH}),
        NewHazard("Of two lines", owner="Ward\r\n5 & 6/7", review_date=YESTERDAY, controls=controls),
        NewHazard("Closed late", status=HazardStatus.CLOSED, review_date=YESTERDAY),
    ]
    keys = await hazard_additions.create(Actor(owner.id), key_of(project), hazards)
    for key in keys[:1]:
        await accept(key, owner.id, stale_date=utc_now())
    async with database.transaction() as connection:
        await connection.execute(sa.update(CONTROLS).values(due_date=YESTERDAY, state="agreed"))
    page = (await owner.client.get(project, headers=PAGE)).text
    found = [re.findall(pattern, page) for pattern in LINKS]
    assert [len(links) for links in found] == [6, 3, 8, 1]
    for href, count in itertools.chain(*found):
        answer = (await owner.client.get(href.replace("&amp;", "&"))).json()
        assert answer["pagination"]["total"] == int(count), href
    assert "Not assessed &lt;b&gt;" in page
    owned = {(one["owner"], one["count"]) for one in (await owner.client.get(project)).json()["by_owner"]}
    assert {("Pharmacy", 2), ("Owner Example", 1)} <= owned
