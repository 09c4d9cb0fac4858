"""One change to many hazards: each as if it were changed alone, all of them or none."""

from uuid import UUID

import pytest

from errors import Conflict, Invalid, NotFound
from models.audit.audit import COMMAND_LINE
from models.comments import hazard_notices
from models.controls import control_links
from models.enumerations import HazardStatus, Likelihood, NoticeKind, Party, Role, Severity, Stage
from models.hazards import bulk_edits, hazard_additions, hazard_edits, hazard_log
from models.hazards.bulk_edits import BulkAction
from models.hazards.hazard_additions import NewHazard, NewRating
from models.hazards.hazard_parts import Place
from models.projects import members
from models.storage.columns import new_id
from models.storage.database import Database
from tests.authentication.statements import counted
from tests.endpoints.projects.traces import audited, last_audited, stored
from tests.models import accepting
from tests.models.controlling import ALARM, NO_NEW
from tests.models.samples import make_project, make_user

ACCEPTABLE = NewRating(Severity.MINOR, Likelihood.LOW)


class Log:
    def __init__(self, project: UUID, keys: list[UUID]) -> None:
        self.project, self.keys = project, keys

    async def change(self, action: BulkAction, value: str = "", *keys: UUID) -> list[UUID]:
        return await bulk_edits.change(COMMAND_LINE, self.project, keys or self.keys, action, value, "As agreed")

    async def each(self, name: str) -> list[object]:
        return [one[name] for one in await hazard_log.in_full(self.keys)]

    async def reopen(self, key: UUID) -> None:
        await hazard_edits.set_status(COMMAND_LINE, self.project, key, HazardStatus.OPEN, "New")


@pytest.fixture
async def log(database: Database) -> Log:
    """Three hazards, of which the second is closed."""
    project = (await make_project()).id
    hazards = [
        NewHazard("Wrong patient", types=["Identity"]),
        NewHazard("Late result", status=HazardStatus.CLOSED),
        NewHazard("Wrong dose", types=["Identity", "Prescribing"]),
    ]
    return Log(project, await hazard_additions.create(COMMAND_LINE, project, hazards, imported=True))


async def test_each_has_its_version_and_its_entry(log: Log) -> None:
    await log.reopen(log.keys[1])
    before = await last_audited()
    assert await log.change(BulkAction.TYPE_ADD, "IDENTITY") == [log.keys[1]]
    assert await log.each("types") == [["Identity"], ["Identity"], ["Identity", "Prescribing"]]
    assert await log.change(BulkAction.TYPE_REMOVE, "identity") == log.keys
    assert await log.each("types") == [[], [], ["Prescribing"]]
    assert await log.each("version") == [2, 4, 2]
    entries = await audited(before)
    assert {(entry["action"], entry["reason"]) for entry in entries} == {("hazard:edit", "As agreed")}
    assert [entry["entity_id"] for entry in entries] == [log.keys[1], *log.keys]
    assert entries[-1]["after"] == {"types": ["Prescribing"]}


async def test_a_new_owner_is_a_member_and_told(log: Log, database: Database) -> None:
    ada = await make_user("ada.owner@example.org")
    await ada.update(_columns=["is_verified"], is_verified=True)
    with pytest.raises(Invalid):
        await log.change(BulkAction.OWNER, str(ada.id), log.keys[0])
    await members.add(COMMAND_LINE, log.project, ada.id, Role.CONTRIBUTOR)
    assert await log.change(BulkAction.OWNER, str(ada.id), log.keys[0], log.keys[2]) == [log.keys[0], log.keys[2]]
    assert await log.change(BulkAction.OWNER, str(ada.id), log.keys[0]) == []
    assert (await log.each("owner"), await log.each("owner_id")) == (["", "", ""], [ada.id, None, ada.id])
    told, total = await hazard_notices.page(ada.id, 1, 20)
    assert ([one["kind"] for one in told], total) == ([NoticeKind.OWNER] * 2, 2)
    await log.change(BulkAction.OWNER, "nobody", log.keys[0])
    assert (await log.each("owner_id"))[0] is None


async def test_a_day_of_review(log: Log) -> None:
    await log.change(BulkAction.REVIEW_DATE, "2027-03-31", log.keys[0], log.keys[2])
    assert [str(day) for day in await log.each("review_date")] == ["2027-03-31", "None", "2027-03-31"]
    await log.change(BulkAction.REVIEW_DATE, "", log.keys[0])
    assert (await log.each("review_date"))[0] is None


async def test_a_status(log: Log) -> None:
    theirs = {**ALARM, "responsible": Party.DEPLOYER}
    for key in (log.keys[0], log.keys[2]):
        await control_links.add(COMMAND_LINE, Place(log.project, key), theirs, NO_NEW, [])
    assert await log.change(BulkAction.TRANSFER, "", log.keys[0], log.keys[2]) == [log.keys[0], log.keys[2]]
    assert await log.change(BulkAction.REOPEN) == log.keys
    assert set(await log.each("status")) == {HazardStatus.OPEN}


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (BulkAction.TYPE_ADD, "Data breach"),
        (BulkAction.REVIEW_DATE, "2027-03-31"),
        (BulkAction.CLOSE, ""),
    ],
)
async def test_all_or_nothing_and_the_reasons(log: Log, action: BulkAction, value: str) -> None:
    before = await stored()
    with pytest.raises(Conflict) as refused:
        await log.change(action, value)
    told = [problem.message for problem in refused.value.problems]
    assert any(message.startswith("HAZ-002: ") and "closed" in message for message in told), told
    assert f"{len(told)} of 3" in refused.value.detail
    assert await stored() == before


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (BulkAction.OWNER, ""),
        (BulkAction.OWNER, "Ada"),
        (BulkAction.OWNER, "00000000-0000-7000-8000-000000000000"),
        (BulkAction.TYPE_ADD, ""),
        (BulkAction.TYPE_ADD, "Of no list"),
        (BulkAction.TYPE_REMOVE, "x" * 201),
        (BulkAction.REVIEW_DATE, "31/03/2027"),
        (BulkAction.REVIEW_DATE, "2027-02-30"),
        (BulkAction.REVIEW_DATE, "20270331"),
        (BulkAction.REVIEW_DATE, "2027-W01-1"),
    ],
)
async def test_a_value_that_does_not_fit(log: Log, action: BulkAction, value: str) -> None:
    before = await stored()
    with pytest.raises(Invalid) as refused:
        await log.change(action, value)
    assert [problem.field for problem in refused.value.problems] == ["value"]
    assert await stored() == before


async def test_a_hazard_that_is_not_there(log: Log) -> None:
    with pytest.raises(NotFound):
        await log.change(BulkAction.TRANSFER, "", log.keys[0], new_id())
    assert (await log.each("status"))[0] is HazardStatus.OPEN


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (BulkAction.OWNER, "{ada}"),
        (BulkAction.TYPE_ADD, "Allergy"),
        (BulkAction.TYPE_REMOVE, "Prescribing"),
        (BulkAction.REVIEW_DATE, "2027-03-31"),
        (BulkAction.CLOSE, ""),
    ],
)
async def test_many_take_no_more_statements_than_two(database: Database, action: BulkAction, value: str) -> None:
    """While it runs nobody else can write to these hazards, so it has to be over soon."""
    ada = await make_user("ada.owner@example.org")
    await ada.update(_columns=["is_verified"], is_verified=True)
    project = (await make_project()).id
    await members.add(COMMAND_LINE, project, ada.id, Role.CONTRIBUTOR)
    hazard = NewHazard("Wrong patient", types=["Prescribing"], ratings={Stage.INITIAL: ACCEPTABLE})
    keys = await hazard_additions.create(COMMAND_LINE, project, [hazard] * 102)
    asked = []
    for some in (keys[:2], keys[2:]):
        with counted() as statements:
            wanted = value.format(ada=ada.id)
            assert await bulk_edits.change(COMMAND_LINE, project, some, action, wanted, "As agreed") == some
        asked.append(len(statements))
    # Many rows go to PostgreSQL by COPY, which is not counted.
    assert asked[1] <= asked[0], asked
    assert len({one["version"] for one in await hazard_log.in_full(keys)}) == 1


async def test_who_reopens_many_ends_the_acceptance_of_each(database: Database) -> None:
    log = await accepting.a_log()
    keys = [await log.hazard(1) for _ in range(3)]
    for key in keys[:2]:
        await log.accept(key)
    for action in (BulkAction.CLOSE, BulkAction.REOPEN):
        await bulk_edits.change(log.actor, log.project, keys, action, "", "As agreed")
    found = [await accepting.acceptances(key) for key in keys]
    assert [[one.withdrawn_date is not None for one in each] for each in found] == [[True], [True], []]
    told = [one["after"] for one in await audited(0) if one["action"] == "hazard:reopen"]
    assert told == [{"status": "open", "acceptance": None}] * 2 + [{"status": "open"}]
