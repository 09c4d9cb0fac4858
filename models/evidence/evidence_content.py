"""Is a file what its name says, and of a kind that evidence may be? Asked of its content, before anything is stored.

This is no virus scanner: docs/evidence.md says what it is not, and how to put one in front.
"""

import codecs
import hashlib
import re
import struct
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from PIL import Image

from errors import FieldProblem, Invalid
from exchange.limits import HIGHEST_RATIO, LARGEST_UNPACKED, MOST_PARTS, RATIO_MATTERS_FROM
from exchange.records import HazardLogRefused, UnsafeFile
from exchange.workbook_safety import END_RECORD, END_RECORD_SIZE, pieces, refuse_long_part_list
from models.evidence.evidence_types import (
    ACTIVE,
    EICAR,
    HEAD,
    LISTS_OF_PARTS,
    MARKUP,
    TYPES,
    UNWANTED_PARTS,
    UNWANTED_WORDS,
    FileType,
)

CHUNK = 256 * 1024
LONGEST_NAME = 255
"""Bytes; what file systems allow."""
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
LARGEST_LIST = 1_000_000
"""Bytes of a list of parts; of MOST_PARTS parts it has a tenth."""

KNOWN = ", ".join(ending.removeprefix(".").upper() for ending in TYPES)
UNKNOWN = f"The file must be one of these kinds: {KNOWN}. Put anything else into a PDF, or give a link to it"
EMPTY = "The file is empty. Choose another file"
NAME = "The name of the file has signs that cannot be shown, or is too long. Give the file another name"
VIRUS = "The file holds the test sign of virus scanners. Choose another file"
TWO_FACES = "The file is of two kinds at once. Print it into a PDF and choose that"
UNWANTED = "The file has macros, a password or a program in it. Save it without them, then choose it again"
UNPACKS = "The file unpacks to far more than a document holds. Print it into a PDF and choose that"


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of a file once it was examined; `size` in bytes."""

    file_name: str
    media_type: str
    size: int
    sha256: str


def refusal(message: str) -> Invalid:
    return Invalid(problems=[FieldProblem("file", message)])


def lie(kind: FileType) -> Invalid:
    return refusal(f"The name says that the file is {kind.name}, but its content is something else, or damaged")


def examined(file: BinaryIO, given_name: str) -> Content:
    """What a file is. Pure computation, at most a second or two. Invalid, in words for who chose it, when refused."""
    name = base_name(given_name)
    kind = TYPES.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise refusal(UNKNOWN)
    size, sha256 = measured(file)
    if not size:
        raise refusal(EMPTY)
    check(file, kind, size)
    return Content(name, kind.media_type, size, sha256)


def base_name(given: str) -> str:
    """Only the last part of a path. What could hide or turn a part of it (controls, bidi marks) is refused."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", given)[-1]).strip()
    if not name.isprintable() or len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        raise refusal(NAME)
    return name


def measured(file: BinaryIO) -> tuple[int, str]:
    """Bytes and SHA-256; refuses the test sign, also where it lies across two pieces."""
    so_far, before = hashlib.sha256(), b""
    file.seek(0)
    while piece := file.read(CHUNK):
        so_far.update(piece)
        if EICAR in before + piece:
            raise refusal(VIRUS)
        before = piece[-len(EICAR) :]
    return file.tell(), so_far.hexdigest()


def check(file: BinaryIO, kind: FileType, size: int) -> None:
    if kind.part:
        check_package(file, kind)
    elif kind.begins:
        check_signs(file, kind, size)
    else:
        check_text(file, kind)
    if not kind.part and has_zip(file):
        raise refusal(TWO_FACES)


def has_zip(file: BinaryIO) -> bool:
    file.seek(0)
    return zipfile.is_zipfile(file)


def check_signs(file: BinaryIO, kind: FileType, size: int) -> None:
    """Begins and ends as its kind does, and its head would be taken for nothing else."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(max(0, size - HEAD))
    if not head.startswith(kind.begins) or kind.ends not in file.read():
        raise lie(kind)
    if ACTIVE.search(head) or TYPES[".pdf"].begins in head[1:]:
        raise refusal(TWO_FACES)
    if kind.picture:
        check_picture(file, kind)


def check_picture(file: BinaryIO, kind: FileType) -> None:
    """Its header and, of a PNG, its checksums; it is never unfolded here."""
    file.seek(0)
    try:
        with warnings.catch_warnings(), Image.open(file, formats=[kind.picture]) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image.verify()
    except Exception as error:  # hostile bytes make decoders raise anything
        raise lie(kind) from error


def check_text(file: BinaryIO, kind: FileType) -> None:
    """UTF-8 without control characters, which does not begin as a page or a program does."""
    decoder, first = codecs.getincrementaldecoder("utf-8")(), True
    file.seek(0)
    while piece := file.read(CHUNK):
        if first and MARKUP.match(piece[:HEAD].removeprefix(codecs.BOM_UTF8).lstrip()):
            raise lie(kind)
        first = False
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise lie(kind) from error
        if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", text):
            raise lie(kind)
    if decoder.getstate()[0]:
        raise lie(kind)


def check_package(file: BinaryIO, kind: FileType) -> None:
    """A zip and nothing else, with nothing before or behind it, that unpacks to what its kind is made of."""
    file.seek(0)
    begins = file.read(4)
    file.seek(-min(END_RECORD_SIZE, file.seek(0, 2)), 2)
    if begins != b"PK\x03\x04" or not file.read().startswith(END_RECORD):
        raise lie(kind)
    try:
        refuse_long_part_list(file)
        with zipfile.ZipFile(file) as archive:
            check_parts(archive, kind)
            unpack(archive)
            check_lists(archive, kind)
    except UnsafeFile as error:
        raise refusal(UNPACKS) from error
    except (HazardLogRefused, zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise lie(kind) from error


def check_parts(archive: zipfile.ZipFile, kind: FileType) -> None:
    """By their names only; nothing is unpacked to a disk."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise refusal(UNPACKS)
    strange = any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
    packed = all(part.compress_type in METHODS for part in parts)
    if kind.part not in names or len(set(names)) < len(names) or strange or not packed:
        raise lie(kind)
    if any(UNWANTED_PARTS.search(part.filename) or part.flag_bits & ENCRYPTED for part in parts):
        raise refusal(UNWANTED)


def unpack(archive: zipfile.ZipFile) -> None:
    """Every part, in pieces that are counted: what the headers promise is not believed."""
    whole = 0
    for part in archive.infolist():
        before, size = b"", 0
        for piece in pieces(archive, part.filename):
            size += len(piece)
            most = max(RATIO_MATTERS_FROM, part.compress_size * HIGHEST_RATIO)
            if size > most or whole + size > LARGEST_UNPACKED:
                raise refusal(UNPACKS)
            if EICAR in before + piece:
                raise refusal(VIRUS)
            before = piece[-len(EICAR) :]
        whole += size


def check_lists(archive: zipfile.ZipFile, kind: FileType) -> None:
    for name in {kind.part, *LISTS_OF_PARTS} & set(archive.namelist()):
        with archive.open(name) as part:
            said = part.read(LARGEST_LIST + 1)
        if len(said) > LARGEST_LIST or UNWANTED_WORDS.search(said):
            raise refusal(UNWANTED)
        if name == kind.part and not (said == kind.says if name == "mimetype" else kind.says in said):
            raise lie(kind)
