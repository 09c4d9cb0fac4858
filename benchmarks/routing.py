"""A thousand endpoint modules: what starting with them costs, and what the last of them pays for the others."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._report import Ratio

ROUNDS = 3
FEW, MANY = 10, 1000
IN_A_FOLDER = 25
ROOT = Path(__file__).parent.parent

MODULE = '''"""Endpoint {number} of a generated tree."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from authentication.access import public, requires

router = APIRouter()


class Thing{number}(BaseModel):
    id: UUID
    name: str = Field(min_length=1, max_length=200)
    rank: int = Field(1, ge=1, le=5)


class Shown{number}(BaseModel):
    id: UUID
    name: str
    rank: int
    notes: list[str] = []


@router.get("/")
@requires(public)
async def show(group_id: UUID, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Shown{number}:
    return Shown{number}(id=group_id, name="thing", rank=limit % 5)


@router.post("/", status_code=201)
@requires(public)
async def change(group_id: UUID, thing: Thing{number}) -> Shown{number}:
    return Shown{number}(id=group_id, name=thing.name, rank=thing.rank)
'''


def measure(few: int = FEW, many: int = MANY, rounds: int = ROUNDS) -> list[Ratio]:
    """Every measurement in a process of its own, the sides in turn, so that neither warms or crowds the other."""
    imports, starts, of_few, of_many = sides = (
        ("imported", many),
        ("started", many),
        ("answered", few),
        ("answered", many),
    )
    taken: dict[tuple[str, int], list[float]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as place:
        for count in (few, many):
            plant(Path(place), count)
        compile_all(Path(place))
        for _ in range(rounds):
            for side in sides:
                taken[side].append(run(place, *side))
    start, last = f"start with {many:,} modules, first request answered", f"request to the last of {many:,}"
    return [
        Ratio(start, "their bare import", taken[starts], taken[imports], "s", 2),
        Ratio(last, f"the last of {few:,}", taken[of_many], taken[of_few], "ms", 1.15),
    ]


def plant(place: Path, count: int) -> None:
    """Write a package of `count` endpoint modules, two routes and two models each, in folders of 25."""
    for number in range(count):
        folder = place / f"tree_{count}" / f"area_{number // IN_A_FOLDER:03}" / "group_id"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"thing_{number:04}.py").write_text(MODULE.format(number=number), "utf-8")
    for folder in (place / f"tree_{count}").rglob("*/"):
        (folder / "__init__.py").touch()
    (place / f"tree_{count}" / "__init__.py").touch()


def compile_all(place: Path) -> None:
    """Byte code is written once, as it is where Turva is installed."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", place], check=True)  # noqa: S603 - our own arguments


def run(place: str, what: str, count: int) -> float:
    command = [sys.executable, "-m", "benchmarks._routing_process", what, f"tree_{count}", place]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - see above
    seconds: float = json.loads(done.stdout)
    return seconds
