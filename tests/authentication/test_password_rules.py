"""Passwords that may be chosen: long ones of any characters, none of those that are guessed first (ASVS 5.0, 6.2)."""

import threading

import pytest
from zxcvbn import matching

from authentication.password_rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, problem_with, refuse_weak
from authentication.passwords import Passwords
from config import load_settings
from errors import Invalid
from tests.clients import PASSWORD, environment

ADA = ["Ada", "Lovelace", "countess@analytical.example", "al-1815", "Turva"]
GOOD = [
    PASSWORD,
    PASSWORD[:SHORTEST_PASSWORD],
    "mango ferry slate",
    "MANGOFERRYSLATE",
    "\u68ee\u6797\u6e05\u6668\u9e1f\u9e23\u6f7a\u6f7a\u6eaa\u6d41\u8fdc\u5c71",
    "with\0zero and\ttab",
    "  blanks at both ends  ",
    "ada and the mango ferry",
    "xq7" + "vb kd " * 21,
]


@pytest.mark.parametrize("password", GOOD)
def test_6_2_5_any_characters_in_any_composition(password: str) -> None:
    assert problem_with(password, ADA) is None


@pytest.mark.parametrize("length", [64, 128, LONGEST_PASSWORD])
def test_6_2_9_long_passwords_are_taken(length: int) -> None:
    assert problem_with((PASSWORD * 20)[:length], ADA) is None


REFUSED = {
    "": "12 characters or more",
    "x" * 11: "12 characters or more",
    "short but odd"[:11]: "12 characters or more",
    PASSWORD * 10: "256 characters or fewer",
    "half a \ud800 character": "valid text",
    "password1234": "people use most",
    "qwertyuiop12": "people use most",
    "P@ssw0rd2024": "people use most",
    "iloveyou2024": "people use most",
    "aaaaaaaaaaaaaaaa": "repeats the same",
    "passwordpassword": "repeats the same",
    "abcdefghijklmn": "follow each other",
    "zxcvbnm,./zxcvbnm,./": "repeats the same",
    "Lovelace1815": "your name",
    "ada.lovelace": "your name",
    "analytical-1842": "your name",
    "Lovelace-Countess": "your name",
    "turva analytical al-1815": "your name",
    "turva-turva-": "your name",
}


@pytest.mark.parametrize("password", REFUSED)
def test_6_2_4_what_is_guessed_first_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_weak(password, ADA, "new_password")
    (problem,) = refused.value.problems
    assert (problem.field, REFUSED[password] in problem.message) == ("new_password", True), problem.message
    assert not password or password not in refused.value.detail


def test_6_2_4_no_common_password_of_our_length_is_taken() -> None:
    """Every one of the 30,000 most used that has 12 characters or more."""
    common = [word for word in matching.RANKED_DICTIONARIES["passwords"] if len(word) >= SHORTEST_PASSWORD]
    assert len(common) > 50
    assert [word for word in common if problem_with(word, [])] == common


def test_words_of_one_person_are_not_held_against_another() -> None:
    mine = "Zwollstenkraaf"
    assert problem_with(f"{mine} 59", ["Mary", mine])
    assert problem_with(f"{mine} 59", ADA) is None


def test_people_who_choose_at_once_do_not_share_their_words() -> None:
    right: list[bool] = []

    def choose(mine: str, other: str) -> None:
        right.extend(problem_with(f"{mine} 59", [mine]) != problem_with(f"{mine} 59", [other]) for _ in range(20))

    names = ("Zwollstenkraaf", "Brunelleschini")
    threads = [threading.Thread(target=choose, args=pair) for pair in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 40


async def test_what_the_site_is_called_is_known_to_everyone() -> None:
    passwords = Passwords(load_settings(environment("sqlite:///unused.db", SERVICE_NAME="Zwollstenkraaf")))
    with pytest.raises(Invalid):
        await passwords.of_choice("Zwollstenkraaf 59", [])
    assert await passwords.verify(await passwords.of_choice(PASSWORD, []), PASSWORD)
    passwords.close()
