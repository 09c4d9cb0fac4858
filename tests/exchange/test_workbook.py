"""What a workbook holds beside the cells is noted, and what Excel escapes is given back."""

import io

from openpyxl.comments import Comment
from openpyxl.worksheet.hyperlink import Hyperlink

from exchange.workbook import open_workbook
from tests.exchange.official_log import (
    a_hazard,
    official_workbook,
    official_workbook_bytes,
    part_names,
    rated,
    read_part,
    saved,
    sheet_part,
    with_parts,
    with_shared_strings,
)
from tests.exchange.reading import hazard, read


def test_the_sheets_in_their_order() -> None:
    with open_workbook(io.BytesIO(official_workbook_bytes([rated()]))) as (grids, notes):
        assert [grid.name for grid in grids] == [
            "Cover Page",
            "Version History",
            "Hazard Log",
            "Risk Matrix",
            "References",
        ]
        assert [len(list(grid.rows())) for grid in grids] == [0, 1, 5, 2, 1]
        assert notes == []


def test_texts_in_a_table_of_their_own() -> None:
    book = with_shared_strings(official_workbook_bytes([rated(number="EP-1"), rated(number="EP-2")]))
    assert "xl/sharedStrings.xml" in part_names(book)
    assert read(book) == read(official_workbook_bytes([rated(number="EP-1"), rated(number="EP-2")]))


def in_a_table(text: bytes) -> str:
    """The effect of a hazard whose text stands so in the table of texts."""
    book = official_workbook_bytes([a_hazard(effect="one@two")])
    return read(with_shared_strings(book, {b"<t>one@two</t>": text})).hazards[0].effect


def test_line_ends_that_excel_escapes() -> None:
    assert in_a_table(b"<t>one_x000D_\ntwo</t>") == "one\ntwo"


def test_rich_text_is_read_as_its_text() -> None:
    rich = b'<r><t xml:space="preserve">one </t></r><r><rPr><b/></rPr><t>two</t></r>'
    assert in_a_table(rich) == "one two"


def test_a_control_character_that_excel_escapes_is_a_problem() -> None:
    log = read(official_workbook_bytes([a_hazard(effect="one_x0000_two")]))
    assert [(problem.row, "C5" in problem.message) for problem in log.problems] == [(5, True)]


def test_comments_links_and_documents_are_noted() -> None:
    book = official_workbook([rated()])
    sheet = book["Hazard Log"]
    sheet["D5"].comment = Comment("Is that so?", "Reviewer")
    sheet["C5"].hyperlink = "https://example.org/evidence"
    content = with_parts(saved(book), {"xl/embeddings/document1.docx": b"x"})
    log = read(content)
    assert len(log.hazards) == 1
    assert [note.message.split(" are not read")[0] for note in log.notes[:2]] == [
        "The comments on cells",
        "The documents inside the workbook",
    ]
    assert "addresses are not" in log.notes[2].message


def test_a_link_within_the_workbook_needs_no_note() -> None:
    book = official_workbook([rated()])
    book["Hazard Log"]["D5"].hyperlink = Hyperlink(ref="D5", location="'Risk Matrix'!A1")
    assert read(saved(book)).notes == ()


def test_a_date_out_of_range_is_a_problem_all_the_same() -> None:
    book = official_workbook([a_hazard(identified_date=99_999_999)])
    book["Hazard Log"]["B5"].number_format = "dd/mm/yyyy"
    log = read(saved(book))
    assert [(problem.row, problem.column) for problem in log.problems] == [(5, "Date Added")]


def test_extensions_are_no_matter() -> None:
    book = official_workbook_bytes([rated()])
    part = sheet_part(book)
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    assert read(with_parts(book, {part: read_part(book, part).replace(b"</worksheet>", extension)})).hazards


def test_values_of_other_types_become_text() -> None:
    found = hazard(a_hazard(number=3.0, owner=7, harm=True))
    assert (found.number, found.owner, found.harm) == ("3", "7", "TRUE")
