"""The benchmark of routing still runs; what it measures is for `make bench` to say, never for a test."""

from pathlib import Path

from benchmarks import routing


def test_it_measures_both_ratios() -> None:
    start, last = routing.measure(few=1, many=2, rounds=1)
    assert (start.what, last.what) == ("start with 2 modules, first request answered", "request to the last of 2")
    assert min(*start.measured, *start.base, *last.measured, *last.base) > 0


def test_a_thousand_modules_are_planted_each_with_its_own_names(tmp_path: Path) -> None:
    routing.plant(tmp_path, 60)
    modules = sorted(tmp_path.rglob("thing_*.py"))
    assert len(modules) == 60
    assert len({path.parent for path in modules}) == 3
    assert all((path.parent / "__init__.py").exists() for path in modules)
    assert "class Thing59(BaseModel)" in modules[-1].read_text("utf-8")
