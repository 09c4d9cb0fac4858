"""The benchmark of streams still runs; what it measures is for `make bench` to say, never for a test."""

from benchmarks import streams


def test_every_stream_is_seen_to_close() -> None:
    median, late, last = streams.measure(people=3, rounds=1)
    assert (median.what, last.what) == ("3 streams close, the median", "the last of 3, listeners cut")
    assert min(*median.measured, *late.measured, *last.measured) >= 0


def test_ninety_nine_of_a_hundred() -> None:
    assert streams.high([float(one) for one in range(1, 101)]) == 99
    assert streams.high([7.0]) == 7
