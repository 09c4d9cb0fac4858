"""Is this really a workbook, and does it stay small when unpacked? Asked of the zip before any part is read."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from exchange.limits import (
    HIGHEST_RATIO,
    LARGEST_PART_LIST,
    LARGEST_UNPACKED,
    MOST_PARTS,
    MOST_TAGS,
    RATIO_MATTERS_FROM,
)
from exchange.records import HazardLogRefused, UnsafeFile
from exchange.workbook_parts import DAMAGED, FETCHES, WITH_MACROS

CHUNK = 64 * 1024
MANIFEST = "[Content_Types].xml"
# The record that ends a zip (APPNOTE 4.3.16) is 22 bytes and a comment of up to 65,535.
END_RECORD = b"PK\x05\x06"
END_RECORD_SIZE = 22
LONGEST_COMMENT = 65_535
BIG_ZIP_LOCATOR = b"PK\x06\x07"
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

NO_WORKBOOK = "The file is not an Excel workbook. Save your hazard log as .xlsx or as CSV, then try again."
PASSWORD = "The workbook is protected by a password. Save it without a password, then try again."  # noqa: S105 - no secret
UNPACKS = "The workbook unpacks to far more than a hazard log holds. Save the hazard log on its own, then try again."
TOO_MUCH = "The workbook has more cells than a hazard log needs. Delete empty, formatted rows, then try again."


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """The zip, once every part was unpacked in pieces to be counted. Raises HazardLogRefused or UnsafeFile.

    Nothing is written to disk, so the names in the zip are names only; what its headers promise is not believed.
    """
    refuse_long_part_list(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise HazardLogRefused(DAMAGED) from error
    unpacked = tags = 0
    for part in _acceptable_parts(archive):
        in_part = 0
        for piece in pieces(archive, part.filename):
            in_part += len(piece)
            tags += piece.count(b"<")
            most = max(RATIO_MATTERS_FROM, part.compress_size * HIGHEST_RATIO)
            if in_part > most or unpacked + in_part > LARGEST_UNPACKED:
                raise UnsafeFile(UNPACKS)
            if tags > MOST_TAGS:
                raise UnsafeFile(TOO_MUCH)
        unpacked += in_part
    return archive


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part as it is unpacked; none of it if there is no such part."""
    if part not in archive.NameToInfo:
        return
    try:
        with archive.open(part) as unpacking:
            while piece := unpacking.read(CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise HazardLogRefused(DAMAGED) from error


def refuse_long_part_list(file: BinaryIO) -> None:
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
    if MANIFEST not in names:
        raise HazardLogRefused(NO_WORKBOOK)
    if len(names) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise HazardLogRefused(DAMAGED)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise HazardLogRefused(PASSWORD)
    if any("vbaproject" in name.casefold() or "/macrosheets/" in name.casefold() for name in names):
        raise UnsafeFile(WITH_MACROS)
    if any(name.casefold().endswith("/connections.xml") for name in names):
        raise UnsafeFile(FETCHES)
    return parts
