"""How values are put into words on a page: UK dates, official names, and what a refused form had in its boxes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from endpoints._devices import device_words
from endpoints._forms import Form
from errors import FieldProblem
from models.enumerations import Likelihood, Severity
from models.risk.risk_matrix import MATRICES, ONE, SEVERAL


class Named(Protocol):
    user_id: UUID
    first_name: str
    last_name: str


UK = ZoneInfo("Europe/London")

# Words that a value does not spell itself; every other value is its own label ("very_high": "Very high").
LABELS = {"cso": "Clinical Safety Officer", "token": "API token", "test": "Testing"}

# A name short enough for a tag; the official words are part of each matrix.
LEVELS = {
    5: "Unacceptable",
    4: "Mandatory action",
    3: "Undesirable",
    2: "Acceptable with reason",
    1: "Acceptable",
}


def in_uk(when: datetime | str) -> datetime:
    """ISO 8601 text or an aware time, as UK clocks show it; ValueError for a time without a zone."""
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    if moment.tzinfo is None:
        raise ValueError(f"A time without a zone cannot be shown: {when}")
    return moment.astimezone(UK)


def show_date(when: datetime | str, month: str = "%B") -> str:
    """`month` "%b" is for columns where room is short: 20 Nov 2026."""
    return show_day(in_uk(when), month)


def show_day(day: date, month: str = "%B") -> str:
    """A day of the calendar, which has no zone."""
    return f"{day.day} {day:{month} %Y}"


def show_datetime(when: datetime | str) -> str:
    return f"{show_date(when)} at {in_uk(when):%H:%M}"


def size(count: int) -> str:
    """Bytes as people say them: 300 bytes, 12 kB, 3.4 MB of 1,000,000 bytes."""
    if count < KILO:
        return f"{count} bytes"
    return f"{count / KILO:.0f} kB" if count < KILO * KILO else f"{count / KILO / KILO:.1f} MB".replace(".0 ", " ")


KILO = 1000


def lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def typed(value: object) -> str:
    """A value as a text box holds it: a list is one line each."""
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def label(value: str) -> str:
    """The field's words for the value of an enumeration."""
    words = str(value).replace("_", " ")
    return LABELS.get(value, words[:1].upper() + words[1:])


def labels(values: Iterable[str]) -> dict[str, str]:
    return {str(value): label(value) for value in values}


def people(members: Iterable[Named]) -> dict[str, str]:
    """The names of members by the keys of their accounts."""
    return {str(member.user_id): f"{member.first_name} {member.last_name}" for member in members}


def level_name(level: int) -> str:
    return LEVELS[level]


def level_meaning(level: int, matrix_version: str) -> str:
    return MATRICES[matrix_version].meanings[level]


def severity_meaning(severity: Severity, matrix_version: str) -> str:
    """The harms that make a severity; how many patients they may reach is part of the definition."""
    harms = MATRICES[matrix_version].severities[severity]
    of = {
        patients: "; ".join(found.harm[:1].lower() + found.harm[1:] for found in harms if found.patients == patients)
        for patients in (ONE, SEVERAL)
    }
    words = {ONE: "To one patient", SEVERAL: "To several patients"}
    return " ".join(f"{words[patients]}: {text}." for patients, text in of.items() if text)


def likelihood_meaning(likelihood: Likelihood, matrix_version: str) -> str:
    return MATRICES[matrix_version].likelihoods[likelihood] + "."


def kept(form: Form | None, name: str, value: object = "") -> str:
    """What a field shows; after a refusal only what was typed counts, so a box that was emptied stays empty."""
    return typed(form.values.get(name) if form else value)


def day_parts(form: Form | None, name: str, value: date | None) -> list[str]:
    """What the boxes of a day, a month and a year hold."""
    shown = kept(form, name, value.isoformat() if value else "")
    return [part.lstrip("0") for part in reversed([*shown.split("-", 2), "", ""][:3])]


def field_of(problem: FieldProblem) -> str:
    """The field whose box a problem belongs to: the third of the causes is in the box of all causes."""
    return (problem.field or "").split(".")[0]


def problem_with(form: Form | None, name: str) -> str:
    return next((problem.message for problem in (form.problems if form else ()) if field_of(problem) == name), "")


def problems_of(form: Form | None) -> list[dict[str, str]]:
    """The entries of the error summary: each problem with a link to its field, else what is wrong with the whole."""
    if form is None:
        return []
    entries = [
        {"text": problem.message} | ({"href": f"#{field_of(problem)}"} if field_of(problem) else {})
        for problem in form.problems
    ]
    return entries or ([{"text": form.detail} | ({"href": form.remedy} if form.remedy else {})] if form.detail else [])


FILTERS = {
    "date": show_date,
    "datetime": show_datetime,
    "day": show_day,
    "day_parts": day_parts,
    "device": device_words,
    "kept": kept,
    "label": label,
    "labels": labels,
    "level_meaning": level_meaning,
    "level_name": level_name,
    "likelihood_meaning": likelihood_meaning,
    "lines": lines,
    "people": people,
    "problem_with": problem_with,
    "problems": problems_of,
    "severity_meaning": severity_meaning,
    "size": size,
}
