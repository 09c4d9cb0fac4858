"""The sheets of an Excel workbook as grids of cells, read from the zip piece by piece."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from exchange.cells import Cell
from exchange.records import HazardLogRefused, Problem
from exchange.workbook_parts import (
    Contents,
    Relation,
    contents,
    date_styles,
    refuse_exchange,
    refuse_macros,
    relations,
    shared_texts,
)
from exchange.workbook_safety import MANIFEST, NO_WORKBOOK, open_zip, pieces
from exchange.worksheet import Meanings, SheetWalk, sheet_rows

COMMENTS = Problem(None, "", "The comments on cells are not read. Copy what matters into the cells.")
DOCUMENTS = Problem(None, "", "The documents inside the workbook are not read. Keep them as evidence of their own.")
LINKS = Problem(None, "", "Cells link to web pages or files. Their texts are read, their addresses are not.")


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """A sheet that is unpacked anew whenever its rows are asked for; see exchange.grid.Grid."""

    name: str
    archive: zipfile.ZipFile
    part: str
    meanings: Meanings
    notes: list[Problem]

    def rows(self) -> Iterator[Sequence[Cell]]:
        sheet = SheetWalk(self.name, self.meanings)
        yield from sheet_rows(pieces(self.archive, self.part), sheet)
        if sheet.linked and LINKS not in self.notes:
            self.notes.append(LINKS)


@contextmanager
def open_workbook(file: BinaryIO) -> Iterator[tuple[list[SheetGrid], list[Problem]]]:
    """The sheets in their order, and notes on what is not read, which grow while rows are. Raises HazardLogRefused."""
    with open_zip(file) as archive:
        refuse_macros(pieces(archive, MANIFEST))
        for name in archive.namelist():
            if "/externalLinks/" in name and name.endswith(".xml"):
                refuse_exchange(pieces(archive, name))
        notes = list(_notes(archive.namelist()))
        yield list(_grids(archive, notes)), notes


def _grids(archive: zipfile.ZipFile, notes: list[Problem]) -> Iterator[SheetGrid]:
    book = _first(_relations(archive, ""), "officeDocument")
    if not book or book not in archive.NameToInfo:
        raise HazardLogRefused(NO_WORKBOOK)
    found = contents(pieces(archive, book))
    related = _relations(archive, book)
    meanings = _meanings(archive, found, related)
    sheets = {relation.identifier: relation.part for relation in related if relation.kind == "worksheet"}
    for name, identifier in found.sheets:
        if identifier in sheets:
            yield SheetGrid(name, archive, sheets[identifier], meanings, notes)


def _meanings(archive: zipfile.ZipFile, found: Contents, related: list[Relation]) -> Meanings:
    return Meanings(
        texts=shared_texts(pieces(archive, _first(related, "sharedStrings"))),
        styles=date_styles(pieces(archive, _first(related, "styles"))),
        outside_names=frozenset(found.outside_names),
        epoch=MAC_EPOCH if found.counts_from_1904 else WINDOWS_EPOCH,
    )


def _relations(archive: zipfile.ZipFile, part: str) -> list[Relation]:
    """The relations of a part stand in a part of their own; those of the whole package in that of no part."""
    folder, _, name = part.rpartition("/")
    return relations(pieces(archive, f"{folder}/_rels/{name}.rels".lstrip("/")), part)


def _first(related: list[Relation], kind: str) -> str:
    return next((relation.part for relation in related if relation.kind == kind), "")


def _notes(names: Sequence[str]) -> Iterator[Problem]:
    if any("/comments" in name or "/threadedComments/" in name for name in names):
        yield COMMENTS
    if any("/embeddings/" in name for name in names):
        yield DOCUMENTS
