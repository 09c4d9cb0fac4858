"""Is this really a workbook, and does it stay small and harmless unpacked? Asked before other code opens it."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.sax import SAXParseException

import defusedxml.expatreader
from defusedxml.common import DefusedXmlException

from exchange.limits import (
    HIGHEST_RATIO,
    LARGEST_PART_LIST,
    LARGEST_UNPACKED,
    MOST_PARTS,
    RATIO_MATTERS_FROM,
)
from exchange.records import HazardLogRefused, UnsafeFile
from exchange.workbook_parts import DAMAGED, WITH_MACROS, PartWalk, WorkbookFindings

CHUNK = 64 * 1024
MANIFEST = "[Content_Types].xml"
XML_ENDINGS = (".xml", ".rels", ".vml")
# The record that ends a zip (APPNOTE 4.3.16) is 22 bytes and a comment of up to 65,535.
END_RECORD = b"PK\x05\x06"
END_RECORD_SIZE = 22
LONGEST_COMMENT = 65_535
BIG_ZIP_LOCATOR = b"PK\x06\x07"
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

NO_WORKBOOK = "The file is not an Excel workbook. Save your hazard log as .xlsx or as CSV, then try again."
UNPACKS = "The workbook unpacks to far more than a hazard log holds. Save the hazard log on its own, then try again."
ENTITIES = "The workbook holds definitions that no spreadsheet program writes. Save it again in Excel, then try again."


def inspect(file: BinaryIO) -> WorkbookFindings:
    """Unpacks every part in pieces, keeps none, and tells what was seen. Raises HazardLogRefused or UnsafeFile.

    Nothing is written to disk, so the names in the zip are names only.
    """
    _refuse_long_part_list(file)
    findings = WorkbookFindings()
    try:
        with zipfile.ZipFile(file) as archive:
            parts = _acceptable_parts(archive)
            unpacked = 0
            for part in sorted(parts, key=_workbook_first):
                unpacked += _walk(archive, part, findings, LARGEST_UNPACKED - unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, SAXParseException, ValueError) as error:
        if isinstance(error, DefusedXmlException):
            raise UnsafeFile(ENTITIES) from error
        raise HazardLogRefused(DAMAGED) from error
    return findings


def _refuse_long_part_list(file: BinaryIO) -> None:
    """Looks at the end of the zip by hand: zipfile reads the whole list of parts into memory, however long it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_RECORD_SIZE - LONGEST_COMMENT))
    end = file.read()
    start = end.rfind(END_RECORD)
    if start < 0 or len(end) - start < END_RECORD_SIZE:
        raise HazardLogRefused(DAMAGED)
    (length,) = struct.unpack_from("<L", end, start + 12)
    if length > LARGEST_PART_LIST or BIG_ZIP_LOCATOR in end:
        raise UnsafeFile(UNPACKS)


def _acceptable_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS:
        raise UnsafeFile(UNPACKS)
    if MANIFEST not in names or not any(name.endswith("workbook.xml") for name in names):
        raise HazardLogRefused(NO_WORKBOOK)
    if len(names) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise HazardLogRefused(DAMAGED)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise HazardLogRefused("The workbook is protected by a password. Save it without a password, then try again.")
    if any("vbaproject" in name.casefold() or "/macrosheets/" in name.casefold() for name in names):
        raise UnsafeFile(WITH_MACROS)
    return parts


def _workbook_first(part: zipfile.ZipInfo) -> tuple[bool, str]:
    """The workbook's names must be known when the formulas that use them are looked at."""
    return "worksheets/" in part.filename, part.filename


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, findings: WorkbookFindings, allowed: int) -> int:
    """How many bytes the part unpacks to."""
    findings.embedded |= "/embeddings/" in part.filename
    parser = defusedxml.expatreader.DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(PartWalk(findings, part.filename))
    is_xml = part.filename.casefold().endswith(XML_ENDINGS)
    unpacked = 0
    for piece in _pieces(archive, part):
        unpacked += len(piece)
        most = max(RATIO_MATTERS_FROM, part.compress_size * HIGHEST_RATIO)
        if unpacked > min(allowed, most):
            raise UnsafeFile(UNPACKS)
        if is_xml:
            parser.feed(piece)
    if is_xml:
        parser.close()
    return unpacked


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as unpacking:
        while piece := unpacking.read(CHUNK):
            yield piece
