"""The benchmark of lists and searches still runs: both databases give the same project's page."""

from benchmarks import finding


def test_it_measures_each_question() -> None:
    found = finding.measure(seconds=0.2, rounds=1, size=60, many=12, long=200)
    assert len(found) == len(finding.ASKED) + len(finding.TURNED)
    assert {ratio.against for ratio in found} == {"600 hazards", "first page"}
    assert min(value for ratio in found for value in (*ratio.measured, *ratio.base)) > 0
