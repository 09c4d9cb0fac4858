"""Which words of two texts are the same: for history, which shows one in the other, and for two texts side by side."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 1000
"""Comparing takes the square of it at worst; of longer texts all between their ends is told as changed."""


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went out or came in."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Piece]:
    """Both texts in one, word by word."""
    old, new = WORD.findall(before), WORD.findall(after)
    start = alike(old, new)
    end = alike(old[start:][::-1], new[start:][::-1])
    middle = differing(old[start : len(old) - end], new[start : len(new) - end])
    pieces = [(SAME, old[:start]), *middle, (SAME, old[len(old) - end :])]
    joined = itertools.groupby(((kind, "".join(words)) for kind, words in pieces if words), key=lambda piece: piece[0])
    return [Piece(kind, "".join(text for _, text in found)) for kind, found in joined]


def alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def differing(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    if max(len(old), len(new)) > MOST_WORDS:
        yield GONE, old
        yield NEW, new
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield SAME, old[a:b]
        else:
            yield GONE, old[a:b]
            yield NEW, new[c:d]


def beside(text: str, other: str) -> list[Piece]:
    """A text with the words marked that the other has not."""
    return [piece for piece in compared(text, other) if piece.kind != NEW]
