"""A machine without a browser must not pass for one where the pages were tested."""

import shutil

import pytest

from tests.browser.chromium import PROGRAMS, find_chromium


@pytest.fixture
def without_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


@pytest.mark.usefixtures("without_chromium")
@pytest.mark.parametrize("value", ["", "false"])
def test_on_a_developers_machine_the_tests_are_left_out_and_say_so(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.skip.Exception, match="NOT tested in a browser: install one of chromium"):
        find_chromium()


@pytest.mark.usefixtures("without_chromium")
def test_in_continuous_integration_it_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="NOT tested"):
        find_chromium()


def test_the_first_program_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in PROGRAMS[1:] else None)
    assert find_chromium() == "/usr/bin/chromium-browser"
