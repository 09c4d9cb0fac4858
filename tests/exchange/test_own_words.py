"""Ratings in numbers or words of a log's own are no levels: they are kept as text, and a person has to assess."""

import pytest

from exchange.hazard_log import HazardLog, OwnRating, read_hazard_log
from models.enumerations import ControlStage, HazardStatus, Likelihood, Severity, Stage
from tests.exchange import joint_journey
from tests.exchange.joint_journey import HEADINGS, ROWS, workbook_bytes
from tests.exchange.reading import csv_bytes, read
from tests.exchange.test_published_logs import LOGS, published

KEPT = ("Init L", "Init S", "Init Risk", "Res L", "Res S", "Residual Risk")


def changed(**fields: object) -> HazardLog:
    """The first hazard with some cells changed; `_` in a keyword stands for a blank."""
    row = dict(zip(HEADINGS, ROWS[0], strict=True))
    row |= {name.replace("_", " "): value for name, value in fields.items()}
    return read(workbook_bytes([list(row.values())]))


def test_no_number_becomes_a_level_and_none_is_lost() -> None:
    log = read(workbook_bytes())
    assert (log.layout, log.problems, len(log.hazards)) == ("joint-journey", (), len(ROWS))
    assert {(hazard.initial, hazard.residual, hazard.status) for hazard in log.hazards} == {(None, None, "open")}
    assert log.own_ratings[0] == OwnRating(8, Stage.INITIAL, "Init L 3, Init S 3, Init Risk 9")
    assert [(one.row, one.stage) for one in log.own_ratings] == [
        (row, stage) for row in range(8, 8 + len(ROWS)) for stage in Stage
    ]
    for hazard, row in zip(log.hazards, ROWS, strict=True):
        typed = dict(zip(HEADINGS, map(str, row), strict=True))
        assert {name: text for name, text in hazard.recorded if name in KEPT} == {name: typed[name] for name in KEPT}
        assert (hazard.status_justification, hazard.number) == (typed["Status"], typed["ID"])


def test_texts_controls_and_what_stands_below() -> None:
    log = read(workbook_bytes())
    first = log.hazards[0]
    assert (first.effect, first.causes) == ("A dose is missed.", ("Two lists are mixed up; names look alike.",))
    assert [(control.stage, control.kind, control.description) for control in first.controls] == [
        (ControlStage.EXISTING, None, "Each reminder shows a picture."),
        (ControlStage.ADDITIONAL, None, "Names are compared letter by letter."),
    ]
    told = {note.column: note.message for note in log.notes}
    assert told.keys() == {"ID", "Status", "Domain / Reviewer"}
    assert "Rows: 13, 14, 15, 16, 17." in told["ID"]


def test_official_words_are_read_and_a_product_of_them_is_no_level() -> None:
    log = changed(Init_L="Low", Init_S="Minor", Init_Risk=2)
    initial = log.hazards[0].initial
    assert initial
    assert (initial.likelihood, initial.severity, initial.stored_level) == (Likelihood.LOW, Severity.MINOR, None)
    assert ("Init Risk", "2") in log.hazards[0].recorded
    assert [one.stage for one in log.own_ratings] == [Stage.RESIDUAL]


@pytest.mark.parametrize(
    ("severity", "likelihood"), [("Serious", "Low"), ("Negligible", "Remote"), ("Major", 2), (3, "Low"), (None, "Low")]
)
def test_one_part_that_is_not_official_keeps_the_whole_as_text(severity: object, likelihood: object) -> None:
    log = changed(Init_L=likelihood, Init_S=severity, Init_Risk=None)
    assert log.hazards[0].initial is None
    assert log.own_ratings[0].recorded == ", ".join(
        f"{heading} {text}" for heading, text in (("Init L", likelihood), ("Init S", severity)) if text
    )


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("Closed", HazardStatus.CLOSED), ("", HazardStatus.OPEN), ("Closed, awaiting approval", HazardStatus.OPEN),
        ("Draft", HazardStatus.OPEN), ("Transferred to the ward", HazardStatus.OPEN),
    ],
)  # fmt: skip
def test_no_hazard_comes_out_less_open_than_its_log_has_it(typed: str, status: HazardStatus) -> None:
    hazard = changed(Status=typed).hazards[0]
    assert hazard.status is status
    assert hazard.status_justification == ("" if typed in ("Closed", "") else typed)


def test_a_csv_of_it_is_read_too() -> None:
    log = read(csv_bytes([["Our own log"], HEADINGS, *ROWS]), "log.csv")
    assert (log.layout, len(log.hazards), len(log.own_ratings)) == ("joint-journey", len(ROWS), 2 * len(ROWS))


@published
def test_the_joint_journey_log() -> None:
    path = LOGS / "joint-journey" / joint_journey.NAME
    with path.open("rb") as file:
        log = read_hazard_log(file, path.name)
    assert (log.layout, len(log.hazards), log.problems) == ("joint-journey", 10, ())
    assert {(hazard.initial, hazard.residual, hazard.status) for hazard in log.hazards} == {(None, None, "open")}
    assert len(log.own_ratings) == 20
    assert {len(hazard.recorded) for hazard in log.hazards} == {7}
