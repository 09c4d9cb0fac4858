"""Pictures as people upload them, drawn for a test: each quarter in a colour of its own, so that turning shows."""

from io import BytesIO
from typing import Any

from PIL import Image

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 160, 20), (20, 20, 220), (220, 220, 20)


def drawn(width: int = 40, height: int = 30, mode: str = "RGB") -> Image.Image:
    """Red and green above blue and yellow."""
    image = Image.new("RGB", (width, height), RED)
    half = width // 2, height // 2
    image.paste(GREEN, (half[0], 0, width, half[1]))
    image.paste(BLUE, (0, half[1], half[0], height))
    image.paste(YELLOW, (*half, width, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def a_picture() -> bytes:
    return saved(drawn())
