"""What people wrote, for a terminal: signs that it would obey, turn or hide are shown by their number."""

PLAIN = frozenset("\n\t")


def harmless(text: str) -> str:
    """The text with U+001B, U+202E and their like written out; imported logs may hold any of them."""
    return "".join(sign if sign.isprintable() or sign in PLAIN else f"<U+{ord(sign):04X}>" for sign in text)
