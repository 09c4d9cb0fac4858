"""Markdown pages of hazards as a grid: one row for each hazard, one column for each section that any of them has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from exchange.cells import Cell
from exchange.csv_log import TOO_WIDE
from exchange.limits import LARGEST_MARKDOWN, MIB, MOST_COLUMNS
from exchange.records import HazardLogRefused
from exchange.words import plain

NO_HAZARDS = (
    "No hazards were found in the Markdown file. These are understood: pages of the UK Core hazard log, pages of the "
    "Digital Clinical Safety Platform, and a list with headings such as 'H01 \u2014 Name'."
)
TOO_LARGE = f"The Markdown file is larger than {LARGEST_MARKDOWN // MIB} MB. Split it, then try again."
OUTSIDE = "What stands before the first hazard or after the last one was not read."

# All patterns are bounded, so that a hostile page costs no more than a long one.
RATING = re.compile(r"<h2>([^<]{1,100})</h2>\s{0,20}<table[^>]{0,200}>(.{0,2000}?)</table>", re.DOTALL | re.IGNORECASE)
HTML_CELL = re.compile(r"<(th|td)[^>]{0,200}>([^<]{0,200})</(?:th|td)>", re.IGNORECASE)
DRESSING = re.compile(r"<!--.{0,300}?-->|</?div[^>]{0,200}>|<img[^>]{0,300}>|^-{3,}[ \t]*$", re.DOTALL | re.MULTILINE)
BLANK_LINES = re.compile(r"\n(?:[ \t]{0,40}\n){2,}")
BREAK = re.compile(r"[ \t]{0,20}<br ?/?>[ \t]{0,20}\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """How pages tell hazards apart: `title` begins one, `part` a section of it, and `end` what is none any more."""

    title: re.Pattern[str]
    part: re.Pattern[str]
    named: str
    end: re.Pattern[str] | None = None


STYLES = (
    Style(
        re.compile(r"^## \{\{page-title\}\}\s{1,20}^## (?P<name>.+)$", re.MULTILINE),
        re.compile(r"^## (?P<label>.+)$", re.MULTILINE),
        "Hazard Name",
    ),
    Style(
        re.compile(r"^### Hazard name[ \t]*\n{1,9}(?P<name>[^#\n].*)$", re.MULTILINE),
        re.compile(r"^### (?P<label>.+)$", re.MULTILINE),
        "Hazard Name",
    ),
    Style(
        re.compile(r"^### (?P<number>[A-Z]{1,10}-?\d{1,6}) [\u2014\u2013-] (?P<name>.+)$", re.MULTILINE),
        re.compile(r"^- \*\*(?P<label>[^*:\n]{1,100}):\*\*", re.MULTILINE),
        "Hazard",
        re.compile(r"^(?:##? |-{3,}[ \t]*$)", re.MULTILINE),
    ),
)


@dataclass(frozen=True, slots=True)
class MarkdownGrid:
    """The headings in row 1, and the first hazard in row 2; see exchange.grid.Grid. `outside`: there is text around."""

    columns: Mapping[str, str]
    hazards: Sequence[Mapping[str, str]]
    outside: bool
    name: str = ""

    def rows(self) -> Iterator[Sequence[Cell]]:
        yield list(self.columns.values())
        for hazard in self.hazards:
            yield [hazard.get(column, "") for column in self.columns]


def markdown_grid(text: str, page: str) -> MarkdownGrid:
    """`page` is the name of the file, which is the number of a hazard that has the file to itself."""
    if len(text) > LARGEST_MARKDOWN:
        raise HazardLogRefused(TOO_LARGE)
    text = RATING.sub(sections_of, text.replace("\r\n", "\n"))
    found = ((style, list(style.title.finditer(text))) for style in STYLES)
    style, titles = max(found, key=lambda one: len(one[1]))
    if not titles:
        raise HazardLogRefused(NO_HAZARDS)
    columns: dict[str, str] = {}
    hazards, outside = [], bool(cleaned(text[: titles[0].start()]))
    for place, title in enumerate(titles):
        body = text[title.end() : titles[place + 1].start() if place + 1 < len(titles) else len(text)]
        end = style.end.search(body) if style.end else None
        outside = outside or bool(end and cleaned(body[end.start() :]))
        hazards.append(hazard_of(style, title, body[: end.start()] if end else body, columns))
    if len(titles) == 1 and plain("ID") not in hazards[0]:
        hazards[0] = {**hazards[0], add(columns, "ID"): page.partition(".")[0]}
    if len(columns) > MOST_COLUMNS:
        raise HazardLogRefused(TOO_WIDE)
    return MarkdownGrid(columns, hazards, outside)


def hazard_of(style: Style, title: re.Match[str], body: str, columns: dict[str, str]) -> dict[str, str]:
    """The sections of one hazard, by their headings in plain() form; the same section twice is one."""
    texts = {add(columns, style.named): cleaned(title["name"])}
    if number := title.groupdict().get("number"):
        texts[add(columns, "ID")] = number
    parts = list(style.part.finditer(body))
    starts = [*(part.start() for part in parts), len(body)]
    sections = [("Text before the first section", body[: starts[0]])]
    sections += [(part["label"], body[part.end() : end]) for part, end in zip(parts, starts[1:], strict=True)]
    for label, section in sections:
        if said := cleaned(section):
            column = add(columns, label.strip())
            texts[column] = said if texts.get(column, said) == said else f"{texts[column]}\n{said}"
    return texts


def add(columns: dict[str, str], label: str) -> str:
    columns.setdefault(plain(label), label)
    return plain(label)


def sections_of(rating: re.Match[str]) -> str:
    """A heading and a table of one rating, written as a section for each of its cells."""
    cells = HTML_CELL.findall(rating[2])
    heads, values = ([text.strip() for kind, text in cells if kind.lower() == wanted] for wanted in ("th", "td"))
    if len(heads) != len(values):
        return rating[0]
    return "\n" + "".join(
        f"## {rating[1].strip()} {head}\n{value}\n" for head, value in zip(heads, values, strict=True)
    )


def cleaned(text: str) -> str:
    """Without comments, rules and layout of the page; entities are the signs that they stand for."""
    return BLANK_LINES.sub("\n\n", unescape(BREAK.sub("\n", DRESSING.sub("", text)))).strip()
