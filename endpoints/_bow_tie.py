"""Where each box and line of a bow-tie goes; `_bow_tie.html` draws them, and lists the same for who does not see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from pydantic import BaseModel

from endpoints._lettering import wrapped
from models.enumerations import CauseStatus, ControlKind, ControlStage, ControlState

SIZE, LINE = 13, 17
"""Of the letters, and from one line of text to the next."""
PADDING, GAP, BETWEEN = 8, 18, 8
"""Inside a box, between rows, and between the controls of one row."""
MOST_LINES = 6
COLUMNS = {"cause": (0, 190), "prevents": (216, 206), "hazard": (452, 156), "mitigates": (638, 206), "harm": (870, 190)}
"""Where each column begins and how wide it is."""
ACTING = ("prevents", "mitigates")
WIDTH = 1060
MARGIN = 2


class BowTieCause(BaseModel):
    """`controls` are the keys of those that act on it."""

    id: UUID
    description: str
    status: CauseStatus
    controls: list[UUID]


class BowTieHarm(BaseModel):
    """`id` is null for the harm that stands in the hazard itself."""

    id: UUID | None
    description: str
    controls: list[UUID]


class BowTieControl(BaseModel):
    """`sign` is what it is called in this picture: C1."""

    id: UUID
    sign: str
    description: str
    kind: ControlKind | None
    stage: ControlStage
    state: ControlState


class BowTie(BaseModel):
    """`untargeted` are the controls of which nobody said what they act on; they are drawn as preventive."""

    reference: str
    name: str
    causes: list[BowTieCause]
    harms: list[BowTieHarm]
    controls: list[BowTieControl]
    untargeted: list[UUID]

    def control(self, key: UUID) -> BowTieControl:
        return next(control for control in self.controls if control.id == key)


@dataclass(frozen=True)
class Box:
    """`kind` is what stands in it, `state` how: the state of a control, the status of a cause, or nothing."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    title: str
    lines: list[str]
    state: str = ""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Line:
    """From one box to the next; `state` is that of the control it comes from or leads to."""

    path: str
    state: str = ""


@dataclass
class Drawing:
    width: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One cause or harm with the controls that act on it."""

    kind: str
    title: str
    text: str
    state: str
    controls: Sequence[BowTieControl]


def drawn_bow_tie(tie: BowTie) -> Drawing:
    drawing = Drawing(WIDTH + 2 * MARGIN)
    sides = [list(causes(tie)), list(harms(tie))]
    drawing.height = max(*(height_of(rows) for rows in sides), height_in("hazard", tie.name)) + 2 * MARGIN
    high = height_in("hazard", tie.name)
    hazard = box("hazard", (drawing.height - high) / 2, tie.reference, tie.name)
    drawing.boxes.append(hazard)
    for rows in sides:
        top = MARGIN + (drawing.height - 2 * MARGIN - height_of(rows)) / 2
        for row in rows:
            place(drawing, row, top, hazard)
            top += height_of([row]) + GAP
    return drawing


def causes(tie: BowTie) -> Iterator[Row]:
    """The rows of the left side; the last is for controls that nobody linked to anything."""
    for number, cause in enumerate(tie.causes, 1):
        closed = cause.status is CauseStatus.CLOSED
        title = f"Cause {number}" + (", closed" if closed else "")
        acting = [tie.control(key) for key in cause.controls]
        yield Row("cause", title, cause.description, "closed" if closed else "", acting)
    if tie.untargeted:
        acting = [tie.control(key) for key in tie.untargeted]
        yield Row("cause", "No cause named", "Controls that are not linked to a cause or harm", "unnamed", acting)
    elif not tie.causes:
        yield Row("cause", "No causes", "None recorded", "unnamed", [])


def harms(tie: BowTie) -> Iterator[Row]:
    for number, harm in enumerate(tie.harms, 1):
        title = f"Harm {number}" if len(tie.harms) > 1 else "Harm"
        yield Row("harm", title, harm.description, "", [tie.control(key) for key in harm.controls])
    if not tie.harms:
        yield Row("harm", "No harm", "None recorded", "unnamed", [])


def height_in(column: str, text: str) -> float:
    """Of a box with a line of title above its text."""
    room = COLUMNS[column][1] - 2 * PADDING
    return 2 * PADDING + LINE * (1 + len(wrapped(text, SIZE, room, MOST_LINES)))


def height_of(rows: Sequence[Row]) -> float:
    return sum(max(height_in(row.kind, row.text), stack(row)) for row in rows) + GAP * (len(rows) - 1)


def stack(row: Row) -> float:
    """How high the controls of a row are, one above the other; at least one line, which says that there are none."""
    heights = [height_in("prevents", control.description) for control in row.controls]
    return sum(heights) + BETWEEN * (len(heights) - 1) if heights else LINE


def box(column: str, y: float, title: str, text: str, state: str = "") -> Box:
    x, width = COLUMNS[column]
    lines = wrapped(text, SIZE, width - 2 * PADDING, MOST_LINES)
    return Box(
        "control" if column in ACTING else column, MARGIN + x, y, width, height_in(column, text), title, lines, state
    )


def place(drawing: Drawing, row: Row, top: float, hazard: Box) -> None:
    """Put a row where it belongs, and join its ends by way of its controls."""
    high = height_of([row])
    column = "prevents" if row.kind == "cause" else "mitigates"
    end = box(row.kind, top + (high - height_in(row.kind, row.text)) / 2, row.title, row.text, row.state)
    drawing.boxes.append(end)
    y = top + (high - stack(row)) / 2
    for control in row.controls:
        existing = ", existing" if control.stage is ControlStage.EXISTING else ""
        title = f"{control.sign} {control.state.capitalize()}{existing}"
        made = box(column, y, title, control.description, control.state)
        drawing.boxes.append(made)
        drawing.lines += joined(in_order(end, made, hazard), control.state)
        y += made.height + BETWEEN
    if not row.controls:
        x, width = COLUMNS[column]
        title = "No control" if row.state != "unnamed" else ""
        none = Box("none", MARGIN + x, top + (high - LINE) / 2, width, LINE, title, [])
        drawing.boxes.append(none)
        drawing.lines += joined(in_order(end, none, hazard), "none")


def in_order(*boxes: Box) -> list[Box]:
    return sorted(boxes, key=lambda one: one.x)


def joined(boxes: Sequence[Box], state: str) -> Iterator[Line]:
    for left, right in pairwise(boxes):
        start, end = left.x + left.width, right.x
        bend = min(24.0, (end - start) / 2)
        curve = f"M{start:.0f} {left.middle:.1f}C{start + bend:.0f} {left.middle:.1f}"
        yield Line(f"{curve} {end - bend:.0f} {right.middle:.1f} {end:.0f} {right.middle:.1f}", state)
