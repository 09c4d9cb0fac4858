"""Reads the parts of a workbook as they are unpacked, never more of one than the piece at hand, and refuses traps."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from exchange.cells import unescaped
from exchange.formulas import points_outside
from exchange.limits import DEEPEST_ELEMENT, LONGEST_TOKEN, MOST_SHEETS, MOST_STYLES
from exchange.records import HazardLogRefused, UnsafeFile

Attributes = dict[str, str]
Opened = Mapping[str, Callable[[Attributes], None]]
Closed = Mapping[str, Callable[[], None]]
Texts = Mapping[str, Callable[[str], None]]

MACROS = re.compile(r"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)

DAMAGED = "The workbook is damaged. Open it in Excel, save it under a new name, then try again."
TOO_LONG = "The workbook has a text that is longer than Excel allows. Save it again in Excel, then try again."
FETCHES = "The workbook fetches data from another program. Remove that connection, then try again."
# Excel allows 255; the rest of a longer one says nothing about dates.
LONGEST_FORMAT = 255

ENTITIES = "The workbook has definitions that no spreadsheet program writes. Save it again in Excel, then try again."
TOO_MANY_STYLES = "The workbook has more styles than Excel allows. Save it again in Excel, then try again."
WITH_MACROS = "The workbook has macros. Save it as an Excel workbook without macros (.xlsx), then try again."


class Walk:
    """Expat's way through one part: tells what opens and closes, and the text of the elements that are asked for.

    Prefixes of namespaces are ignored. `feed` raises ExpatError where the part is not well formed.
    """

    def __init__(self, opened: Opened, closed: Closed | None = None, texts: Texts | None = None) -> None:
        self.opened = opened
        self.closed = closed or {}
        self.texts = texts or {}
        self.depth = self.fed = 0
        self.text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        # Without a document type there is no entity to expand or to fetch; no spreadsheet program writes one.
        self.parser.StartDoctypeDeclHandler = refuse_definitions

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in self.texts:
            self.text = []
            self.parser.CharacterDataHandler = self.text.append
        if name in self.opened:
            self.opened[name](attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in self.texts:
            self.parser.CharacterDataHandler = None
            self.texts[name]("".join(self.text))
        elif name in self.closed:
            self.closed[name]()

    def feed(self, piece: bytes) -> None:
        """One piece, or nothing at the end of the part. Limits are checked here: a piece can pass them by little."""
        self.fed += len(piece)
        self.parser.Parse(piece, not piece)
        unfinished = self.fed - self.parser.CurrentByteIndex
        if max(unfinished, sum(map(len, self.text))) > LONGEST_TOKEN or self.depth > DEEPEST_ELEMENT:
            raise UnsafeFile(TOO_LONG)


def refuse_definitions(*_declared: object) -> None:
    raise UnsafeFile(ENTITIES)


@contextmanager
def damage_told() -> Iterator[None]:
    """What goes wrong in a malformed part: expat's own errors, unknown encodings, numbers and places that are none."""
    try:
        yield
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise HazardLogRefused(DAMAGED) from error


def walk(pieces: Iterable[bytes], opened: Opened, closed: Closed | None = None, texts: Texts | None = None) -> None:
    """All of a part at once, for those of which little is kept; a workbook may do without some, which is no damage."""
    through = Walk(opened, closed, texts)
    with damage_told():
        for piece in pieces:
            through.feed(piece)
        if through.fed:
            through.feed(b"")


def refuse_macros(pieces: Iterable[bytes]) -> None:
    """The manifest of a workbook names the type of every part."""

    def part_type(attributes: Attributes) -> None:
        if MACROS.search(attributes.get("ContentType", "")):
            raise UnsafeFile(WITH_MACROS)

    walk(pieces, {"Override": part_type, "Default": part_type})


def refuse_exchange(pieces: Iterable[bytes]) -> None:
    """A link to a workbook may lie unused, as in the official template; one to a program has no place in a log."""

    def exchange(_attributes: Attributes) -> None:
        raise UnsafeFile(FETCHES)

    walk(pieces, {"ddeLink": exchange, "oleLink": exchange})


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: by which identifier, as what, and where it is in the zip."""

    identifier: str
    kind: str
    part: str


def relations(pieces: Iterable[bytes], of: str) -> list[Relation]:
    """Everything inside the workbook that the part `of` refers to."""
    found: list[Relation] = []

    def relation(attributes: Attributes) -> None:
        if attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            place = posixpath.normpath(posixpath.join("/", posixpath.dirname(of), attributes.get("Target", "")))
            found.append(Relation(attributes.get("Id", ""), kind, place.lstrip("/")))

    walk(pieces, {"Relationship": relation})
    return found


@dataclass(slots=True)
class Contents:
    """What the workbook's own part says: sheets, as name and relation, and its names for places outside."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    outside_names: set[str] = field(default_factory=set)
    counts_from_1904: bool = False


def contents(pieces: Iterable[bytes]) -> Contents:
    found = Contents()
    name = ""

    def sheet(attributes: Attributes) -> None:
        identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        found.sheets.append((attributes.get("name", ""), identifier))
        if len(found.sheets) > MOST_SHEETS:
            raise HazardLogRefused(f"The workbook has more than {MOST_SHEETS} sheets. Save the hazard log on its own.")

    def properties(attributes: Attributes) -> None:
        found.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    def meaning(text: str) -> None:
        if points_outside(text):
            found.outside_names.add(name)

    def named(attributes: Attributes) -> None:
        nonlocal name
        name = attributes.get("name", "").casefold()

    opened = {"sheet": sheet, "workbookPr": properties, "definedName": named}
    walk(pieces, opened, texts={"definedName": meaning})
    return found


def shared_texts(pieces: Iterable[bytes]) -> list[str]:
    """The table of texts; pronunciations (rPh), which Japanese workbooks have beside a text, are no part of it."""
    found: list[str] = []
    runs: list[str] = []
    spoken: list[bool] = []

    def text(content: str) -> None:
        if not spoken:
            runs.append(content)

    def close() -> None:
        found.append(unescaped("".join(runs)))
        runs.clear()

    walk(pieces, {"rPh": lambda _: spoken.append(True)}, {"si": close, "rPh": spoken.clear}, {"t": text})
    return found


@dataclass(slots=True)
class DateStyles:
    """The styles of cells, by their index, under which a number is a date, or a length of time."""

    dates: set[str] = field(default_factory=set)
    lengths: set[str] = field(default_factory=set)


def date_styles(pieces: Iterable[bytes]) -> DateStyles:
    found = DateStyles()
    formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    used: list[str] = []
    in_cells: list[bool] = []

    def number_format(attributes: Attributes) -> None:
        formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:LONGEST_FORMAT]

    def style(attributes: Attributes) -> None:
        if in_cells:
            used.append(attributes.get("numFmtId", ""))
        if len(used) > MOST_STYLES:
            raise UnsafeFile(TOO_MANY_STYLES)

    walk(
        pieces,
        {"numFmt": number_format, "cellXfs": lambda _: in_cells.append(True), "xf": style},
        {"cellXfs": in_cells.clear},
    )
    lengths = {number for number, code in formats.items() if is_timedelta_format(code)}
    dates = {number for number, code in formats.items() if is_date_format(code)} - lengths
    for index, number in enumerate(used):
        if number in dates:
            found.dates.add(str(index))
        elif number in lengths:
            found.lengths.add(str(index))
    return found
