"""How values are put into words: UK clocks, the field's names, and what a refused form had in its boxes."""

from datetime import UTC, date, datetime

import pytest

from endpoints import _words
from endpoints._forms import Form
from errors import FieldProblem
from models import enumerations
from models.risk.risk_matrix import MATRICES, OFFICIAL, SEVERAL


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-20T20:51:00+00:00", "20 November 2026 at 20:51"),
        ("2026-11-20T20:51:00Z", "20 November 2026 at 20:51"),
        ("2026-06-30T23:30:00+00:00", "1 July 2026 at 00:30"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026 at 02:00"),
        (datetime(2026, 1, 5, 9, 5, 59, 999999, tzinfo=UTC), "5 January 2026 at 09:05"),
    ],
)
def test_times_are_shown_as_uk_clocks_show_them(moment: datetime | str, shown: str) -> None:
    assert _words.show_datetime(moment) == shown
    assert _words.show_date(moment) == shown.partition(" at ")[0]


def test_a_date_may_be_short_and_a_day_has_no_zone() -> None:
    assert _words.show_date("2026-11-20T20:51:00+00:00", "%b") == "20 Nov 2026"
    assert _words.show_day(date(2026, 9, 1)) == "1 September 2026"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        _words.show_date("2026-11-20T20:51:00")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (enumerations.Likelihood.VERY_HIGH, "Very high"),
        (enumerations.ControlKind.BUSINESS_PROCESS, "Business process"),
        (enumerations.Role.CSO, "Clinical Safety Officer"),
        (enumerations.Standard.DCB0129, "DCB0129"),
        ("transferred", "Transferred"),
    ],
)
def test_values_have_the_words_of_the_field(value: str, words: str) -> None:
    assert _words.label(value) == words


def test_every_level_has_a_name_and_the_meaning_that_its_matrix_gives() -> None:
    assert _words.level_name(5) == "Unacceptable"
    for version, matrix in MATRICES.items():
        for level in range(1, 6):
            assert _words.level_name(level)
            assert _words.level_meaning(level, version) == matrix.meanings[level]


def test_one_patient_and_several_are_told_apart_in_what_a_severity_means() -> None:
    for version, matrix in MATRICES.items():
        for severity, harms in matrix.severities.items():
            one, _, several = _words.severity_meaning(severity, version).partition("To several patients: ")
            for harm in harms:
                assert harm.harm[1:] in (several if harm.patients == SEVERAL else one)


def test_death_of_one_patient_is_major_and_of_several_catastrophic() -> None:
    assert _words.severity_meaning(enumerations.Severity.MAJOR, OFFICIAL).startswith("To one patient: death;")
    assert _words.severity_meaning(enumerations.Severity.CATASTROPHIC, OFFICIAL).startswith(
        "To several patients: death;"
    )


def test_every_likelihood_has_the_meaning_that_its_matrix_gives() -> None:
    for version, matrix in MATRICES.items():
        for likelihood, meaning in matrix.likelihoods.items():
            assert _words.likelihood_meaning(likelihood, version) == f"{meaning}."


def test_text_becomes_lines_without_the_empty_ones() -> None:
    assert _words.lines("one\r\n\n  two \nthree") == ["one", "two", "three"]
    assert _words.lines(None) == []


REFUSED = Form({"name": "Typed", "causes": ["a", "b"]}, (FieldProblem("causes.1", "Too short"),), "Not stored", 422)


def test_a_field_keeps_what_was_typed_before_what_is_stored() -> None:
    assert _words.kept(None, "name", "Stored") == "Stored"
    assert _words.kept(REFUSED, "name", "Stored") == "Typed"
    assert _words.kept(REFUSED, "causes", ["stored"]) == "a\nb"
    assert _words.kept(REFUSED, "effect", "Stored, but emptied by hand") == ""
    assert _words.kept(None, "causes", ["a", "b"]) == "a\nb"
    assert _words.kept(None, "owner", None) == ""


def test_a_problem_of_one_line_belongs_to_the_whole_box() -> None:
    assert _words.problem_with(REFUSED, "causes") == "Too short"
    assert _words.problem_with(REFUSED, "name") == ""
    assert _words.problem_with(None, "name") == ""


def test_the_summary_links_fields_and_lists_what_is_wrong_with_the_whole() -> None:
    general = Form({}, (FieldProblem("", "Too busy"), FieldProblem("file", "Select a file")), "", 422)
    assert _words.problems_of(REFUSED) == [{"text": "Too short", "href": "#causes"}]
    assert _words.problems_of(general) == [{"text": "Too busy"}, {"text": "Select a file", "href": "#file"}]
    assert _words.problems_of(Form({}, (), "Invalid credentials", 401)) == [{"text": "Invalid credentials"}]
    assert _words.problems_of(None) == _words.problems_of(Form()) == []
