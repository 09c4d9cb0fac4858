"""A bow-tie holds everything, and nothing in it lies upon anything else, whatever the texts are."""

from itertools import combinations
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from endpoints import _bow_tie
from endpoints._bow_tie import BowTie, BowTieCause, BowTieControl, BowTieHarm, Box, drawn_bow_tie
from endpoints._lettering import width
from models.enumerations import CauseStatus, ControlStage, ControlState

TEXTS = st.text(min_size=1, max_size=300)


@st.composite
def ties(draw: st.DrawFn) -> BowTie:
    keys = [UUID(int=number) for number in range(draw(st.integers(0, 6)))]
    controls = [
        BowTieControl(
            id=key,
            sign=f"C{key.int + 1}",
            description=draw(TEXTS),
            kind=None,
            stage=draw(st.sampled_from(ControlStage)),
            state=draw(st.sampled_from(ControlState)),
        )
        for key in keys
    ]
    some = st.lists(st.sampled_from(keys), unique=True) if keys else st.just([])
    causes = st.builds(
        BowTieCause, id=st.uuids(), description=TEXTS, status=st.sampled_from(CauseStatus), controls=some
    )
    harms = st.builds(BowTieHarm, id=st.uuids(), description=TEXTS, controls=some)
    return BowTie(
        reference="HAZ-001",
        name=draw(TEXTS),
        causes=draw(st.lists(causes, max_size=4)),
        harms=draw(st.lists(harms, max_size=4)),
        controls=controls,
        untargeted=draw(some),
    )


def apart(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y + 0.1 or other.y + other.height <= one.y + 0.1


@settings(max_examples=60, deadline=None)
@given(ties())
def test_boxes_lie_apart_inside_the_picture_and_hold_their_text(tie: BowTie) -> None:
    drawing = drawn_bow_tie(tie)
    assert all(apart(one, other) for one, other in combinations(drawing.boxes, 2))
    for box in drawing.boxes:
        assert (box.x >= 0, box.y >= 0) == (True, True)
        assert (box.x + box.width <= drawing.width, box.y + box.height <= drawing.height + 0.1) == (True, True)
        room = box.width - 2 * _bow_tie.PADDING
        assert all(width(line, _bow_tie.SIZE) <= room for line in box.lines)


@settings(max_examples=60, deadline=None)
@given(ties())
def test_everything_is_in_it_and_joined_to_the_hazard(tie: BowTie) -> None:
    drawing = drawn_bow_tie(tie)
    kinds = [box.kind for box in drawing.boxes]
    acting = sum(len(one.controls) for one in tie.causes) + sum(len(one.controls) for one in tie.harms)
    acting += len(tie.untargeted)
    assert kinds.count("control") == acting
    assert kinds.count("cause") == max(1, len(tie.causes) + bool(tie.untargeted))
    assert kinds.count("harm") == max(1, len(tie.harms))
    bare = kinds.count("none")
    assert len(drawing.lines) == 2 * (acting + bare)
    closed = [box for box in drawing.boxes if box.kind == "cause" and "closed" in box.title]
    assert len(closed) == sum(cause.status is CauseStatus.CLOSED for cause in tie.causes)


def test_the_state_of_a_control_is_a_word_and_a_row_without_one_says_so() -> None:
    control = BowTieControl(
        id=UUID(int=1),
        sign="C1",
        description="Barcode",
        kind=None,
        stage=ControlStage.EXISTING,
        state=ControlState.IMPLEMENTED,
    )
    cause = BowTieCause(id=UUID(int=2), description="Haste", status=CauseStatus.OPEN, controls=[])
    tie = BowTie(
        reference="HAZ-001", name="Wrong patient", causes=[cause], harms=[], controls=[control], untargeted=[control.id]
    )
    titles = {box.title for box in drawn_bow_tie(tie).boxes}
    assert titles >= {"C1 Implemented, existing", "No control", "Cause 1", "No cause named", "No harm", "HAZ-001"}
