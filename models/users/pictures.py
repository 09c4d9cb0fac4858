"""Pictures of people: what was uploaded is decoded, and a small JPEG of ours without anything else in it is kept."""

import hashlib
import re
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from PIL import Image, ImageOps, UnidentifiedImageError

from errors import Conflict, FieldProblem, Invalid, NotFound
from models.audit import audit
from models.audit.audit import Actor, Change
from models.storage.database import database
from models.storage.dates import upsert
from models.users import people
from models.users.people import USERS, Viewer
from models.users.users import UserPicture

PICTURES = UserPicture.ormar_config.table
LONGEST_SIDE = 500
"""Pixels."""
MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
"""More than any camera makes; decoded, they take four bytes each."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 85
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8", b"\xd9"
MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
"""Of a segment that says its length (ITU-T T.81, B.1.1.4); all others stand alone, as in the data of a scan."""
MOST_SEGMENTS = 200
"""More than any camera writes; a scan of 75 bytes makes the decoder pass over every pixel once more."""
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def made_of(content: bytes) -> bytes:
    """A JPEG of at most 500 x 500 pixels: upright, without metadata, its first frame, what is transparent in white.

    Pure computation, some tenths of a second. Invalid when the bytes, whatever their name says, are no picture of a
    known kind, are not whole, or would unfold to more than MOST_PIXELS.
    """
    if len(content) > MOST_BYTES:
        raise refusal(f"The picture must be smaller than {MOST_BYTES // 1_000_000} MB")
    if has_too_many_segments(content):
        raise refusal(UNREADABLE)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            return encoded(image)
    except Invalid:
        raise
    except BOMBS as error:
        raise refusal(TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise refusal("The file must be a JPEG, PNG, WebP or GIF picture") from error
    except Exception as error:  # hostile bytes make decoders raise anything
        raise refusal(UNREADABLE) from error


def has_too_many_segments(content: bytes) -> bool:
    """Whether a JPEG has more than MOST_SEGMENTS up to its end; ten megabytes of scans would take an hour."""
    place = len(JPEG_BEGINS)
    if not content.startswith(JPEG_BEGINS):
        return False
    for _ in range(MOST_SEGMENTS):
        found = MARKER.search(content, place)
        if found is None or found[1] == JPEG_ENDS:
            return False
        place = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
    return True


UNREADABLE = "The picture cannot be read. Open it, save it again, and choose the new file"
TOO_MANY_PIXELS = f"The picture must have at most {MOST_PIXELS // 1_000_000} million pixels"


def refusal(message: str) -> Invalid:
    return Invalid(problems=[FieldProblem("file", message)])


def encoded(image: Image.Image) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise refusal(TOO_MANY_PIXELS)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    # A new image has no comment, no profile and no metadata that the encoder could take over.
    clean = Image.new("RGB", upright.size, "white")
    whole = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    clean.paste(whole, mask=whole.getchannel("A") if whole.mode == "RGBA" else None)
    made = BytesIO()
    clean.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


async def store(actor: Actor, user_id: UUID, jpeg: bytes) -> None:
    """Keep a picture that `made_of` made; the history tells its hash, not the picture."""
    row = {"user_id": user_id, "content": jpeg, "sha256": hashlib.sha256(jpeg).hexdigest()}
    async with database.transaction() as connection:
        kept = upsert(connection.dialect.name, PICTURES, [row], key=["user_id"], change=["content", "sha256"])
        await connection.execute(kept)
        await audit.append(actor, Change("user:picture", "user", user_id, after={"sha256": row["sha256"]}))


async def remove(actor: Actor, user_id: UUID) -> None:
    """Conflict when there is none."""
    gone = sa.delete(PICTURES).where(PICTURES.c.user_id == user_id).returning(PICTURES.c.sha256)
    async with database.transaction() as connection:
        sha256 = (await connection.execute(gone)).scalar_one_or_none()
        if sha256 is None:
            raise Conflict("There is no picture to remove.")
        await audit.append(actor, Change("user:remove_picture", "user", user_id, before={"sha256": sha256}))


async def sha256_of(user_id: UUID) -> str | None:
    """The hash of somebody's picture; None without one."""
    async with database.connection() as connection:
        found = await connection.execute(sa.select(PICTURES.c.sha256).where(PICTURES.c.user_id == user_id))
        return found.scalar_one_or_none()


async def seen(user_id: UUID, viewer: Viewer) -> Any:
    """The `content` and `sha256` of a picture, for whom its person shows their name to; NotFound for others."""
    shown = people.shown(USERS.c.name_shown_to, viewer)
    query = sa.select(PICTURES.c.content, PICTURES.c.sha256).join(USERS, USERS.c.id == PICTURES.c.user_id)
    async with database.connection() as connection:
        row = (await connection.execute(query.where(PICTURES.c.user_id == user_id, shown))).one_or_none()
    if row is None:
        raise NotFound
    return row
