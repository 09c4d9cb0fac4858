"""Markdown pages become a grid: every section a column, nothing lost in silence, and hostile pages cost no more."""

import pytest

from exchange.hazard_log import HazardLog, HazardLogRefused, OwnRating
from exchange.limits import LARGEST_MARKDOWN, MOST_COLUMNS
from exchange.markdown_log import OUTSIDE
from models.enumerations import ControlKind, HazardStatus, Likelihood, Severity, Stage
from tests.exchange.reading import read, refused
from tests.exchange.test_published_logs import LOGS, OUR_PAGE, levels, published, stored
from tests.exchange.uk_core import pages

DCSP_HEADINGS = (
    "Hazard name", "General utility label", "Likelihood scoring", "Severity scoring", "Risk scoring", "Description",
    "Cause(s)", "Effect", "Hazard", "Harm", "Existing controls", "New hazard controls",
    "Residual hazard risk assessment", "Hazard status", "Code associated with hazard",
)  # fmt: skip
PLATFORM = """<!-- [icon] -->
<div class="right">
<img class="icon-large" src="../risk-5.png" alt="Risk icon">
</div>
<!-- [iconend] -->

### Hazard name
Weight in pounds

### Likelihood scoring
{likelihood}

### Severity scoring
4 - Major: Death, 1; Severe injury, 1

### Risk scoring
3 - Undesirable: Undesirable level of risk

### Cause(s)
The unit is not shown

### Existing controls
A second look

-----

### New hazard controls
The unit is shown &amp; read out

### Hazard status
Under review

### Residual hazard risk assessment
It remains until then.

### Hazard status
Under review
"""
LIST = """# Our log

Risk = Likelihood x Severity.

### H01 \N{EM DASH} A reminder names the wrong medicine
- **Cause:** Names look alike.
- **Effect:** A dose is missed.
- **Initial L\N{MULTIPLICATION SIGN}S:** 3 \N{MULTIPLICATION SIGN} 3 = 9
- **Existing controls:** Pictures.
  A second line.
- **Further mitigations:** Letters are compared.
- **Reviewed by:** Pharmacy

### H02 \N{EM DASH} The service is down
- **Effect:** Advice is not read.
- **Initial L\N{MULTIPLICATION SIGN}S:** 2 \N{MULTIPLICATION SIGN} 2 = 4
{after}"""


def markdown(text: str, name: str = "log.md") -> HazardLog:
    return read(text.encode(), name)


def test_a_page_of_the_uk_core_log() -> None:
    log = markdown(OUR_PAGE, "OWN7.page.md")
    assert (log.layout, log.problems, log.notes) == ("ig-table-2", (), ())
    [hazard] = log.hazards
    assert (hazard.number, hazard.name) == ("OWN7", "A code is shown without its words")
    assert hazard.description == "The receiving system shows <code> only.\nNobody can read it."
    assert hazard.causes == ("Words are left out.", "The code list is old.")
    assert [control.kind for control in hazard.controls] == [ControlKind.DESIGN, ControlKind.TEST]
    assert levels([hazard]) == stored([hazard]) == [(3, 2)]


def test_pages_one_after_another_are_one_log() -> None:
    log = markdown(OUR_PAGE * 3)
    assert [(hazard.row, hazard.number) for hazard in log.hazards] == [(2, ""), (3, ""), (4, "")]


def test_a_page_of_the_platform() -> None:
    log = markdown(PLATFORM.format(likelihood="3 - Medium: Possible"))
    assert (log.layout, log.problems) == ("dcsp-pages", ())
    [hazard] = log.hazards
    assert hazard.initial
    assert (hazard.initial.likelihood, hazard.initial.severity) == (Likelihood.MEDIUM, Severity.MAJOR)
    assert log.own_ratings == (OwnRating(2, Stage.RESIDUAL, "Residual hazard risk assessment It remains until then."),)
    assert (hazard.status, hazard.status_justification) == (HazardStatus.OPEN, "Under review")
    assert hazard.controls[1].description == "The unit is shown & read out"


@pytest.mark.parametrize(
    "likelihood", ["3 - Low: Could occur", "Medium-ish", "3", "3 - Medium: Possible\n4 - High: Certain", "[select]"]
)
def test_a_score_that_is_not_certain_is_kept_as_text(likelihood: str) -> None:
    log = markdown(PLATFORM.format(likelihood=likelihood))
    assert log.hazards[0].initial is None
    assert log.own_ratings[0].recorded.startswith(f"Likelihood scoring {likelihood}, Severity scoring 4 - Major")
    assert ("Likelihood scoring", likelihood) in log.hazards[0].recorded


def test_a_list_with_products() -> None:
    log = markdown(LIST.format(after="\n---\n\n## Open actions\n- none"))
    assert (log.layout, log.problems) == ("joint-journey", ())
    first, second = log.hazards
    assert (first.number, first.name, second.number) == ("H01", "A reminder names the wrong medicine", "H02")
    assert [control.description for control in first.controls] == [
        "Pictures.\n  A second line.",
        "Letters are compared.",
    ]
    assert ("Reviewed by", "Pharmacy") in first.recorded
    assert second.effect == "Advice is not read."
    assert [one.recorded for one in log.own_ratings] == [
        "Initial L\N{MULTIPLICATION SIGN}S 3 \N{MULTIPLICATION SIGN} 3 = 9",
        "Initial L\N{MULTIPLICATION SIGN}S 2 \N{MULTIPLICATION SIGN} 2 = 4",
    ]
    assert OUTSIDE in [note.message for note in log.notes]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Prose about hazards\n\nThey are elsewhere.", "No hazards were found"),
        ("", "empty"),
        ("some words\n" * (LARGEST_MARKDOWN // 10), "larger than 2 MB"),
        (LIST.format(after="".join(f"- **Column {at}:** x\n" for at in range(MOST_COLUMNS))), "columns"),
        ("### Hazard name\nA name\n### Description\nNo scores", "these are missing"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    assert why in refused(text.encode(), "log.md").detail


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("<!--", "longer than 32,767"), ("<h2>x</h2><table>", "longer than 32,767"), ("<div", "longer than 32,767"),
        ("- **a", "longer than 32,767"), ("&lt", "longer than 32,767"), ("\n ", None), (" ", None),
        ("## {{page-title}}\n", "these are missing"), ("### H1 - x\n", "more than 10,000 problems"),
    ],
)  # fmt: skip
def test_hostile_pages_end(part: str, told: str | None) -> None:
    """A pattern that goes back and forth would take hours for these, and the suite would be stopped."""
    try:
        log = markdown(LIST.format(after=part * (250_000 // len(part))))
    except HazardLogRefused as error:
        messages = [error.detail]
    else:
        messages = [problem.message for problem in log.problems]
    assert [told for message in messages if told and told in message] == ([told] if told else messages)


@published
def test_the_uk_core_pages_say_what_they_say_when_transcribed() -> None:
    folder = LOGS / "nhsdigital-uk-core"
    paths = sorted(folder.glob("FHIR*.page.md"))
    log = markdown("\n".join(path.read_text("utf-8") for path in paths))
    assert (log.layout, len(log.hazards), log.problems, log.notes) == ("ig-table-2", 9, (), ())
    assert levels(log.hazards) == stored(log.hazards) == [one.levels for one in pages(folder)]
    assert [markdown(path.read_text("utf-8"), path.name).hazards[0].number for path in paths] == [
        f"FHIR00{number}" for number in range(1, 10)
    ]


@published
@pytest.mark.parametrize(
    ("of", "layout", "hazards", "ratings"),
    [("joint-journey/hazard-log.md", "joint-journey", 10, 20), ("dcsp-test-bmi/hazard-?.md", "dcsp-pages", 9, 9)],
)
def test_other_published_pages(of: str, layout: str, hazards: int, ratings: int) -> None:
    log = markdown("\n".join(path.read_text("utf-8") for path in sorted(LOGS.glob(of))))
    assert (log.layout, len(log.hazards), len(log.own_ratings), log.problems) == (layout, hazards, ratings, ())


@published
@pytest.mark.parametrize("of", ["rcpch-digital-growth-charts/hazard-log.md", "dcb0129-spec-markdown/README.md"])
def test_prose_is_no_log(of: str) -> None:
    assert "No hazards were found" in refused((LOGS / of).read_bytes(), of).detail
