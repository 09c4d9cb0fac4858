"""The benchmark of the account read still runs, and its sides answer the same; its figures are for `make bench`."""

from benchmarks import account
from benchmarks._serving import peers_are_installed


def test_it_measures_the_floor_and_every_peer_that_is_installed() -> None:
    found = account.measure(seconds=0.4, rounds=1, people=2)
    assert [ratio.against for ratio in found] == ["floor", *(account.PEERS if peers_are_installed() else ())]
    assert all(min(*ratio.measured, *ratio.base) > 0 for ratio in found)
