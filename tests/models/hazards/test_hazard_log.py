"""Finding hazards: whatever is asked for, the database answers what a person with the whole log would."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.audit.audit import Actor
from models.enumerations import HazardStatus, Likelihood, Severity, Stage, Standard, Visibility
from models.hazards import hazard_additions, hazard_log, hazard_pages
from models.hazards.hazard_additions import NewHazard, NewRating
from models.hazards.hazard_filters import SORTS, HazardFilter
from models.hazards.search_words import words
from models.projects import projects
from models.risk.risk_matrix import MATRICES, OFFICIAL
from models.storage.columns import new_id
from models.storage.database import Database
from tests.models.samples import make_user

WORDS = ["dose", "Dose 5%", "snake_case", "HAZ-2", "3", "back\\slash", "", "two  words", "'quoted'"]
OWNERS = ["", "Pharmacy", "pharmacy", "Ward\nmanager"]
TYPES = ["Data", "Dose", "data"]
LEVEL = MATRICES[OFFICIAL].level


def some(number: int) -> NewHazard:
    """The hazard of this number: every property turns at a pace of its own."""
    rating = NewRating(list(Severity)[number % 5], list(Likelihood)[number // 5 % 5])
    residual = NewRating(list(Severity)[number % 2], list(Likelihood)[number % 3])
    return NewHazard(
        name=WORDS[number % 5] or "Nameless",
        description=WORDS[number % 7],
        effect=WORDS[number % 9],
        harm=WORDS[number % 4] if number % 3 else "",
        owner=OWNERS[number % 4],
        status=list(HazardStatus)[number % 3],
        causes=[WORDS[number % 8], "cause"] if number % 2 else [],
        types=TYPES[: number % 4],
        ratings={
            **({Stage.INITIAL: rating} if number % 7 else {}),
            **({Stage.RESIDUAL: residual} if number % 4 == 1 else {}),
        },
    )


LOG = [some(number) for number in range(1, 41)]


@pytest.fixture
async def project(database: Database) -> UUID:
    user = await make_user()
    about = {"description": "", "standard": Standard.DCB0129, "visibility": Visibility.PRIVATE}
    key = await projects.create(Actor(user.id), user.id, name="Found", **about)
    await hazard_additions.create(Actor(user.id), key, LOG)
    return key


def current(hazard: NewHazard) -> NewRating | None:
    return hazard.ratings.get(Stage.RESIDUAL, hazard.ratings.get(Stage.INITIAL))


def mentions(number: int, hazard: NewHazard, word: str) -> bool:
    texts = " ".join([hazard.name, hazard.description, hazard.effect, hazard.harm, *hazard.causes])
    referred = word.lower().removeprefix("haz-")
    found = [any(one.startswith(part) for one in words(texts)) for part in words(word)]
    return (bool(found) and all(found)) or (referred.isdigit() and int(referred) == number)


def said(number: int, hazard: NewHazard, search: list[str]) -> bool:
    """Signs beside a word say nothing; a search of nothing but signs finds nothing."""
    spoken = [word for word in search if words(word)]
    return (bool(spoken) or not search) and all(mentions(number, hazard, word) for word in spoken)


def fits(number: int, hazard: NewHazard, wanted: HazardFilter) -> bool:
    rating = current(hazard)
    level = LEVEL(rating.severity, rating.likelihood) if rating else None
    return (
        said(number, hazard, wanted.search.split())
        and (not wanted.status or hazard.status in wanted.status)
        and wanted.owner in (None, hazard.owner)
        and (wanted.type is None or wanted.type in hazard.types)
        and (not wanted.level or level in wanted.level)
        and wanted.severity in (None, rating.severity if rating else 0)
        and wanted.likelihood in (None, rating.likelihood if rating else 0)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        HazardFilter,
        search=st.lists(st.sampled_from([*WORDS, "cause", "DOSE", "%", "_", "haz-007", "0"]), max_size=2).map(" ".join),
        status=st.lists(st.sampled_from(HazardStatus), max_size=2).map(tuple),
        level=st.lists(st.integers(1, 5), max_size=3).map(tuple),
        type=st.none() | st.sampled_from(TYPES),
        owner=st.none() | st.sampled_from(OWNERS),
        severity=st.none() | st.sampled_from(Severity),
        likelihood=st.none() | st.sampled_from(Likelihood),
        sort=st.sampled_from([*SORTS, *(f"-{sort}" for sort in SORTS)]),
    ),
    st.integers(1, 45),
)
async def test_a_page_holds_what_fits(project: UUID, wanted: HazardFilter, limit: int) -> None:
    expected = {number for number, hazard in enumerate(LOG, 1) if fits(number, hazard, wanted)}
    seen: list[int] = []
    for page in range(1, 42):
        hazards, total = await hazard_pages.page(project, wanted, page, limit)
        assert total == len(expected)
        seen += [hazard["number"] for hazard in hazards]
        if len(hazards) < limit:
            break
    assert len(seen) == len(expected)
    assert set(seen) == expected
    assert wanted.sort != "number" or seen == sorted(seen)
    assert wanted.sort != "-number" or seen == sorted(seen, reverse=True)


async def test_every_sort_finds_everything(project: UUID) -> None:
    for sort in (*SORTS, *(f"-{sort}" for sort in SORTS)):
        hazards, total = await hazard_pages.page(project, HazardFilter(sort=sort), 1, 100)
        assert ({hazard["number"] for hazard in hazards}, total) == (set(range(1, 41)), 40), sort


async def test_a_listed_hazard_is_the_one_that_was_stored(project: UUID) -> None:
    hazards, _ = await hazard_pages.page(project, HazardFilter(), 1, 100)
    for stored, given_one in zip(hazards, LOG, strict=True):
        for name in ("name", "description", "effect", "harm", "owner", "status"):
            assert stored[name] == getattr(given_one, name)
        assert stored["causes"] == list(given_one.causes)
        assert stored["types"] == sorted(given_one.types, key=lambda word: (word.casefold(), word))
        for stage in Stage:
            assert_same(stored[stage.value], given_one.ratings.get(stage))
        assert await hazard_log.hazard(project, stored["id"]) == stored


def assert_same(stored: Mapping[str, Any] | None, rating: NewRating | None) -> None:
    assert (stored is None) == (rating is None)
    if stored is not None and rating is not None:
        given_words = (rating.severity, rating.likelihood)
        assert (stored["severity"], stored["likelihood"]) == given_words
        assert stored["level"] == LEVEL(*given_words)


async def test_letters_of_other_languages_have_a_case_too(project: UUID) -> None:
    [key] = await hazard_additions.create(Actor(), project, [NewHazard(name="\u00c9lan \u00dcBER \u0141\u00f3d\u017a")])
    for word in ("\u00e9lan", "\u00fcber", "\u0142\u00d3D\u0179", "\u00c9LAN"):
        hazards, _ = await hazard_pages.page(project, HazardFilter(search=word), 1, 10)
        assert [hazard["id"] for hazard in hazards] == [key], word


async def test_what_is_not_there_is_none(project: UUID) -> None:
    [hazard, *_], _ = await hazard_pages.page(project, HazardFilter(), 1, 1)
    assert await hazard_log.hazard(project, new_id()) is None
    assert await hazard_log.hazard(new_id(), hazard["id"]) is None
    assert await hazard_log.in_full([]) == []
    assert await hazard_pages.page(new_id(), HazardFilter(), 1, 10) == ([], 0)


def test_words_are_sorted_as_in_a_dictionary() -> None:
    assert hazard_log.in_order(["b", "a", "B", "a", "C"]) == ["a", "B", "b", "C"]


def test_a_reference_has_three_digits_or_more() -> None:
    assert [hazard_log.reference(number) for number in (1, 42, 999, 1000)] == [
        "HAZ-001",
        "HAZ-042",
        "HAZ-999",
        "HAZ-1000",
    ]
