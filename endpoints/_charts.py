"""Where the lines, areas and labels of a small chart go; `_charts.html` draws them, a browser only scales them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 250, 12, 32
"""Margins of the picture: numbers on the left, names on the right, times below."""
FLOOR: float = HEIGHT - BOTTOM
LINE = 18
"""Between two names, so that they do not touch."""
MOST_TICKS, MOST_TIMES = 5, 6


class Series(Protocol):
    """One thing that is counted at each time; `kind` names the class of app.css that it is filled with."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def values(self) -> Sequence[int]: ...


@dataclass(frozen=True)
class Tick:
    """A number or a time on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Curve:
    """`area` is empty for a plain line; the name stands at `label`, what it names ends at `end`."""

    name: str
    kind: str
    edge: str
    area: str
    end: float
    label: float
    last: int


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    left: int
    right: float
    floor: float
    numbers: list[Tick]
    times: list[Tick]
    curves: list[Curve]


def drawn(times: Sequence[str], series: Sequence[Series], *, stacked: bool = False) -> Chart:
    """Series over the same times, as lines, or each upon the one before it (`stacked`)."""
    tops = [list(one.values) for one in series]
    if stacked:
        tops = [[sum(column) for column in zip(*tops[: place + 1], strict=True)] for place in range(len(tops))]
    highest = max((max(top, default=0) for top in tops), default=0)
    step = step_of(highest)
    most = max(step, step * math.ceil(highest / step))
    across = [x_of(place, len(times)) for place in range(len(times))]
    raised = [[FLOOR - (FLOOR - TOP) * value / most for value in top] for top in tops]
    numbers = [
        Tick(round(FLOOR - (FLOOR - TOP) * number / most, 1), str(number)) for number in range(0, most + 1, step)
    ]
    curves = curves_of(series, across, raised, stacked=stacked)
    return Chart(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, FLOOR, numbers, some(across, times), curves)


def curves_of(
    series: Sequence[Series], across: Sequence[float], raised: Sequence[list[float]], *, stacked: bool
) -> list[Curve]:
    lowered = [[FLOOR] * len(across), *raised][: len(raised)] if stacked else raised
    ends = [round((up[-1] + down[-1]) / 2, 1) for up, down in zip(raised, lowered, strict=True)]
    return [
        Curve(
            name=one.name,
            kind=one.kind,
            edge=points(across, up),
            area=points([*across, *reversed(across)], [*up, *reversed(down)]) if stacked else "",
            end=end,
            label=label,
            last=one.values[-1],
        )
        for one, up, down, end, label in zip(series, raised, lowered, ends, spread(ends), strict=True)
    ]


def x_of(place: int, count: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return LEFT + (room * place / (count - 1) if count > 1 else room)


def points(across: Sequence[float], up: Sequence[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))


def step_of(most: int) -> int:
    """Between the numbers of an axis: 1, 2 or 5 of some power of ten, so that there are few of them."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= step * MOST_TICKS:
                return step
        power *= 10


def spread(ends: Sequence[float]) -> list[float]:
    """Places for names, as near to what they name as can be without touching each other."""
    order = sorted(range(len(ends)), key=lambda one: (ends[one], -one))
    places = [min(max(ends[one], TOP + LINE * rank), HEIGHT) for rank, one in enumerate(order)]
    for above, below in pairwise(range(len(places))):
        places[below] = max(places[below], places[above] + LINE)
    lowest = FLOOR
    for rank in reversed(range(len(places))):
        places[rank] = min(places[rank], lowest)
        lowest = places[rank] - LINE
    found = dict(zip(order, places, strict=True))
    return [round(found[one], 1) for one in range(len(ends))]


def some(across: Sequence[float], times: Sequence[str]) -> list[Tick]:
    """The last time and others at an even distance, no more than there is room for."""
    step = max(1, math.ceil(len(times) / MOST_TIMES))
    chosen = range(len(times) - 1, -1, -step)
    return [Tick(round(across[place], 1), times[place]) for place in reversed(chosen)]
