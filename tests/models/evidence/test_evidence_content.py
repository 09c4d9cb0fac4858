"""What a file is, is told by its content: each kind is taken, and each way to lie about it refused."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from errors import Invalid
from exchange.limits import LARGEST_UNPACKED
from models.evidence import evidence_content
from models.evidence.evidence_content import examined
from models.evidence.evidence_types import CONTENT_TYPES, TYPES
from tests.drawn import a_picture, drawn, saved
from tests.exchange.official_log import a_hazard, official_workbook_bytes

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF, JPEG = saved(drawn(), "PDF"), saved(drawn(), "JPEG")
WORKBOOK = official_workbook_bytes([a_hazard()])


def package(*parts: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def office(ending: str, *parts: tuple[str, bytes], also: bytes = b"") -> bytes:
    says = TYPES[ending].says
    return package((CONTENT_TYPES, b'<Types><Override ContentType="' + says + b'"/>' + also + b"</Types>"), *parts)


def open_document(ending: str, *parts: tuple[str, bytes]) -> bytes:
    return package(("mimetype", TYPES[ending].says), ("content.xml", b"<x/>"), *parts)


WHOLE = {
    "a.pdf": PDF,
    "a.png": a_picture(),
    "a.jpg": JPEG,
    "A.JPEG": JPEG,
    "a.txt": "Naive caf\u00e9: 3 < 4, and <script> inside a line is text".encode(),
    "a.csv": b"\xef\xbb\xbfa,b\r\n1,2\r\n",
    "a.xlsx": WORKBOOK,
    "a.docx": office(".docx", ("word/document.xml", b"<x/>"), ("word/media/image1.svg", b"<svg/>")),
    "a.pptx": office(".pptx", ("ppt/presentation.xml", b"<x/>")),
    "a.odt": open_document(".odt"),
    "a.ods": open_document(".ods"),
}


def refused(content: bytes, name: str) -> str:
    with pytest.raises(Invalid) as error:
        examined(BytesIO(content), name)
    (problem,) = error.value.problems
    assert problem.field == "file"
    return problem.message


@pytest.mark.parametrize("name", WHOLE)
def test_each_kind_is_taken(name: str) -> None:
    found = examined(BytesIO(WHOLE[name]), name)
    assert (found.file_name, found.size) == (name, len(WHOLE[name]))
    assert found.sha256 == hashlib.sha256(WHOLE[name]).hexdigest()
    assert found.media_type == TYPES["." + name.rpartition(".")[2].lower()].media_type


def test_every_kind_is_tested() -> None:
    assert {"." + name.rpartition(".")[2].lower() for name in WHOLE} == set(TYPES)


@pytest.mark.parametrize("name", WHOLE)
def test_no_content_passes_under_the_name_of_another_kind(name: str) -> None:
    kind = examined(BytesIO(WHOLE[name]), name).media_type
    texts = {"text/plain", "text/csv"}
    for ending, other in TYPES.items():
        if other.media_type != kind and not {other.media_type, kind} <= texts:
            assert "content is something else" in refused(WHOLE[name], f"a{ending}"), ending


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"<!DOCTYPE html><p>"),
        ("a.txt", b" \n<HTML>"),
        ("a.csv", b"\xef\xbb\xbf<script>alert(1)</script>"),
        ("a.txt", b"<svg onload='alert(1)'>"),
        ("a.txt", b'<?xml version="1.0"?><svg/>'),
        ("a.txt", b"#!/bin/sh\nrm -r x"),
        ("a.txt", b"MZ\x90\x00\x03"),
        ("a.txt", b"a\x00b"),
        ("a.txt", "caf\u00e9".encode("latin-1")),
        ("a.txt", "caf\u00e9".encode("utf-16")),
        ("a.txt", "ends in half a letter \u00e9".encode()[:-1]),
        ("a.png", a_picture()[:60]),
        ("a.png", a_picture()[:40] + b"XXXX" + a_picture()[44:]),
        ("a.jpg", JPEG[: len(JPEG) // 2]),
        ("a.pdf", PDF[: len(PDF) // 2]),
        ("a.pdf", b" " + PDF),
        ("a.xlsx", WORKBOOK[:-30]),
        ("a.xlsx", b"GIF89a" + WORKBOOK),
        ("a.xlsx", WORKBOOK + b"<script>"),
        ("a.docx", package(("word/document.xml", b"<x/>"))),
        ("a.docx", office(".docx", ("../../etc/passwd", b"x"))),
        ("a.docx", office(".docx", ("/etc/passwd", b"x"))),
        ("a.docx", office(".xlsx")),
        ("a.odt", package(("mimetype", b"application/zip"))),
    ],
)
def test_what_is_damaged_or_lies(name: str, content: bytes) -> None:
    assert "content is something else, or damaged" in refused(content, name)


@pytest.mark.parametrize(
    "content",
    [
        office(".docx", ("word/vbaProject.bin", b"x")),
        office(".docx", ("word/activeX/activeX1.bin", b"x")),
        office(".docx", ("word/embeddings/setup.exe", b"x")),
        office(".docx", also=b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
    ],
)
def test_macros_and_programs_in_a_document(content: bytes) -> None:
    assert "macros, a password or a program" in refused(content, "a.docx")


def test_macros_and_passwords_of_open_documents() -> None:
    for part in (("Basic/Standard/Module1.xml", b"x"), ("META-INF/manifest.xml", b"<m:encryption-data/>")):
        assert "macros, a password or a program" in refused(open_document(".odt", part), "a.odt")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n<script>alert(1)</script>\n" + PDF),
        ("a.jpg", JPEG[:4] + b"%PDF-1.7" + JPEG[4:]),
        ("a.jpg", JPEG[:-2] + WORKBOOK[:-2] + b"\xff\xd9"),
        ("a.txt", b"words" + package(("x", b"y" * 5)).replace(b"\x00", b" ")),
    ],
)
def test_nothing_is_of_two_kinds(name: str, content: bytes) -> None:
    assert refused(content, name)


def test_a_zip_behind_a_picture_or_text() -> None:
    zipped = package(("x", b"y"))
    assert refused(a_picture() + zipped, "a.png") == evidence_content.TWO_FACES
    assert refused(PDF + zipped + b"%%EOF", "a.pdf") == evidence_content.TWO_FACES


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", EICAR),
        ("a.txt", b"x" * (evidence_content.CHUNK - 10) + EICAR),
        ("a.pdf", PDF[:-6] + EICAR + b"%%EOF"),
        ("a.docx", office(".docx", ("word/document.xml", EICAR))),
    ],
)
def test_the_test_sign_of_virus_scanners(name: str, content: bytes) -> None:
    assert refused(content, name) == evidence_content.VIRUS


def test_a_bomb() -> None:
    bomb = office(".xlsx", *[(f"xl/worksheets/sheet{number}.xml", bytes(20_000_000)) for number in range(2)])
    assert len(bomb) < 100_000
    assert refused(bomb, "a.xlsx") == evidence_content.UNPACKS
    many = office(".xlsx", *[(f"xl/{number}", b"") for number in range(2001)])
    assert refused(many, "a.xlsx") == evidence_content.UNPACKS
    assert LARGEST_UNPACKED > 40_000_000  # it is the ratio that was refused above


def test_a_picture_that_would_unfold_to_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert "content is something else, or damaged" in refused(a_picture(), "a.png")


def test_nothing_and_unknown_kinds() -> None:
    assert refused(b"", "a.txt") == evidence_content.EMPTY
    for name in ("a.exe", "a.html", "a.svg", "a.zip", "a.docm", "a", "", ".pdf", "a.pdf.exe", "a.pdf "[:-1] + "."):
        assert refused(b"MZ", name) == evidence_content.UNKNOWN, name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/report.txt", "report.txt"),
        ("C:\\Users\\ada\\report.txt", "report.txt"),
        ("/report.txt", "report.txt"),
        ("Bericht \u00fcber Tests.TXT", "Bericht \u00fcber Tests.TXT"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        (' "quoted" & <b>.txt ', '"quoted" & <b>.txt'),
    ],
)
def test_of_a_path_only_the_name_is_kept(given: str, kept: str) -> None:
    assert examined(BytesIO(b"x"), given).file_name == kept


@pytest.mark.parametrize("name", ["a\x00.txt", "a\n.txt", "cod\u202etxt.pdf", "a\u200b.txt", "a" * 252 + ".txt"])
def test_names_that_hide_something(name: str) -> None:
    assert refused(b"x", name) == evidence_content.NAME
