"""Transcribes the pages of the UK Core hazard log, one hazard a page, into rows of the official workbook."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

# Where each section of a page belongs; "Existing Controls" and "Design" do not say their kind as the template asks.
SECTIONS = {
    "Potential Clinical Impact": "effect",
    "Possible Causes": "causes",
    "Existing Controls": "existing.design.description",
    "Design": "additional.design.description",
    "Training": "additional.training.description",
    "Business Process Change": "additional.business_process.description",
}
TITLE = re.compile(r"^## (?!\{\{)(.+)$", re.MULTILINE)
SECTION = re.compile(r"^## (.+?)\s*$\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"<td[^>]*>\s*(.*?)\s*</td>")
BREAK = re.compile(r"\s*<br>\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """`levels` are what the page itself says of its initial and its residual risk."""

    fields: dict[str, object]
    levels: tuple[int, int]
    lines: tuple[str, ...]


def pages(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("FHIR*.page.md")):
        yield page(path.name.partition(".")[0], path.read_text("utf-8"))


def page(number: str, text: str) -> Page:
    sections = {name: _text(body) for name, body in SECTION.findall(text)}
    title = next(found for found in TITLE.findall(text)).strip()
    fields: dict[str, object] = {field: sections[name] for name, field in SECTIONS.items()}
    fields |= {"number": number, "hazard": f"{title}\n{sections['Hazard Description']}"}
    fields["additional.design.evidence"] = f"Test: {sections['Test']}"
    ratings = [_rating(cells) for cells in _in_threes(CELL.findall(text))]
    for stage, (likelihood, severity, _) in zip(("initial", "residual"), ratings, strict=True):
        fields |= {f"{stage}.severity": severity, f"{stage}.likelihood": likelihood}
    bodies = "\n".join(sections[name] for name in (*SECTIONS, "Hazard Description", "Test"))
    return Page(fields, (ratings[0][2], ratings[1][2]), tuple(line for line in bodies.split("\n") if line.strip()))


def _text(body: str) -> str:
    return unescape(BREAK.sub("\n", body)).strip()


def _in_threes(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    return (cells[start : start + 3] for start in range(0, len(cells), 3))


def _rating(cells: Sequence[str]) -> tuple[str, str, int]:
    return cells[0], cells[1], int(cells[2])
