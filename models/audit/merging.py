"""Merges what two people made of the same text or list, where they did not change the same place.

It only suggests: a person decides, and sees both texts.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 1000
"""Comparing takes the square of it at worst; a longer text is left to the person."""
Edit = tuple[int, int, tuple[str, ...]]
"""Lines of the base, from and to, and what took their place."""


@dataclass(frozen=True)
class Suggestion:
    """What to begin with, and whether both had changed the same place, so that something of theirs is left out."""

    merged: str | list[str]
    clash: bool = False


def suggest(base: str | list[str], theirs: str | list[str], yours: str | list[str]) -> Suggestion:
    """Whoever changed nothing gives way; of two changes both, else yours with `clash`."""
    if theirs in (base, yours):
        return Suggestion(yours)
    if yours == base:
        return Suggestion(theirs)
    if isinstance(yours, list):
        return Suggestion(of_items(list(base), list(theirs), yours))
    lines = of_lines(*(str(text).split("\n") for text in (base, theirs, yours)))
    return Suggestion(yours, clash=True) if lines is None else Suggestion("\n".join(lines))


def of_items(base: list[str], theirs: list[str], yours: list[str]) -> list[str]:
    """Theirs, without what you took out, and with what you put in: of an item that both reworded, both wordings."""
    out = [item for item in base if item not in yours]
    new = [item for item in yours if item not in base and item not in theirs]
    return [item for item in theirs if item not in out] + new


def of_lines(base: list[str], theirs: list[str], yours: list[str]) -> list[str] | None:
    """Both changes, paragraph by paragraph; None where they touch each other."""
    if max(map(len, (base, theirs, yours))) > MOST_LINES:
        return None
    found = sorted({*edits(base, theirs), *edits(base, yours)})
    if any(itertools.starmap(touch, itertools.pairwise(found))):
        return None
    merged = list(base)
    for start, end, lines in reversed(found):
        merged[start:end] = lines
    return merged


def touch(earlier: Edit, later: Edit) -> bool:
    """Whether they change the same lines, or one puts lines in where the other begins: nobody could say which first."""
    inserts = earlier[0] == earlier[1] or later[0] == later[1]
    return later[0] < earlier[1] or (later[0] == earlier[1] and inserts)


def edits(base: Sequence[str], changed: Sequence[str]) -> list[Edit]:
    steps = SequenceMatcher(None, base, changed, autojunk=False).get_opcodes()
    return [(a, b, tuple(changed[c:d])) for kind, a, b, c, d in steps if kind != "equal"]
