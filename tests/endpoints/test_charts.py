"""Small charts: what is drawn is what was counted, and no name of a line touches another."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from endpoints import _charts, _pages
from endpoints._charts import drawn


@dataclass
class Counted:
    name: str
    values: list[int] = field(default_factory=list)
    kind: str = ""


COUNTS = st.integers(1, 8).flatmap(
    lambda times: st.lists(st.lists(st.integers(0, 20_000), min_size=times, max_size=times), min_size=1, max_size=8)
)


def ys(points: str) -> list[float]:
    return [float(y) for y in re.findall(r",(-?[0-9.]+)", points)]


@given(COUNTS, st.booleans())
def test_every_value_is_in_its_place(counts: list[list[int]], stacked: bool) -> None:
    series = [Counted(str(place), values) for place, values in enumerate(counts)]
    chart = drawn([str(time) for time in range(len(counts[0]))], series, stacked=stacked)
    per_unit = (chart.floor - chart.numbers[-1].at) / int(chart.numbers[-1].text)
    below = [0] * len(counts[0])
    for curve, values in zip(chart.curves, counts, strict=True):
        tops = [under + value if stacked else value for under, value in zip(below, values, strict=True)]
        expected = [chart.floor - per_unit * top for top in tops]
        assert all(abs(one - two) < 0.2 for one, two in zip(ys(curve.edge), expected, strict=True))
        assert bool(curve.area) == stacked
        assert curve.last == values[-1]
        below = tops


@given(st.lists(st.floats(_charts.TOP, _charts.HEIGHT - _charts.BOTTOM), max_size=10))
def test_names_do_not_touch_and_keep_their_order(ends: list[float]) -> None:
    labels = _charts.spread(ends)
    for one, two in pairwise(sorted(zip(ends, labels, strict=True))):
        assert two[0] == one[0] or two[1] > one[1]
    assert all(below - above >= _charts.LINE - 0.2 for above, below in pairwise(sorted(labels)))


@given(st.integers(0, 10**7))
def test_an_axis_has_few_and_round_numbers(most: int) -> None:
    step = _charts.step_of(most)
    assert most <= step * _charts.MOST_TICKS
    assert str(step).rstrip("0") in {"1", "2", "5"}


def test_of_many_times_some_are_named_and_the_last_always() -> None:
    times = [f"{day} Nov" for day in range(1, 31)]
    chart = drawn(times, [Counted("Open", list(range(30)))])
    assert len(chart.times) <= _charts.MOST_TIMES
    assert chart.times[-1].text == "30 Nov"
    assert (chart.times[-1].at, chart.times[0].at >= chart.left) == (chart.right, True)


def test_a_picture_has_its_numbers_as_a_table() -> None:
    source = '{% from "_charts.html" import line_chart %}{{ line_chart("t", "Open hazards", times, series) }}'
    given = {"times": ["1 Nov", "8 Nov"], "series": [Counted("Level 5", [3, 4]), Counted("Level 4", [0, 1])]}
    page = _pages.environment.from_string(source).render(given)
    assert 'role="img" aria-label="Open hazards.' in page
    cells = re.findall(r"</span><span>([^<]*)</span></td>", page)
    assert cells == ["1 Nov", "3", "0", "8 Nov", "4", "1"]


def test_a_bar_is_as_long_as_its_share_of_the_longest_and_leads_somewhere_unless_it_is_nothing() -> None:
    source = '{% from "_charts.html" import bar_chart %}{{ bar_chart("By owner", bars, "Owner") }}'
    bars = [{"text": "Ann", "value": 8, "href": "/a/"}, {"text": "Bo", "value": 2, "href": "/b/"}]
    page = _pages.environment.from_string(source).render(bars=[*bars, {"text": "No", "value": 0, "href": "/c/"}])
    assert re.findall(r'width="([0-9.]+)"', page) == ["100.0", "25.0", "0.0"]
    assert ('href="/a/"' in page, 'href="/c/"' in page) == (True, False)
