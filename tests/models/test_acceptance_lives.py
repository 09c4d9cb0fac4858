"""Acceptance and status against a model of them: whatever people do, no risk passes for more acceptable than it is."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from errors import Conflict, HazardClosed
from models.enumerations import ControlState, HazardStatus, Party, Stage
from models.hazards import hazard_edits
from models.risk import accepted_content, alarp
from models.storage.database import database
from tests.databases import Databases
from tests.models.accepting import a_log, acceptances, set_controls

T = TypeVar("T")
LEFT = {ControlState.PROPOSED, ControlState.AGREED}


@dataclass(frozen=True)
class Known:
    """What makes up the risk of a hazard: levels, one text, how many ALARP records, the state of its control."""

    initial: int
    residual: int = 0
    harm: str = ""
    argued: int = 0
    state: ControlState | None = None
    theirs: bool = False
    """Whether the control is left to who deploys."""

    @property
    def level(self) -> int:
        return self.residual or self.initial

    @property
    def acceptable(self) -> bool:
        return self.evidenced in {1, 2} or (self.evidenced == 3 and self.argued > 0)

    @property
    def evidenced(self) -> int:
        """0 is unknown."""
        if not self.residual or self.state is ControlState.VERIFIED:
            return self.level
        return max(self.initial, self.residual) if self.initial else 0


class Acceptances(RuleBasedStateMachine):
    """`known` is what each hazard is, `accepted` what its acceptance in force was given to, `closed` a version."""

    databases: Databases
    hazards: Bundle[UUID] = Bundle("hazards")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.databases.create()
        self.known: dict[UUID, Known] = {}
        self.accepted: dict[UUID, Known | None] = {}
        self.status: dict[UUID, HazardStatus] = {}
        self.closed: dict[UUID, int] = {}
        self.run(self.begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def begin(self) -> None:
        database.configure(self.url)
        await database.connect()
        self.log = await a_log()

    def teardown(self) -> None:
        self.run(database.disconnect())
        self.runner.close()
        self.databases.drop(self.url)

    @rule(target=hazards, level=st.integers(0, 5), party=st.none() | st.sampled_from(Party))
    def create(self, level: int, party: Party | None) -> UUID:
        key = self.run(self.log.hazard(level, *(["Photographs"] if party else [])))
        self.run(set_controls(key, ControlState.PROPOSED, responsible=party))
        state = ControlState.PROPOSED if party else None
        self.known[key] = Known(level, state=state, theirs=party is Party.DEPLOYER)
        self.accepted[key], self.status[key] = None, HazardStatus.OPEN
        return key

    def done(self, key: UUID, work: Coroutine[Any, Any, object], *, allowed: bool = True) -> bool:
        """Whether it was done; a closed hazard refuses everything, and an open one what the model does not allow."""
        if self.status[key] is HazardStatus.CLOSED:
            with pytest.raises(HazardClosed):
                self.run(work)
            return False
        if not allowed:
            with pytest.raises(Conflict):
                self.run(work)
            return False
        self.run(work)
        return True

    @rule(key=hazards, level=st.integers(1, 5), stage=st.sampled_from(Stage))
    def assess(self, key: UUID, level: int, stage: Stage) -> None:
        if self.done(key, self.log.assess(key, level, stage)):
            known = self.known[key]
            initial = stage is Stage.INITIAL
            self.known[key] = replace(known, initial=level) if initial else replace(known, residual=level)

    @rule(key=hazards, harm=st.sampled_from(["", "Death"]))
    def edit(self, key: UUID, harm: str) -> None:
        version = self.run(hazard_edits.locked(self.log.project, key))["version"]
        work = hazard_edits.edit(self.log.actor, self.log.project, key, version, {"harm": harm})
        if self.done(key, work):
            self.known[key] = replace(self.known[key], harm=harm)

    @rule(key=hazards, state=st.sampled_from(ControlState))
    def report(self, key: UUID, state: ControlState) -> None:
        """Past the application: the database itself holds what a closed hazard rests on."""
        if self.known[key].state is None:
            return
        if self.status[key] is HazardStatus.CLOSED:
            with pytest.raises(IntegrityError):
                self.run(set_controls(key, state))
            return
        self.run(set_controls(key, state))
        self.known[key] = replace(self.known[key], state=state)

    @rule(key=hazards)
    def argue(self, key: UUID) -> None:
        known = self.known[key]
        if self.done(key, self.log.argue(key), allowed=bool({known.level, known.evidenced} & alarp.LEVELS)):
            self.known[key] = replace(known, argued=known.argued + 1)

    @rule(key=hazards)
    def accept(self, key: UUID) -> None:
        if self.done(key, self.log.accept(key), allowed=self.known[key].acceptable):
            self.accepted[key] = self.known[key]

    def may_become(self, key: UUID, status: HazardStatus) -> bool:
        known = self.known[key]
        if status is self.status[key]:
            return False
        if status is HazardStatus.OPEN:
            return True
        if status is HazardStatus.TRANSFERRED:
            return known.theirs and known.state in {*LEFT, ControlState.IMPLEMENTED}
        reasoned = known.argued > 0 and self.accepted[key] == known
        levels_fit = known.level < 4 and (known.evidenced in {1, 2} or (known.evidenced == 3 and reasoned))
        return known.state not in LEFT and levels_fit

    @rule(key=hazards, status=st.sampled_from(HazardStatus))
    def change_status(self, key: UUID, status: HazardStatus) -> None:
        work = self.log.become(key, status)
        if not self.may_become(key, status):
            with pytest.raises(Conflict):
                self.run(work)
            return
        self.run(work)
        if status is HazardStatus.OPEN or self.status[key] is HazardStatus.CLOSED:
            self.accepted[key] = None
        self.status[key] = status
        self.closed[key] = self.run(hazard_edits.locked(self.log.project, key))["version"]

    @invariant()
    def acceptances_fit(self) -> None:
        for key, known in self.known.items():
            self.run(self.fits(key, known))

    async def fits(self, key: UUID, known: Known) -> None:
        in_force = [one for one in await acceptances(key) if one.withdrawn_date is None]
        accepted = self.accepted[key]
        assert len(in_force) == (accepted is not None)
        hazard = await hazard_edits.locked(self.log.project, key)
        for one in in_force:
            now = (await accepted_content.contents([key]))[key]
            assert (one.stale_date is None) == (accepted_content.digest(now) == one.content_hash) == (accepted == known)
            assert one.level < 4
            assert accepted is not None
            assert one.level == accepted.evidenced
            if one.stale_date is None:
                assert known.acceptable
        if self.status[key] is HazardStatus.CLOSED:
            assert hazard["version"] == self.closed[key]
        if evidenced := hazard["residual_evidenced"]:
            assert evidenced["falls_back"] == (known.state is not ControlState.VERIFIED)
            assert (evidenced["level"] or 0) == known.evidenced


def test_whatever_people_do(postgresql_databases: Databases, sqlite_databases: Databases) -> None:
    for databases, examples in ((sqlite_databases, 10), (postgresql_databases, 4)):
        machine = type("OnOneDatabase", (Acceptances,), {"databases": databases})
        few = settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        run_state_machine_as_test(machine, settings=few)
