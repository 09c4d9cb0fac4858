"""What a file of evidence may be, and by which signs what it may not be is known; all of it data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """`begins` and `ends` are signs of a whole file; `picture` is the name that Pillow has for it.

    `part` and `says` are of a package (zip): the part that tells what it is, and what that part must say.
    """

    media_type: str
    name: str
    begins: bytes = b""
    ends: bytes = b""
    picture: str = ""
    part: str = ""
    says: bytes = b""


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
CONTENT_TYPES = "[Content_Types].xml"
"""ISO/IEC 29500-2, 7.2.3: the part of an Office file that names the type of every other."""


def office(kind: str, name: str) -> FileType:
    """The type of its main part has another name when it has macros, or is a template."""
    return FileType(OFFICE + kind, name, part=CONTENT_TYPES, says=f"{OFFICE}{kind}.main+xml".encode())


def open_document(kind: str, name: str) -> FileType:
    media_type = OPEN_DOCUMENT + kind
    return FileType(media_type, name, part="mimetype", says=media_type.encode())


TYPES: Mapping[str, FileType] = {
    ".pdf": FileType("application/pdf", "a PDF document", begins=b"%PDF-", ends=b"%%EOF"),
    ".png": FileType("image/png", "a PNG picture", begins=b"\x89PNG\r\n\x1a\n", ends=b"IEND\xaeB`\x82", picture="PNG"),
    ".jpg": (
        jpeg := FileType("image/jpeg", "a JPEG picture", begins=b"\xff\xd8\xff", ends=b"\xff\xd9", picture="JPEG")
    ),
    ".jpeg": jpeg,
    ".txt": FileType("text/plain", "plain text in UTF-8"),
    ".csv": FileType("text/csv", "a CSV file in UTF-8"),
    ".docx": office("wordprocessingml.document", "a Word document without macros"),
    ".xlsx": office("spreadsheetml.sheet", "an Excel workbook without macros"),
    ".pptx": office("presentationml.presentation", "a PowerPoint file without macros"),
    ".odt": open_document("text", "an OpenDocument text"),
    ".ods": open_document("spreadsheet", "an OpenDocument spreadsheet"),
}
"""By the ending of the name, in lower case."""

HEAD = 1024
"""Bytes in which a program looks for signs; those of PDF readers (ISO 32000-1, annex H.3.4.1) look as far."""

MARKUP = re.compile(
    rb"<(!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg)[\s>]"
    rb"|<!--|<\?xml|%!ps|#!|\{\\rtf",
    re.IGNORECASE,
)
"""What text must not begin with: it would be taken for a page (WHATWG MIME Sniffing, 7.1) or for a program."""

ACTIVE = re.compile(rb"<(!doctype\s+html|html|script|svg|iframe)[\s>]", re.IGNORECASE)
"""What the head of a file that is not text must not hold: a second face for a browser."""

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
"""The harmless text that every virus scanner reports by agreement (eicar.org); to look for it is not to be one."""

UNWANTED_PARTS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|^basic/|^scripts/|\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|jar|hta|html?)$",
    re.IGNORECASE,
)
"""Parts of a package that are programs or bring one."""
UNWANTED_WORDS = re.compile(rb"macroenabled|vbaproject|macrosheet|encryption-data", re.IGNORECASE)
"""What the lists of a package's parts must not say: macros, and passwords, behind which nothing can be checked."""
LISTS_OF_PARTS = (CONTENT_TYPES, "META-INF/manifest.xml")
