"""Both databases find the same hazards by the same words, whatever was written and wherever it stands."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Comment, Control, Hazard, HazardControl, HazardSearch, PotentialHarm
from models.audit.audit import Actor
from models.enumerations import ControlStage, ControlState, Standard, Visibility
from models.hazards import hazard_additions, hazard_pages, hazard_search
from models.hazards.hazard_additions import NewControl, NewHazard
from models.hazards.hazard_filters import HazardFilter
from models.hazards.search_words import words
from models.projects import projects
from models.storage.columns import new_id
from models.storage.database import Database
from models.users.people import ANYONE, Viewer
from tests.models.samples import make_user

ODD = [
    "Élan vital",
    "e-prescribing of patient\N{RIGHT SINGLE QUOTATION MARK}s own drugs",
    "患者の名前が違う",
    "💊 pill",
    "\N{RIGHT-TO-LEFT MARK}שלום dose",
    "w" * 5000,
    "O'Neill & Sons | 'a':* AND \"b\" * NOT c",
    "naïve Übergröße",
    "한국어 시험",
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}stanbul",
    "NOT AND OR NEAR(x)",
]


@pytest.fixture
async def project(database: Database) -> UUID:
    user = await make_user()
    about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    key = await projects.create(Actor(user.id), user.id, name="Found", **about)
    other = await projects.create(Actor(user.id), user.id, name="Other", **about)
    for one in (key, other):
        await hazard_additions.create(Actor(user.id), one, [NewHazard(name=text[:300]) for text in ODD])
    return key


MEMBER = Viewer(colleague=True)


async def found(project: UUID, search: str, viewer: Viewer = MEMBER) -> list[int]:
    hazards, total = await hazard_pages.page(project, HazardFilter(search=search), 1, 100, viewer)
    assert total == len(hazards)
    return [hazard["number"] for hazard in hazards]


def expected(search: str) -> list[int]:
    wanted = words(search)
    return [number for number, text in enumerate(ODD, 1) if wanted and all(has(text[:300], one) for one in wanted)]


def has(text: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in words(text))


PARTS = st.sampled_from(ODD).flatmap(
    lambda text: st.tuples(st.integers(0, len(text)), st.integers(1, 60)).map(lambda at: text[at[0] :][: at[1]])
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(PARTS, PARTS.map(str.upper), st.text(max_size=30), st.lists(PARTS, max_size=3).map(" ".join)))
async def test_what_is_found_is_what_has_the_words(project: UUID, search: str) -> None:
    if search.strip() and not any(word.removeprefix("HAZ-").isdecimal() for word in search.upper().split()):
        assert await found(project, search.replace("\0", "")) == expected(search.replace("\0", ""))


async def test_a_search_of_many_words_is_answered(project: UUID) -> None:
    assert await found(project, " ".join(f"w{number}" for number in range(150))) == []
    assert await found(project, " ".join(map(str, range(100, 200)))) == []


async def test_every_part_of_a_hazard_is_searched(project: UUID, database: Database) -> None:
    control = NewControl("A bar code", ControlStage.ADDITIONAL, evidence="Testimony")
    fields: dict[str, Any] = {"name": "Nomen", "description": "Circumstance", "effect": "Outcome", "harm": "Injury"}
    hazard = NewHazard(
        **fields, causes=["Tiredness"], controls=[control], recorded_number="OLD-17", recorded={"Reviewer": "Winifred"}
    )
    [key] = await hazard_additions.create(Actor(), project, [hazard])
    user = await make_user("other@example.org")
    shared = await Control.objects.create(
        project=project, description="Shared", stage=ControlStage.EXISTING, state=ControlState.AGREED
    )
    async with database.transaction():
        await PotentialHarm.objects.create(hazard=key, position=1, description="Anaphylaxis")
        await Comment.objects.create(hazard=key, written_by=user, body="Remarkable")
        await HazardControl.objects.create(hazard=key, control=shared, position=2)
        await hazard_search.refresh([key])
    texts = "nomen circumstance outcome injury tired code testimony winifred anaphylaxis remarkable shared old-17 17"
    for word in texts.split():
        assert await found(project, word) == [len(ODD) + 1], word
    # What was said is for members alone, and nobody else shall find out by searching.
    assert await found(project, "nomen remarkable") == [len(ODD) + 1]
    assert await found(project, "remarkable", ANYONE) == []
    assert await found(project, "nomen", ANYONE) == [len(ODD) + 1]


async def stored() -> dict[UUID, str]:
    return {row.hazard.id: row.words for row in await HazardSearch.objects.all()}


async def test_words_follow_their_hazard(project: UUID, database: Database) -> None:
    before = await stored()
    [first, *_], _ = await hazard_pages.page(project, HazardFilter(), 1, 1)
    await hazard_search.refresh([first["id"]])
    assert await stored() == before
    async with database.transaction() as connection:
        hazards = Hazard.ormar_config.table
        renamed = sa.update(hazards).where(hazards.c.id == first["id"]).values(name="Renamed entirely")
        await connection.execute(renamed)
        await hazard_search.refresh([first["id"], new_id()])
    assert await found(project, "renamed") == [1]
    assert await found(project, "vital") == []
    now = await stored()
    assert {key for key in now if now[key] != before[key]} == {first["id"]}


async def test_a_new_hazard_has_the_words_that_its_rows_say(project: UUID, database: Database) -> None:
    """They are made before there are rows; a refresh then finds nothing to change but their order."""
    control = NewControl("A bar code", ControlStage.ADDITIONAL, evidence="Testimony")
    fields = ("name", "description", "effect", "harm", "recorded_number")
    texts: dict[str, Any] = {name: f"Of {name}" for name in fields}
    lists: dict[str, Any] = {"causes": ["Tiredness"], "harms": ["Anaphylaxis"], "controls": [control]}
    [key] = await hazard_additions.create(Actor(), project, [NewHazard(**texts, **lists, recorded={"A": "Winifred"})])
    before = (await stored())[key].split()
    await hazard_search.refresh([key])
    assert sorted((await stored())[key].split()) == sorted(before)


async def test_words_of_another_project_are_not_found(project: UUID, database: Database) -> None:
    """Also where two projects share a sign."""
    user = await make_user("third@example.org")
    twin = UUID(int=(new_id().int & ~0xFFFFFFFF) | (project.int & 0xFFFFFFFF))
    made = await projects.create(Actor(user.id), user.id, name="Twin", standard=Standard.DCB0129)
    assert await found(made, "vital") == []
    keys = hazard_search.mentioning(twin, "vital", spoken=False)
    assert keys is not None
    async with database.connection() as connection:
        assert len((await connection.execute(keys)).all()) == 1
    assert await found(twin, "vital") == []
