"""What is installed is pinned, completely, and every package that was chosen has a reason in the documents."""

import re
import sys
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def groups() -> list[dict[str, Requirement]]:
    """The three groups of requirements.txt by the name of the package; each begins with a comment."""
    found: list[dict[str, Requirement]] = []
    for block in (ROOT / "requirements.txt").read_text("utf-8").split("\n\n")[1:]:
        wanted = [Requirement(line) for line in block.splitlines() if not line.startswith("#")]
        found.append({canonicalize_name(one.name): one for one in wanted})
    return found


def needed(names: set[str], extras: dict[str, set[str]]) -> set[str]:
    """Every package that these need on this machine, directly or in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        for text in requires(name) or []:
            one = Requirement(text)
            wanted = one.marker is None or any(one.marker.evaluate({"extra": e}) for e in {"", *extras.get(name, ())})
            if wanted and (dependency := canonicalize_name(one.name)) not in found:
                found.add(dependency)
                extras.setdefault(dependency, set()).update(one.extras)
                waiting.append(dependency)
    return found


def test_there_are_three_groups_without_repetition() -> None:
    run, check, rest = groups()
    assert len(run | check | rest) == len(run) + len(check) + len(rest)


def test_every_package_has_one_version_and_it_is_the_installed_one() -> None:
    here = {"sys_platform": sys.platform}
    for name, one in (pair for group in groups() for pair in group.items()):
        assert re.fullmatch(r"==[^*,]+", str(one.specifier)), name
        if one.marker is None or one.marker.evaluate(here):
            assert str(one.specifier) == f"=={version(name)}", f"{name}: run make install"


def test_the_third_group_is_what_the_others_need() -> None:
    run, check, rest = groups()
    chosen = run | check
    extras = {name: set(one.extras) for name, one in chosen.items()}
    assert needed(set(chosen), extras) - chosen.keys() == rest.keys()


@pytest.mark.parametrize("group", [0, 1])
def test_every_chosen_package_has_a_line_that_says_why(group: int) -> None:
    part = (ROOT / "docs/dependencies.md").read_text("utf-8").split("\n## ")[group + 1]
    told = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", part, re.MULTILINE))
    assert told.keys() == groups()[group].keys()
