"""Real published logs and the real template are read whole; without the folder that holds them, our own stand in."""

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from exchange.demo import read_demo_project
from exchange.hazard_log import HazardLog, LoggedHazard, read_hazard_log
from models.enumerations import ControlKind, ControlStage
from models.risk.risk_matrix import MATRICES, OFFICIAL
from tests.exchange.official_log import (
    FIRST_ROW,
    Row,
    official_workbook_bytes,
    saved,
    typed,
    with_shared_strings,
    write_row,
)
from tests.exchange.reading import read
from tests.exchange.uk_core import Page, page, pages

REPOSITORY = Path(__file__).parent.parent.parent
LOGS = REPOSITORY.parent / "shared" / "data" / "hazard-logs"
TEMPLATE = LOGS / "official-nhs-hazard-log-template" / "clinical_safety_hazard_log_template.xlsx"

published = pytest.mark.skipif(
    not LOGS.is_dir(),
    reason="../shared/data/hazard-logs is not there: the published logs and the template are not ours to ship",
)

# A page in the layout of the UK Core log, in our own words, for machines without the real ones.
OUR_PAGE = """## {{page-title}}

## A code is shown without its words
<div><h2>Initial Risk Rating</h2>
<table class="assets"><tr><th>Likelihood</th><th>Consequence</th><th>Risk</th></tr>
<tr><td>Medium</td>
 <td>Considerable</td>
 <td class="risk3">3</td></tr></table></div>
<div class="column"><H2>Residual Hazard Risk Rating</H2>
<table class="assets"><tr><th>Likelihood</th><th>Consequence</th><th>Risk</th></tr>
<tr><td>Very Low</td><td>Considerable</td><td class="risk2">2</td></tr></table></div>

## Hazard Description
The receiving system shows &lt;code&gt; only.
Nobody can read it.

## Potential Clinical Impact
Treatment is delayed.

## Possible Causes
1. Words are left out.
2. The code list is old.

## Existing Controls
n/a

## Design
As far as possible:
- words are sent,
- codes are checked.
<br>
Work goes on.

## Test
Clinical assurance.

## Training
n/a

## Business Process Change
n/a
"""


def levels(hazards: Sequence[LoggedHazard]) -> list[tuple[int, int]]:
    level = MATRICES[OFFICIAL].level
    found = []
    for hazard in hazards:
        assert hazard.initial
        assert hazard.residual
        derived = [level(rating.severity, rating.likelihood) for rating in (hazard.initial, hazard.residual)]
        found.append((derived[0], derived[1]))
    return found


def stored(hazards: Sequence[LoggedHazard]) -> list[tuple[int | None, int | None]]:
    found = []
    for hazard in hazards:
        assert hazard.initial
        assert hazard.residual
        found.append((hazard.initial.stored_level, hazard.residual.stored_level))
    return found


def words_of(hazard: LoggedHazard) -> str:
    controls = [f"{control.description}\n{control.evidence}" for control in hazard.controls]
    return "\n".join([hazard.description, hazard.effect, *hazard.causes, *controls])


def assert_whole(log: HazardLog, transcribed: Sequence[Page]) -> None:
    """Every hazard, no problem, both levels as derived, and every line of the page."""
    assert log.layout == "official-3.6"
    assert (log.problems, len(log.hazards)) == ((), len(transcribed))
    assert levels(log.hazards) == [page.levels for page in transcribed]
    for hazard, of in zip(log.hazards, transcribed, strict=True):
        assert hazard.number == of.fields["number"]
        text = "".join(character for character in words_of(hazard) if character.isalpha())
        for line in of.lines:
            wanted = "".join(character for character in line if character.isalpha())
            assert wanted in text or wanted == "na"


def with_levels(transcribed: Sequence[Page]) -> list[Row]:
    return [one.fields | {"initial.risk": one.levels[0], "residual.risk": str(one.levels[1])} for one in transcribed]


@published
def test_the_uk_core_log_in_our_workbook() -> None:
    real = list(pages(LOGS / "nhsdigital-uk-core"))
    assert len(real) == 9
    log = read(official_workbook_bytes(with_levels(real)))
    assert_whole(log, real)
    assert stored(log.hazards) == levels(log.hazards)


@published
@pytest.mark.parametrize("as_excel", [False, True], ids=["texts in cells", "texts in a table"])
def test_the_uk_core_log_in_the_real_template(*, as_excel: bool) -> None:
    real = list(pages(LOGS / "nhsdigital-uk-core"))
    book = openpyxl.load_workbook(TEMPLATE)
    for number, one in enumerate(real, start=FIRST_ROW):
        write_row(book["Hazard Log"], number, one.fields)
    content = saved(book)
    log = read(with_shared_strings(content) if as_excel else content)
    assert_whole(log, real)
    assert [hazard.row for hazard in log.hazards] == list(range(5, 14))


@published
def test_the_template_itself_has_no_hazards() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    write_row(book["Hazard Log"], 67, {"hazard": "The last row of the template"})
    assert [hazard.row for hazard in read(saved(book)).hazards] == [67]


@published
def test_the_clinical_referral_log() -> None:
    path = LOGS / "clinical-referral-csv" / "hazard-log.csv"
    with path.open("rb") as file:
        log = read_hazard_log(file, path.name)
    assert (log.layout, len(log.hazards), log.problems) == ("clinical-referral-csv", 12, ())
    assert {hazard.status for hazard in log.hazards} == {"open"}
    assert all(hazard.status_justification.startswith("Open - ") for hazard in log.hazards)
    assert levels(log.hazards)[0] == (4, 3)
    assert stored(log.hazards) == [(None, None)] * 12
    assert [len(hazard.recorded) for hazard in log.hazards] == [2] * 12
    for hazard in log.hazards:
        assert [(control.kind, control.stage) for control in hazard.controls] == [(None, ControlStage.EXISTING)]


@published
@pytest.mark.parametrize("path", ["jcf54-dissertation/hazard_log_template.xlsx"])
def test_layouts_that_are_not_understood_are_refused(path: str) -> None:
    with (LOGS / path).open("rb") as file, pytest.raises(Exception, match="these are missing") as caught:
        read_hazard_log(file, path)
    assert getattr(caught.value, "code", None) == "LAYOUT_NOT_RECOGNISED"


def test_a_page_of_our_own_in_the_same_layout() -> None:
    ours = [page("OWN1", OUR_PAGE), page("OWN2", OUR_PAGE)]
    assert ours[0].levels == (3, 2)
    assert ours[0].fields["additional.design.description"] == (
        "As far as possible:\n- words are sent,\n- codes are checked.\nWork goes on."
    )
    log = read(official_workbook_bytes(with_levels(ours)))
    assert_whole(log, ours)
    assert stored(log.hazards) == levels(log.hazards) == [(3, 2), (3, 2)]
    assert log.hazards[0].name == "A code is shown without its words"
    assert log.hazards[0].causes == ("Words are left out.", "The code list is old.")


def test_our_own_log_comes_back_out_of_the_workbook() -> None:
    ours = read_demo_project((REPOSITORY / "commands" / "demo_project.json").read_bytes()).log.hazards
    book = openpyxl.load_workbook(io.BytesIO(official_workbook_bytes(map(typed, ours))))
    log = read(with_shared_strings(saved(book)))
    assert (log.problems, len(log.hazards)) == ((), len(ours))
    for there, here in zip(log.hazards, ours, strict=True):
        assert (there.name, there.causes, there.identified_date) == (here.name, here.causes, here.identified_date)
        assert (there.initial, there.residual) == (here.initial, here.residual)
        assert (there.status, there.owner, there.harm, there.effect) == (
            here.status,
            here.owner,
            here.harm,
            here.effect,
        )
        wanted = [control.description for control in here.controls if control.kind is not ControlKind.TEST]
        assert sorted(control.description for control in there.controls) == sorted(wanted)
