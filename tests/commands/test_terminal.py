"""What people wrote cannot move, turn or hide what else stands on a terminal."""

import pytest

from commands._terminal import harmless
from commands.sessions import table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2JGone", "<U+001B>[2JGone"),
        ("\x9b2J", "<U+009B>2J"),
        ("\u202eevil\u200b", "<U+202E>evil<U+200B>"),
        ("Zoë\n\tشفرة \U0001f489", "Zoë\n\tشفرة \U0001f489"),
    ],
)
def test_signs_that_a_terminal_obeys_are_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert table([["Name", "Next"], [text, "x"]]).splitlines()[-1].split()[-1] == "x"
