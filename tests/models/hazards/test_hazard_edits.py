"""The life of hazards against a model of it: whatever people do, version, status, levels and history agree."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pydantic_core import to_jsonable_python

from errors import Conflict, HazardClosed, NotFound
from models.audit.audit import COMMAND_LINE, Actor
from models.audit.history import timeline
from models.enumerations import Condition, HazardStatus, Likelihood, Severity, Stage, Standard, Visibility
from models.hazards import hazard_additions, hazard_edits, hazard_log, hazard_told
from models.hazards.hazard_additions import NewHazard, NewRating
from models.projects import projects
from models.risk.risk_matrix import MATRICES, OFFICIAL
from models.storage.columns import new_id
from models.storage.database import Database, database
from models.users import accounts
from models.users.people import ANYONE
from tests.databases import Databases

T = TypeVar("T")
TEXT = st.sampled_from(["", "One", "Two\nlines", "'; --"])
LIST = st.lists(st.sampled_from(["Alpha", "beta", "Two\nlines", "gamma"]), max_size=4)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["First", "Second", "Third"]),
        "description": TEXT,
        "effect": TEXT,
        "harm": TEXT,
        "owner": TEXT,
        "condition": st.sampled_from([None, *Condition]),
        "causes": LIST,
        "types": LIST,
        "existing_controls": LIST,
        "additional_controls": LIST,
    },
)
RATING = st.builds(NewRating, st.sampled_from(Severity), st.sampled_from(Likelihood), TEXT, TEXT)
EMPTY: dict[str, Any] = {
    "description": "", "effect": "", "harm": "", "owner": "", "condition": None, "causes": [], "types": [],
    "existing_controls": [], "additional_controls": [], "status": HazardStatus.OPEN, "initial": None, "residual": None,
}  # fmt: skip


def told(rating: NewRating) -> dict[str, Any]:
    """An assessment as history tells it: what is empty is left out."""
    level = MATRICES[OFFICIAL].level(rating.severity, rating.likelihood)
    return {**{name: value for name, value in asdict(rating).items() if value}, "level": level}


class Lives(RuleBasedStateMachine):
    """`expected` is what each hazard should be, `actions` what was done to it, the latest last."""

    databases: Databases
    hazards: Bundle[UUID] = Bundle("hazards")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.databases.create()
        self.expected: dict[UUID, dict[str, Any]] = {}
        self.actions: dict[UUID, list[str]] = {}
        self.run(self.begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def begin(self) -> None:
        database.configure(self.url)
        await database.connect()
        names = {"first_name": "Ada", "last_name": "Example"}
        user = await accounts.create(COMMAND_LINE, email_address="ada@example.org", password_hash="none", **names)
        self.actor = Actor(user)
        about = {"name": "Lives", "standard": Standard.DCB0160, "visibility": Visibility.PRIVATE}
        self.project = await projects.create(self.actor, user, description="", **about)

    def teardown(self) -> None:
        self.run(database.disconnect())
        self.runner.close()
        self.databases.drop(self.url)

    def done(self, key: UUID, action: str, **changes: Any) -> None:
        self.expected[key] |= changes
        self.actions[key].append(action)

    @rule(target=hazards, name=st.sampled_from(["First", "Second"]), causes=LIST, rating=st.none() | RATING)
    def create(self, name: str, causes: list[str], rating: NewRating | None) -> UUID:
        ratings = {Stage.INITIAL: rating} if rating else {}
        hazard = NewHazard(name, causes=causes, ratings=ratings)
        [key] = self.run(hazard_additions.create(self.actor, self.project, [hazard]))
        given = {"name": name, "causes": causes, "initial": told(rating) if rating else None}
        self.expected[key] = {**EMPTY, **given, "number": len(self.expected) + 1}
        self.actions[key] = ["hazard:create"]
        return key

    def refused_when_closed(self, key: UUID, change: Coroutine[Any, Any, T]) -> bool:
        """Run a change, or see it refused and leave nothing behind."""
        if self.expected[key]["status"] is not HazardStatus.CLOSED:
            self.run(change)
            return False
        with pytest.raises(HazardClosed):
            self.run(change)
        return True

    @rule(key=hazards, fields=FIELDS)
    def edit(self, key: UUID, fields: dict[str, Any]) -> None:
        if self.refused_when_closed(
            key, hazard_edits.edit(self.actor, self.project, key, len(self.actions[key]), fields)
        ):
            return
        wanted = {**fields, **({"types": sorted(set(fields["types"]), key=str.casefold)} if "types" in fields else {})}
        if any(self.expected[key][name] != value for name, value in wanted.items()):
            self.done(key, "hazard:edit", **wanted)

    @rule(key=hazards, fields=FIELDS, away=st.sampled_from([-1, 1, 7]))
    def edit_another_version(self, key: UUID, fields: dict[str, Any], away: int) -> None:
        with pytest.raises(Conflict):
            self.run(hazard_edits.edit(self.actor, self.project, key, len(self.actions[key]) + away, fields))

    @rule(key=hazards, stage=st.sampled_from(Stage), rating=RATING)
    def assess(self, key: UUID, stage: Stage, rating: NewRating) -> None:
        if not self.refused_when_closed(key, hazard_edits.assess(self.actor, self.project, key, stage, rating)):
            self.done(key, "hazard:assess", **{stage.value: told(rating)})

    @rule(key=hazards, status=st.sampled_from(HazardStatus))
    def change_status(self, key: UUID, status: HazardStatus) -> None:
        change = hazard_edits.set_status(self.actor, self.project, key, status, "Because")
        if self.expected[key]["status"] is status or self.hindered(key, status):
            with pytest.raises(Conflict):
                self.run(change)
        else:
            self.run(change)
            self.done(key, f"hazard:{hazard_edits.VERBS[status]}", status=status)

    def hindered(self, key: UUID, status: HazardStatus) -> bool:
        """Additional controls are only proposed here, and nobody accepts a risk (test_acceptance_lives.py)."""
        told = self.expected[key]
        rating = told["residual"] or told["initial"]
        unacceptable = rating is None or rating["level"] > 2
        # Controls are of who deploys, as the log is theirs, and none bears out a residual risk.
        worst = max((told[stage.value]["level"] for stage in Stage if told[stage.value]), default=5)
        unproven = told["residual"] is not None and (told["initial"] is None or worst > 2)
        if status is HazardStatus.TRANSFERRED:
            return not told["additional_controls"]
        return status is not HazardStatus.OPEN and bool(told["additional_controls"] or unacceptable or unproven)

    @invariant()
    def everything_agrees(self) -> None:
        for key, expected in self.expected.items():
            self.run(self.agrees(key, expected))

    async def agrees(self, key: UUID, expected: dict[str, Any]) -> None:
        hazard = await hazard_log.hazard(self.project, key)
        assert hazard is not None
        assert hazard["version"] == len(self.actions[key])
        assert shape(hazard) == expected
        history = await timeline(ANYONE, self.project, 100, keys=[key])
        assert [entry["action"] for entry in history[::-1]] == self.actions[key]
        assert [entry["entity_version"] for entry in history[::-1]] == list(range(1, len(history) + 1))
        # The history alone tells what the hazard is, by the very records that are stored.
        replayed = retold(history)
        assert in_texts(replayed) == expected
        stored = {name: to_jsonable_python(told) for name, told in (await hazard_told.lists(key)).items()}
        assert {name: replayed[name] for name in stored} == stored


def retold(history: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the entries, the newest first, make of a hazard; each begins with what those before it made."""
    replayed = {**EMPTY, "controls": [], "harms": []}
    for entry in history[::-1]:
        for name, value in (entry["before"] or {}).items():
            assert replayed[name] == value
        replayed |= entry["after"]
        # A control that came with the hazard was told with all its fields, once.
        replayed["controls"] = [
            {name: told[name] for name in ("id", "description", "stage")} for told in replayed["controls"]
        ]
    return replayed


def in_texts(replayed: Mapping[str, Any]) -> dict[str, Any]:
    """A hazard as history tells it, in the shape of the model."""
    lists = {
        name: [told["description"] for told in replayed["controls"] if told["stage"] == stage]
        for name, stage in hazard_edits.CONTROL_LISTS.items()
    }
    texts = {**replayed, **lists, "causes": [told["description"] for told in replayed["causes"]]}
    return {name: texts[name] for name in ("number", *EMPTY, "name")}


def shape(hazard: dict[str, Any]) -> dict[str, Any]:
    """A stored hazard in the shape of the model."""
    lists = {name: hazard_edits.descriptions(hazard, stage) for name, stage in hazard_edits.CONTROL_LISTS.items()}
    ratings = {
        stage.value: {name: hazard[stage.value][name] for name in hazard_edits.TOLD if hazard[stage.value][name]}
        if hazard[stage.value]
        else None
        for stage in Stage
    }
    return {**{name: hazard[name] for name in ("number", "name", *EMPTY) if name in hazard}, **lists, **ratings}


def test_whatever_people_do(sqlite_databases: Databases) -> None:
    machine = type("LivesOnSqlite", (Lives,), {"databases": sqlite_databases})
    few = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=few)


@pytest.fixture
def nobody() -> Actor:
    return Actor()


async def test_what_is_not_there_is_not_changed(database: Database, nobody: Actor) -> None:
    project, hazard = new_id(), new_id()
    rating = NewRating(Severity.MINOR, Likelihood.LOW)
    changes = (
        hazard_edits.edit(nobody, project, hazard, 1, {"name": "New"}),
        hazard_edits.assess(nobody, project, hazard, Stage.INITIAL, rating),
        hazard_edits.set_status(nobody, project, hazard, HazardStatus.CLOSED, "Because"),
    )
    for change in changes:
        with pytest.raises(NotFound):
            await change


def test_records_are_matched_once_each() -> None:
    first, second, other = new_id(), new_id(), new_id()
    known = [(first, "Same"), (other, "Other"), (second, "Same")]
    assert hazard_edits.matched(known, ["Same", "New", "Same", "Same"]) == [first, None, second, None]
    assert hazard_edits.matched([], []) == []
