"""The hazard log: each filter alone and together, every sort both ways, and pages that hold every hazard once."""

from typing import Any

import pytest

from models.audit.audit import Actor
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage
from models.hazards import hazard_additions
from models.hazards.hazard_additions import NewControl, NewHazard, NewRating
from tests.authentication.statements import counted
from tests.clients import Person
from tests.endpoints.projects.traces import key_of, refused

MILD = NewRating(Severity.MINOR, Likelihood.LOW)
GRAVE = NewRating(Severity.MAJOR, Likelihood.MEDIUM)
WORST = NewRating(Severity.CATASTROPHIC, Likelihood.HIGH)
LOG = [
    NewHazard(name="Alpha dose", effect="50% more", types=["Dose"], owner="Pharmacy", ratings={Stage.INITIAL: WORST}),
    NewHazard(
        name="beta result",
        description="snake_case in the name of a file",
        causes=["The printer is out of paper"],
        types=["Result", "Dose"],
        owner="laboratory",
        status=HazardStatus.CLOSED,
        ratings={Stage.INITIAL: WORST, Stage.RESIDUAL: MILD},
    ),
    NewHazard(name="Gamma", harm="Delay of a dose", owner="Pharmacy", status=HazardStatus.TRANSFERRED,
              ratings={Stage.INITIAL: GRAVE}),
    NewHazard(name="Delta 3"),
]  # fmt: skip


@pytest.fixture
async def log(owner: Person, project: str) -> str:
    """The URL of a log with four hazards."""
    await hazard_additions.create(Actor(owner.id), key_of(project), LOG)
    return f"{project}hazards/"


async def found(person: Person, log: str, **query: Any) -> list[int]:
    answer = await person.client.get(log, params=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["pagination"]["total"] == len(body["data"])
    return [hazard["number"] for hazard in body["data"]]


SEARCHES = {
    "dose": [1, 3],  # name, harm
    "dos": [1, 3],
    "ose": [],
    "ALPHA": [1],
    "50%": [1],  # effect
    "snake_case": [2],  # description
    "printer": [2],  # cause
    "paper printer": [2],  # every word, in any order
    "paper % printer": [2],
    "printer dose": [],
    "HAZ-002": [2],
    "haz-2": [2],
    "0003": [3],
    "3": [3, 4],  # reference of one, name of the other
    "999999999": [],
    "9999999999999": [],
    "HAZ-": [],
    "%": [],
    "_": [],
    "'": [],
    "\\": [],
    "\N{SUPERSCRIPT TWO}": [],
    "\N{SUPERSCRIPT THREE}": [4],
}


async def test_a_search_looks_into_texts_causes_and_references(owner: Person, log: str) -> None:
    assert {search: await found(owner, log, search=search) for search in SEARCHES} == SEARCHES


FILTERS: tuple[tuple[dict[str, Any], list[int]], ...] = (
    ({}, [1, 2, 3, 4]),
    ({"status": "open"}, [1, 4]),
    ({"status": "closed"}, [2]),
    ({"status": "transferred"}, [3]),
    # The residual risk counts where there is one.
    ({"level": 5}, [1]),
    ({"level": 3}, [3]),
    ({"level": 1}, [2]),
    ({"level": 2}, []),
    ({"level": [2, 3, 5]}, [1, 3]),
    ({"status": ["open", "closed"]}, [1, 2, 4]),
    ({"status": ["open", "closed"], "level": [1, 3]}, [2]),
    ({"type": "Dose"}, [1, 2]),
    ({"type": "dose"}, []),
    ({"type": "Result"}, [2]),
    ({"owner": "Pharmacy"}, [1, 3]),
    ({"owner": "Nobody"}, []),
    ({"severity": "catastrophic"}, [1]),
    ({"severity": "minor"}, [2]),
    ({"likelihood": "medium"}, [3]),
    ({"severity": "major", "likelihood": "medium"}, [3]),
    ({"severity": "major", "likelihood": "low"}, []),
    ({"search": "dose", "owner": "Pharmacy", "status": "open", "level": 5, "type": "Dose"}, [1]),
    ({"search": "dose", "status": "closed"}, []),
)


async def test_each_filter_alone_and_together(owner: Person, log: str) -> None:
    for query, numbers in FILTERS:
        assert await found(owner, log, **query) == numbers, query


SORTS = {
    "number": [1, 2, 3, 4],
    "name": [1, 2, 4, 3],
    "status": [2, 1, 4, 3],
    "owner": [4, 2, 1, 3],
    "level": [4, 2, 3, 1],
    "initial": [4, 3, 1, 2],
    "residual": [1, 3, 4, 2],
}


async def test_every_sort_both_ways(owner: Person, log: str) -> None:
    assert {sort: await found(owner, log, sort=sort) for sort in SORTS} == SORTS
    for sort, numbers in SORTS.items():
        if sort in ("number", "name", "level"):
            assert await found(owner, log, sort=f"-{sort}") == numbers[::-1]
    # Equals stay in the order of their numbers, whichever way the rest is turned.
    assert await found(owner, log, sort="-status") == [3, 1, 4, 2]
    assert await found(owner, log, sort="-owner") == [1, 3, 2, 4]
    assert await found(owner, log, sort="-initial") == [1, 2, 3, 4]
    assert await found(owner, log, sort="-residual") == [2, 1, 3, 4]


async def test_what_was_changed_last_comes_last_or_first(owner: Person, log: str) -> None:
    first = (await owner.client.get(log)).json()["data"][0]
    edited = await owner.client.post(f"{first['url']}edit/", json={"version": 1, "name": "Renamed"})
    assert edited.status_code == 200
    assert (await found(owner, log, sort="updated"))[-1] == 1
    assert (await found(owner, log, sort="-updated"))[0] == 1


async def test_pages_hold_every_hazard_once(owner: Person, project: str) -> None:
    hazards = [NewHazard(name=f"Hazard {number % 3}", status=list(HazardStatus)[number % 3]) for number in range(13)]
    await hazard_additions.create(Actor(owner.id), key_of(project), hazards)
    for sort in ("number", "-number", "name", "-status", "level", "-updated"):
        queries = [{"page": page, "limit": 5, "sort": sort} for page in (1, 2, 3)]
        pages = [(await owner.client.get(f"{project}hazards/", params=query)).json() for query in queries]
        seen = [hazard["number"] for page in pages for hazard in page["data"]]
        assert sorted(seen) == list(range(1, 14))
        assert seen == await found(owner, f"{project}hazards/", sort=sort)
        last = {"total": 13, "page": 3, "page_size": 5, "total_pages": 3, "has_next": False, "has_prev": True}
        assert pages[2]["pagination"] == last


async def test_a_page_has_twenty_hazards_unless_told_otherwise(owner: Person, project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(project), [NewHazard(name="One of many")] * 101)
    for query, expected in ({}, 20), ({"limit": 100}, 100), ({"page": 2, "limit": 100}, 1), ({"page": 99}, 0):
        assert len((await owner.client.get(f"{project}hazards/", params=query)).json()["data"]) == expected


async def test_bounds_are_told(owner: Person, log: str) -> None:
    beyond: dict[str, list[Any]] = {
        "page": [0, -1, "9" * 30],
        "limit": [0, 101],
        "severity": ["awful"],
        "likelihood": ["never"],
        "sort": ["colour", "--number", "NAME"],
        "search": ["\0", "x" * 301],
        "type": ["a\nb"],
    }
    for name, values in beyond.items():
        for value in values:
            assert refused(await owner.client.get(log, params={name: value})) == [name]
    for name, value in (("status", "shut"), ("level", 0), ("level", 6), ("level", "high")):
        assert refused(await owner.client.get(log, params={name: value})) == [f"{name}.0"]
    assert refused(await owner.client.get(log, params={"level": [4] * 21})) == ["level"]


async def test_the_longest_search_is_answered(owner: Person, log: str) -> None:
    assert await found(owner, log, search=" ".join("x" * 150)) == []


async def test_a_listed_hazard_is_the_hazard_in_full(owner: Person, log: str) -> None:
    for listed in (await owner.client.get(log)).json()["data"]:
        shown = (await owner.client.get(listed["url"])).json()
        assert {name: shown[name] for name in listed} == listed


async def test_the_filters_offer_what_the_log_has(owner: Person, log: str, public_project: str) -> None:
    body = (await owner.client.get(log, params={"status": "closed"})).json()
    assert (body["owners"], body["types"]) == (["laboratory", "Pharmacy"], ["Dose", "Result"])
    assert body["wanted"]["status"] == ["closed"]
    elsewhere = (await owner.client.get(f"{public_project}hazards/")).json()
    assert (elsewhere["owners"], elsewhere["types"], elsewhere["data"]) == ([], [], [])


async def test_an_owner_of_several_lines_is_found_as_a_form_sends_it(owner: Person, project: str) -> None:
    await hazard_additions.create(Actor(owner.id), key_of(project), [NewHazard(name="Shared", owner="Ward\nPharmacy")])
    for text in ("Ward\nPharmacy", "Ward\r\nPharmacy"):
        assert await found(owner, f"{project}hazards/", owner=text) == [1]


async def test_a_hundred_hazards_take_no_more_statements_than_ten(owner: Person, project: str) -> None:
    control = NewControl("A control", ControlStage.EXISTING)
    hazard = NewHazard(name="Whole", causes=["a", "b"], types=["x"], controls=[control], ratings={Stage.INITIAL: GRAVE})
    await hazard_additions.create(Actor(owner.id), key_of(project), [hazard] * 100)
    counts = []
    for limit in (10, 100):
        with counted() as statements:
            page = (await owner.client.get(f"{project}hazards/", params={"limit": limit})).json()["data"]
        assert len(page) == limit
        assert page[-1]["controls"][0]["description"] == "A control"
        counts.append(len(statements))
    # Session, project, total, keys, five of hazards, head, new comments; at first three of the filters too.
    assert counts == [14, 11]
