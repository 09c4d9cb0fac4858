"""The benchmark of a page of hazards still runs: its floor writes the very JSON that Turva answers."""

from benchmarks import hazard_pages


def test_it_measures_both_faces() -> None:
    json, html = hazard_pages.measure(seconds=2, rounds=1, hazards=60)
    assert (json.what, json.against) == ("page of 50 of 60 hazards, JSON", "floor")
    assert (html.what, html.against) == ("page of 50 of 60 hazards, HTML", "its JSON")
    assert min(*json.measured, *json.base, *html.measured, *html.base) > 0
