"""Cuts texts into the words that hazards are found by: one way for both databases, to store and to ask.

Case, accents and marks do not count. Scripts that put no spaces between words are cut into their letters.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from uuid import UUID

LONGEST_TEXT = 1_000_000
"""Characters of a hazard that are looked at: several hundred pages."""
LONGEST_WORD = 40
MOST_WORDS = 2500
"""A tsvector may have a megabyte, and a letter four bytes."""
SIGN = 8

# What is no letter or digit becomes a space, which takes a third of the time that the expression below does.
ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
# Thai, Lao, Khmer and Myanmar; kana; the ideographs of Chinese and Japanese.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
WORD = re.compile(rf"(?=[^\W_])[{UNSPACED}]|[^\W_{UNSPACED}]+")
# What changes how a letter looks, and signs that cannot be seen, such as marks of direction.
LEFT_OUT = {"Mn", "Mc", "Me", "Cf"}


def words(text: str) -> list[str]:
    """Each word once, in the order of the text."""
    text = text[:LONGEST_TEXT]
    found = dict.fromkeys(text.translate(ASCII).split() if text.isascii() else WORD.findall(folded(text)))
    if max(map(len, found), default=0) > LONGEST_WORD:
        found = dict.fromkeys(word[:LONGEST_WORD] for word in found)
    return list(islice(found, MOST_WORDS))


def folded(text: str) -> str:
    """Compatible letters as one (NFKD), without marks and case; twice, as each may bring what the other takes away."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
        text = text.translate({ord(one): None for one in set(text) if unicodedata.category(one) in LEFT_OUT})
    return text


def signed(project_id: UUID, found: Iterable[str], *, spoken: bool = False) -> list[str]:
    """Words as they are stored: with the sign of their project before them, of comments another (`spoken`).

    The index of one project is then as small as its log. Two projects may share a sign, so who looks for hazards names
    the project too. It is the end of the key, as a UUID of version 7 begins with the time.
    """
    sign = ("z" if spoken else "") + project_id.hex[-SIGN:]
    return [sign + word for word in found]
