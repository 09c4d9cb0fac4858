"""The benchmark of signing in still runs, with hashes that cost next to nothing."""

from benchmarks import signing_in
from tests.clients import CHEAP_HASHES


def test_it_measures_sign_ins_and_what_others_notice() -> None:
    rate, waits = signing_in.measure(seconds=1, rounds=1, people=3, **CHEAP_HASHES)
    assert (rate.against, waits.against) == ("bare hashes", "when nobody signs in")
    assert min(*rate.measured, *rate.base, *waits.measured, *waits.base) > 0
