"""What a benchmark found, as a table for people, with what is needed to judge it: versions and machine."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("fastapi", "starlette", "pydantic", "uvicorn")


@dataclass(frozen=True)
class Ratio:
    """Rounds of two measurements side by side, and what their ratio should be."""

    what: str
    against: str
    measured: Sequence[float]
    base: Sequence[float]
    unit: str
    at_most: float

    @property
    def ratio(self) -> float:
        """The median of each side first: a round that something disturbed then weighs nothing."""
        return statistics.median(self.measured) / statistics.median(self.base)

    @property
    def row(self) -> str:
        verdict = "met" if self.ratio <= self.at_most else "missed"
        sides = f"{statistics.median(self.measured):.4g} {self.unit} | {statistics.median(self.base):.4g} {self.unit}"
        rounds = " ".join(f"{one / other:.2f}" for one, other in zip(self.measured, self.base, strict=True))
        goal = f"at most {self.at_most:g}"
        return f"| {self.what} | {self.against} | {sides} | {self.ratio:.2f} | {rounds} | {goal} | {verdict} |"


def table(ratios: Iterable[Ratio]) -> str:
    heading = "| what | against | median | its median | ratio | rounds | goal | |\n|---|---|---|---|---|---|---|---|\n"
    return heading + "".join(f"{ratio.row}\n" for ratio in ratios)


def document(tables: dict[str, str]) -> str:
    """The file that is committed: a later run on another machine compares ratios, never times."""
    head = f"# Results\n\nWritten by `make bench` on {datetime.now(UTC):%Y-%m-%d}. {machine()}\n"
    return head + "".join(f"\n## {name}\n\n{text}" for name, text in tables.items())


def machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = os.cpu_count()
    return f"Python {platform.python_version()}, {packages}; {platform.system()} {platform.machine()}, {cores} cores."
