"""The system's Chromium: where it is, how it is started, and what to do where there is none."""

import os
import shutil

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Containers have no user namespaces for its sandbox and a small /dev/shm; only our own pages are visited.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]


def find_chromium() -> str:
    """Its path. Without it the test is left out, except in continuous integration, where that is a failure."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found:
        return found
    missing = f"The pages are NOT tested in a browser: install one of {', '.join(PROGRAMS)}"
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        pytest.skip(missing)
    pytest.fail(missing)
