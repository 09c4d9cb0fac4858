"""The controls of a row: one for each cell, or one for each item where a cell holds a list and its evidence fits."""

from collections.abc import Iterator
from itertools import product

from exchange import words
from exchange.items import listed_items
from exchange.layouts import control_field
from exchange.records import LoggedControl
from exchange.row import Row
from models.enumerations import ControlKind, ControlStage

KINDS: tuple[ControlKind | None, ...] = (None, *ControlKind)
FIELDS = [
    (stage, kind, control_field(stage, kind or "any", "description"), control_field(stage, kind or "any", "evidence"))
    for stage, kind in product(ControlStage, KINDS)
]


def controls_of(row: Row) -> tuple[LoggedControl, ...]:
    return tuple(
        control
        for stage, kind, name, proof in FIELDS
        if name in row.texts or proof in row.texts
        for control in _cell(row, stage, kind, name, row.text(proof))
    )


def _cell(row: Row, stage: ControlStage, kind: ControlKind | None, name: str, evidence: str) -> Iterator[LoggedControl]:
    description = row.text(name)
    if not words.says_none(description):
        for item, proof in _paired(description, "" if words.says_none(evidence) else evidence):
            yield LoggedControl(kind, stage, item, "" if words.says_none(proof) else proof)
    elif not words.says_none(evidence):
        row.problem(name, "There is evidence here but no control. Describe the control that the evidence is for.")


def _paired(description: str, evidence: str) -> Iterator[tuple[str, str]]:
    """One piece of evidence for a list of controls stays with the whole cell: nobody said which control it proves."""
    items, proofs = listed_items(description) or (description,), listed_items(evidence) or (evidence,)
    if len(items) == len(proofs):
        yield from zip(items, proofs, strict=True)
    elif not evidence:
        yield from ((item, "") for item in items)
    else:
        yield description, evidence
