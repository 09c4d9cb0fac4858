"""What becomes of an upload: a small upright JPEG without anything else in it, or a reason why not."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from errors import Invalid
from models.users import pictures
from tests.drawn import BLUE, GREEN, RED, YELLOW, drawn, saved

ORIENTATION, ARTIST, GPS = 0x0112, 0x013B, 0x8825
WHITE = (255, 255, 255)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def corners(content: bytes) -> list[tuple[int, ...]]:
    """Top left, top right, bottom left, bottom right: the colours of the quarters, as near as a JPEG has them."""
    image = opened(content)
    columns, rows = [(side // 4, side * 3 // 4) for side in image.size]
    return [nearest(image.getpixel((x, y))) for y in rows for x in columns]


def nearest(colour: Any) -> tuple[int, ...]:
    known = (RED, GREEN, BLUE, YELLOW, WHITE)
    return min(known, key=lambda one: sum(abs(a - b) for a, b in zip(one, colour, strict=True)))


AS_DRAWN = [RED, GREEN, BLUE, YELLOW]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_a_jpeg(kind: str) -> None:
    made = pictures.made_of(saved(drawn(), kind))
    assert corners(made) == AS_DRAWN
    assert opened(made).size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "CMYK", "YCbCr", "I;16"])
def test_every_mode_of_colour(mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    image = Image.new("I;16", (40, 30), 30_000) if mode == "I;16" else drawn(mode=mode)
    assert opened(pictures.made_of(saved(image, kind))).size == (40, 30)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((500, 500), (500, 500)),
        ((501, 500), (500, 499)),
        ((4000, 3000), (500, 375)),
        ((300, 1200), (125, 500)),
        ((5000, 1), (500, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_it_fits_and_keeps_its_proportions(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert opened(pictures.made_of(saved(drawn(*size)))).size == expected


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [RED, GREEN, BLUE, YELLOW]),
        (3, [YELLOW, BLUE, GREEN, RED]),
        (6, [BLUE, RED, YELLOW, GREEN]),
        (8, [GREEN, YELLOW, RED, BLUE]),
    ],
)
def test_it_is_turned_upright(orientation: int, expected: list[Any]) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    made = pictures.made_of(saved(drawn(1000, 800), "JPEG", exif=exif))
    assert corners(made) == expected
    assert opened(made).size == ((500, 400) if orientation < 5 else (400, 500))


def test_nothing_else_is_left_in_it() -> None:
    exif = Image.Exif()
    exif[ARTIST] = "SECRET-ARTIST"
    exif[GPS] = {2: (51.0, 30.0, 0.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"exif": exif, "comment": b"SECRET-COMMENT", "icc_profile": profile, "xmp": b"<x>SECRET-XMP</x>"}
    uploaded = saved(drawn(), "JPEG", **more)
    assert uploaded.count(b"SECRET") == 3
    made = pictures.made_of(uploaded)
    assert b"SECRET" not in made
    assert set(opened(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not opened(made).getexif()
    text = PngInfo()
    text.add_text("Author", "SECRET-AUTHOR")
    assert b"SECRET" not in pictures.made_of(saved(drawn(), "PNG", pnginfo=text) + b"SECRET behind the end")


def test_what_is_transparent_is_white() -> None:
    image = drawn(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 20, 15))
    for kind in ("PNG", "WEBP"):
        assert corners(pictures.made_of(saved(image, kind))) == [WHITE, GREEN, BLUE, YELLOW]


def test_the_first_frame_counts() -> None:
    moving = saved(drawn(mode="P"), "GIF", save_all=True, append_images=[Image.new("P", (40, 30))] * 3)
    assert corners(pictures.made_of(moving)) == AS_DRAWN


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """As small as a bomb is: what it would unfold to stands in its first lines."""
    size = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + size + b"".join(chunks) + chunk(b"IEND", b"")


PIXELS = chunk(b"IDAT", zlib.compress(bytes(1000)))
KIND, WHOLE, MANY, LARGE = "must be a JPEG", "cannot be read", "at most 50 million pixels", "smaller than 10 MB"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", KIND),
        (b"not a picture", KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', KIND),
        (b"%PDF-1.7 and more", KIND),
        (b"GIF89a", KIND),
        (saved(drawn(), "BMP"), KIND),
        (saved(drawn(), "TIFF"), KIND),
        (saved(drawn(), "ICO"), KIND),
        (saved(drawn(400, 400), "JPEG")[:700], WHOLE),
        (saved(drawn(400, 400), "PNG")[:-60], WHOLE),
        (saved(drawn(400, 400), "WEBP")[:60], WHOLE),
        (png(100, 100, PIXELS), WHOLE),
        (png(10_000, 5_001, PIXELS), MANY),
        (png(10_000, 10_000, PIXELS), MANY),
        (png(60_000, 60_000, PIXELS), MANY),
        (png(10, 10, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000))), PIXELS), WHOLE),
        (saved(drawn()) + bytes(10_000_001), LARGE),
    ],
    ids=str,
)
def test_what_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        pictures.made_of(content)
    (problem,) = refused.value.problems
    assert problem.field == "file"
    assert said in problem.message


def test_a_huge_gif_or_webp_is_a_bomb_too() -> None:
    gif = bytearray(saved(drawn(mode="P"), "GIF"))
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    with pytest.raises(Invalid) as refused:
        pictures.made_of(bytes(gif))
    assert MANY in refused.value.problems[0].message


def with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan stands in it so many times more: 75 bytes that cost as much as the first."""
    whole = saved(drawn(400, 400, "L"), "JPEG", progressive=True)
    end = len(whole) - 2
    last = whole[whole.rindex(b"\xff\xda") : end]
    return whole[:end] + last * count + whole[end:]


def test_a_jpeg_of_endless_scans_or_segments_is_a_bomb() -> None:
    """200 KB kept a processor busy for seven seconds, and ten megabytes for an hour."""
    whole = with_scans(0)
    for bomb in (with_scans(300), whole[:2] + b"\xff\xe1\x00\x08Exif\0\0" * 300 + whole[2:]):
        with pytest.raises(Invalid) as refused:
            pictures.made_of(bomb)
        assert WHOLE in refused.value.problems[0].message


def test_a_jpeg_of_several_scans_and_what_is_behind_its_end() -> None:
    """Telephones put a film there, whose bytes may look like anything."""
    for content in (with_scans(50), with_scans(0) + b"\xff\xda\x00\x02" * 300, saved(drawn(3000, 2000), "JPEG")):
        assert opened(pictures.made_of(content)).width in {400, 500}
