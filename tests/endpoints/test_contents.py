"""The contents of a page are its headings: whoever adds a section adds nothing else."""

from endpoints._contents import headings


def test_headings_with_an_id_are_listed_in_their_order() -> None:
    html = '<h2 class="a" id="risk">Initial\n risk</h2><h2>None</h2><h3 id="x">X</h3>'
    html += '<h2 id="b">A &amp; B <span>2 new</span></h2>'
    assert headings(html) == [("risk", "Initial risk"), ("b", "A & B")]
