"""Importing a hazard log: all of it or nothing, every line of it, and a report that hides nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from exchange.hazard_log import LAYOUTS
from models.enumerations import Role
from tests.authentication.statements import counted
from tests.clients import PAGE, Person
from tests.endpoints.projects.conftest import Join
from tests.endpoints.projects.project_id.imports.uploads import BAD, hazards, table, texts_in, upload, workbook
from tests.endpoints.projects.traces import audited, broken_trail, key_of, last_audited, refused, stored
from tests.exchange import joint_journey
from tests.exchange.official_log import COLUMNS, a_hazard, rated, with_parts
from tests.exchange.reading import IG_HEADINGS, IG_ROW, REFERRAL_HEADINGS, REFERRAL_ROW, csv_bytes
from tests.exchange.test_published_logs import LOGS, published, with_levels
from tests.exchange.uk_core import pages

REPORT = {"recognised_layout", "imported", "skipped", "disagreements", "problems"}


async def test_a_workbook_becomes_hazards_and_a_report(owner: Person, project: str) -> None:
    answer = await upload(owner, project, workbook())
    report = answer.json()
    assert answer.status_code == 201
    assert REPORT <= report.keys()
    assert {name: report[name] for name in REPORT} == {
        "recognised_layout": "official-3.6", "imported": 2, "skipped": 0, "disagreements": [], "problems": [],
    }  # fmt: skip
    assert report["url"] == answer.headers["location"] == f"{project}imports/{report['id']}/"
    first, second = await hazards(owner, project)
    assert (first["reference"], second["reference"]) == ("HAZ-001", "HAZ-002")
    assert (first["recorded_number"], first["version"]) == ("1", 1)
    assert (first["initial"]["level"], first["initial"]["assessed_by"]) == (3, None)


async def test_a_csv_with_the_older_columns(owner: Person, project: str) -> None:
    report = (await upload(owner, project, csv_bytes([IG_HEADINGS, IG_ROW]), "log.csv")).json()
    assert (report["recognised_layout"], report["imported"]) == ("ig-table-2", 1)
    [hazard] = await hazards(owner, project)
    assert (hazard["name"], hazard["causes"]) == ("Alert arrives late", ["Queue full", "Network down"])
    assert (hazard["initial"]["level"], hazard["residual"]["level"]) == (3, 2)
    kinds = [(control["kind"], control["stage"], control["state"]) for control in hazard["controls"]]
    assert kinds == [(None, "existing", "implemented")] * 2 + [
        ("design", "additional", "proposed"), ("test", "additional", "proposed"),
        ("business_process", "additional", "proposed"),
    ]  # fmt: skip


async def test_a_layout_may_be_named(owner: Person, project: str) -> None:
    content = csv_bytes([IG_HEADINGS, IG_ROW])
    assert refused(await upload(owner, project, content, "log.csv", layout="my-own")) == ["layout"]
    refused(await upload(owner, project, content, "log.csv", layout="official-3.6"))
    assert (await upload(owner, project, content, "log.csv", layout="ig-table-2")).status_code == 201


async def test_a_stored_level_that_disagrees_is_told_and_kept_beside_the_derived_one(
    owner: Person, project: str
) -> None:
    rows = (
        rated("Major", "Low", number=1, initial__risk=5),
        rated("Major", "Low", number=2, initial__risk=3),
        rated("Minor", "Low", number=3, residual__severity="Major", residual__likelihood="High", residual__risk="1"),
    )
    report = (await upload(owner, project, workbook(*rows))).json()
    assert report["disagreements"] == [
        {"row": 5, "stage": "initial", "stored": 5, "derived": 3},
        {"row": 7, "stage": "residual", "stored": 1, "derived": 4},
    ]
    first, second, third = await hazards(owner, project)
    assert (first["initial"]["level"], first["initial"]["recorded_level"]) == (3, 5)
    assert (second["initial"]["level"], second["initial"]["recorded_level"]) == (3, 3)
    assert (third["residual"]["level"], third["residual"]["recorded_level"]) == (4, 1)
    assert third["initial"]["recorded_level"] is None


async def test_one_bad_row_stores_nothing(owner: Person, project: str) -> None:
    before = await stored()
    answer = await upload(owner, project, workbook(rated(number=1), BAD, rated(number=3)))
    assert refused(answer) == ["file"]
    assert answer.json()["detail"].startswith("The file has 1 problem, so nothing was stored.")
    [problem] = answer.json()["errors"]
    assert problem["message"].startswith("Row 6, ")
    assert "Dreadful" not in answer.text
    # No hazard, no import, no entry, and no number used up.
    assert await stored() == before


async def test_skipping_stores_the_rest(owner: Person, project: str) -> None:
    answer = await upload(owner, project, workbook(rated(number=1), BAD, rated(number=3)), on_problem="skip")
    report = answer.json()
    assert (answer.status_code, report["imported"], report["skipped"]) == (201, 2, 1)
    assert [problem["row"] for problem in report["problems"]] == [6]
    assert [(hazard["number"], hazard["recorded_number"]) for hazard in await hazards(owner, project)] == [
        (1, "1"),
        (2, "3"),
    ]


async def test_skipping_everything_is_no_import(owner: Person, project: str) -> None:
    before = await stored()
    refused(await upload(owner, project, workbook(BAD), on_problem="skip"))
    assert await stored() == before


async def test_checking_tells_all_and_stores_nothing(owner: Person, project: str) -> None:
    before = await stored()
    content = workbook(rated("Major", "Low", number=1, initial__risk=5), BAD)
    answer = await upload(owner, project, content, on_problem="check")
    assert refused(answer, 409) == ["file", "file"]
    told = answer.json()
    assert told["code"] == "ONLY_CHECKED"
    assert "1 hazards can be imported by the layout official-3.6; 1 cannot be read." in told["detail"]
    assert [error["message"].partition(":")[0] for error in told["errors"]] == [
        "Row 6, Initial Risk, Initial Risk Assessment, Severity",
        "Row 5",
    ]
    page = await owner.client.post(
        f"{project}imports/create/", files={"file": ("log.xlsx", content)}, data={"on_problem": "check"}, headers=PAGE
    )
    assert (page.status_code, "<title>Import" in page.text, "The file was checked" in page.text) == (409, True, True)
    assert await stored() == before
    journey = await upload(owner, project, joint_journey.workbook_bytes(), on_problem="check")
    assert "8 ratings would have to be assessed by a person" in journey.json()["detail"]
    assert "Row 8: the initial rating is kept as text (Init L 3, Init S 3, Init Risk 9)." in journey.text


async def test_many_problems_are_not_all_told(owner: Person, project: str) -> None:
    answer = await upload(owner, project, workbook(*[BAD] * 103))
    assert refused(answer) == ["file"] * 101
    assert answer.json()["errors"][-1]["message"] == "And 3 more problems"
    assert "103 problems" in answer.json()["detail"]


async def test_the_same_file_is_imported_once(owner: Person, project: str, public_project: str) -> None:
    content = workbook()
    earlier = (await upload(owner, project, content)).json()
    before = await stored()
    for more in ({}, {"on_problem": "check"}):
        again = await upload(owner, project, content, "renamed.xlsx", **more)
        refused(again, 409)
        assert (again.json()["code"], again.json()["current"]) == ("IMPORTED_BEFORE", earlier)
    files = {"file": ("log.xlsx", content)}
    page = (await owner.client.post(f"{project}imports/create/", files=files, headers=PAGE)).text
    assert re.search(rf'<a href="{earlier["url"]}">\s*This very file was imported [^<]*report', page)
    assert await stored() == before
    assert (await upload(owner, public_project, content)).status_code == 201


async def test_five_clicks_import_once(owner: Person, project: str) -> None:
    content = workbook()
    answers = await asyncio.gather(*(upload(owner, project, content) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len(await hazards(owner, project)) == 2


async def test_every_line_of_every_cell_arrives(owner: Person, project: str) -> None:
    """Each line has a word of its own, which must be found again in the hazard."""
    fixed = {
        "number": 1, "identified_date": "14/03/2026", "status": "Closed",
        "initial.severity": "Major ", "initial.likelihood": "very  HIGH", "initial.risk": 5,
        "residual.severity": " minor", "residual.likelihood": "Very Low", "residual.risk": 1,
    }  # fmt: skip
    free = [name for name in COLUMNS if name not in fixed]
    typed = {name: f"first{at} of it\n\n- second{at}\n  third{at}; more \N{PILL}" for at, name in enumerate(free)}
    assert (await upload(owner, project, workbook(fixed | typed))).status_code == 201
    [listed] = await hazards(owner, project)
    hazard = (await owner.client.get(listed["url"])).json()
    found = "\n".join(texts_in(hazard))
    words = [f"{word}{at}" for at in range(len(free)) for word in ("first", "second", "third")]
    assert [word for word in words if word not in found] == []
    assert found.count("\N{PILL}") >= len(free)
    assert (hazard["status"], hazard["identified_date"]) == ("closed", "2026-03-14")
    assert (hazard["initial"]["level"], hazard["residual"]["level"]) == (5, 1)


async def test_every_cell_of_the_other_layouts_arrives(owner: Person, project: str) -> None:
    for headings, row in ((IG_HEADINGS, IG_ROW), (REFERRAL_HEADINGS, REFERRAL_ROW)):
        own = (*headings, "Of our own", "Of our own")
        content = csv_bytes([own, (*row, "first own", "second own")])
        assert (await upload(owner, project, content, "log.csv")).status_code == 201
        found = texts_in((await hazards(owner, project))[-1])
        assert {"first own", "second own"} <= set(found)
        coded = {"Major", "Medium", "Very low", "High", "Considerable", "Low", "Open", "n/a"}
        lines = [
            line for cell in row if cell not in coded and str(cell) not in "12345" for line in str(cell).split("\n")
        ]
        together = "\n".join(found)
        assert [line for line in lines if line.lstrip("12. ") not in together] == []


@published
async def test_the_uk_core_log_with_every_level_as_derived(owner: Person, project: str) -> None:
    real = list(pages(LOGS / "nhsdigital-uk-core"))
    report = (await upload(owner, project, workbook(*with_levels(real)))).json()
    assert (report["imported"], report["disagreements"], report["problems"]) == (9, [], [])
    log = await hazards(owner, project)
    assert [(hazard["initial"]["level"], hazard["residual"]["level"]) for hazard in log] == [one.levels for one in real]
    assert all(hazard["initial"]["recorded_level"] == hazard["initial"]["level"] for hazard in log)


async def test_what_was_imported_can_be_edited(owner: Person, project: str) -> None:
    long = a_hazard(hazard="x" * 32_000, causes="\n".join(f"cause {at}" for at in range(300)), owner="Ward\nPharmacy")
    await upload(owner, project, workbook(long))
    [hazard] = await hazards(owner, project)
    same = {name: hazard[name] for name in ("name", "description", "effect", "causes", "owner")}
    answer = await owner.client.post(f"{hazard['url']}edit/", json={"version": 1, **same, "harm": "New"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


OUTSIDE = csv_bytes([IG_HEADINGS, ('=WEBSERVICE("//example.org")', *IG_ROW[1:])])
UNREADABLE: tuple[tuple[bytes, str, str], ...] = (
    (b"", "log.xlsx", "FILE_NOT_UNDERSTOOD"),
    (b"no workbook", "log.xlsx", "FILE_NOT_UNDERSTOOD"),
    (b"PK\x03\x04 no zip", "log.xlsx", "FILE_NOT_UNDERSTOOD"),
    (b"\xd0\xcf\x11\xe0 old", "log.xls", "FILE_NOT_UNDERSTOOD"),
    (bytes(range(256)) * 9, "log.csv", "FILE_NOT_UNDERSTOOD"),
    (b"One,Two\n1,2\n", "log.csv", "LAYOUT_NOT_RECOGNISED"),
    (csv_bytes([IG_HEADINGS]), "log.csv", "FILE_NOT_UNDERSTOOD"),
    (OUTSIDE, "log.csv", "FILE_NOT_SAFE"),
    (workbook(a_hazard(effect="='[Other.xlsx]Sheet1'!A1")), "log.xlsx", "FILE_NOT_SAFE"),
    (with_parts(workbook(), {"xl/media/image1.png": bytes(64 * 1024 * 1024)}), "log.xlsx", "FILE_NOT_SAFE"),
)  # fmt: skip


async def test_what_cannot_be_read_is_told_and_leaves_nothing(owner: Person, project: str) -> None:
    before = await stored()
    for content, name, code in UNREADABLE:
        for on_problem in ("refuse", "skip"):
            answer = await upload(owner, project, content, name, on_problem=on_problem)
            refused(answer)
            assert answer.json()["code"] == code, (name, answer.text)
    assert await stored() == before


async def test_a_request_without_a_file_is_told(owner: Person, project: str) -> None:
    url = f"{project}imports/create/"
    assert refused(await owner.client.post(url, json={"file": "x"})) == ["file"]
    assert refused(await owner.client.post(url, data={"file": "x"})) == ["file"]
    as_text = await owner.client.post(url, files={"file": (None, "x")})
    assert refused(as_text) == ["file"]
    assert as_text.json()["errors"][0]["message"] == "Enter a file"
    assert refused(await upload(owner, project, workbook(), on_problem="ignore")) == ["on_problem"]


async def test_a_name_with_signs_that_cannot_be_shown(owner: Person, project: str) -> None:
    for at, name in enumerate(
        ("a\nb.xlsx", "%00\x01.xlsx", "x" * 300 + ".xlsx", "../../etc/passwd.xlsx", "\N{PILL}.xlsx")
    ):
        report = (await upload(owner, project, workbook(rated(number=at)), name)).json()
        assert report["file_name"].isprintable()
        assert len(report["file_name"]) <= 255


async def body_of(person: Person, project: str, content: bytes) -> tuple[str, dict[str, str], bytes]:
    request = person.client.build_request("POST", f"{project}imports/create/", files={"file": ("log.xlsx", content)})
    return str(request.url), {"content-type": request.headers["content-type"]}, request.read()


async def test_a_file_beyond_the_limit_is_refused_while_it_arrives(app: FastAPI, owner: Person, project: str) -> None:
    app.state.settings = replace(app.state.settings, UPLOAD_LIMIT_MEGABYTES=1)
    url, headers, body = await body_of(owner, project, bytes(3_000_000))
    before = await stored()
    refused(await owner.client.post(url, content=body, headers=headers), 413)
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for start in range(0, len(body), 100_000):
            sent += 1
            yield body[start : start + 100_000]

    refused(await owner.client.post(url, content=pieces(), headers=headers), 413)
    assert sent == 11
    assert await stored() == before


async def test_only_a_file_may_be_large(owner: Person, project: str) -> None:
    body = {"name": "x", "description": "x" * 1_100_000}
    refused(await owner.client.post(f"{project}hazards/create/", json=body), 413)


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_no_file_stays_open(owner: Person, project: str) -> None:
    """Uploads of more than a megabyte are kept on disk while they are read."""
    content = workbook() + bytes(2_000_000)
    refused(await upload(owner, project, content))
    before = open_files()
    for _ in range(5):
        refused(await upload(owner, project, content))
    assert open_files() <= before


async def test_who_may_write_may_import(join: Join, project: str) -> None:
    expected = {Role.CSO: 201, Role.CONTRIBUTOR: 201, Role.REVIEWER: 403, Role.VIEWER: 403}
    for at, (role, status) in enumerate(expected.items()):
        member = await join(role)
        assert (await upload(member, project, workbook(rated(number=at)))).status_code == status, role


async def test_the_first_version_of_each_hazard_is_its_import(owner: Person, project: str) -> None:
    await upload(owner, project, workbook())
    [hazard, _] = await hazards(owner, project)
    [version] = (await owner.client.get(f"{hazard['url']}history/")).json()["versions"]
    assert (version["version"], version["action"], version["who"]) == (1, "hazard:import", "Owner Example")
    assert version["after"]["recorded_number"] == "1"
    assert version["after"]["initial"] == {"severity": "major", "likelihood": "low", "level": 3}


async def test_an_entry_for_each_hazard_and_one_for_the_import(owner: Person, project: str) -> None:
    mark = await last_audited()
    report = (await upload(owner, project, workbook())).json()
    entries = await audited(mark)
    assert [entry["action"] for entry in entries] == ["hazard:import", "hazard:import", "import:create"]
    assert {entry["user_id"] for entry in entries} == {owner.id}
    assert entries[-1]["entity_id"] == key_of(report["url"])
    told = {"file_name": "log.xlsx", "layout": "official-3.6", "imported": 2, "skipped": 0}
    assert told.items() <= entries[-1]["after"].items()
    assert len(entries[-1]["after"]["sha256"]) == 64


async def test_without_its_entries_nothing_is_stored(owner: Person, project: str) -> None:
    before = await stored()
    async with broken_trail():
        refused(await upload(owner, project, workbook()), 500)
        refused(await upload(owner, project, table(300), "log.csv"), 500)
    assert await stored() == before


async def test_five_thousand_hazards_at_once(owner: Person, project: str) -> None:
    with counted() as statements:
        report = (await upload(owner, project, table(5_000), "log.csv")).json()
    assert (report["imported"], report["problems"]) == (5_000, [])
    # Six tables and the audit trail in batches, not a statement for each of some 70,000 rows.
    assert len(statements) < 200
    last = (await owner.client.get(f"{project}hazards/", params={"sort": "-number", "limit": 1})).json()
    assert last["pagination"]["total"] == 5_000
    [hazard] = last["data"]
    assert (hazard["reference"], hazard["recorded_number"]) == ("HAZ-5000", "HAZ-5000")
    assert (hazard["causes"], len(hazard["controls"])) == (["Queue full", "Network down"], 5)
    after: list[Any] = await audited()
    assert sum(entry["action"] == "hazard:import" for entry in after) == 5_000


async def test_a_browser_sees_the_report_or_the_problems(owner: Person, project: str) -> None:
    url = f"{project}imports/create/"
    bad = await owner.client.post(url, files={"file": ("log.xlsx", workbook(BAD))}, headers=PAGE)
    assert bad.status_code == 422
    assert "Row 5" in bad.text
    good = await owner.client.post(url, files={"file": ("log.xlsx", workbook())}, headers=PAGE)
    assert good.status_code == 303
    assert good.headers["location"].startswith(f"{project}imports/")


async def test_the_layouts_are_told(owner: Person, project: str) -> None:
    choices = (await owner.client.get(f"{project}imports/create/")).json()
    assert choices["layouts"] == LAYOUTS


@pytest.mark.parametrize("charset", ["utf-16", "cp1252"])
async def test_other_encodings_of_a_csv(owner: Person, project: str, charset: str) -> None:
    row = (IG_ROW[0], "Dose of 5 \N{MICRO SIGN}g", *IG_ROW[2:])
    content = csv_bytes([IG_HEADINGS, row], encoding=charset)
    assert (await upload(owner, project, content, "log.csv")).status_code == 201
    assert (await hazards(owner, project))[0]["name"] == "Dose of 5 \N{MICRO SIGN}g"
