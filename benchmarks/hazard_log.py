"""Reading a hazard log of 5,000 hazards beside what openpyxl alone needs to walk through the same sheet."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import openpyxl

from benchmarks._report import Ratio, table
from exchange.demo import read_demo_project
from exchange.hazard_log import LoggedHazard, read_hazard_log
from tests.exchange.official_log import official_workbook_bytes, typed, with_shared_strings

ROUNDS = 3
HAZARDS = 5_000
DEMO = Path(__file__).parent.parent / "commands" / "demo_project.json"


def measure() -> list[Ratio]:
    """As openpyxl writes a workbook, with its texts in the cells, and as Excel does, with a table of texts.

    Processor time: reading computes and waits for nothing, so that other work of the machine need not count.
    """
    book = official_workbook_bytes(map(typed, hazards()))
    return [
        compared("texts in the cells", book),
        compared("texts in a table", with_shared_strings(book)),
    ]


def hazards(wanted: int = HAZARDS) -> Iterator[LoggedHazard]:
    """Our dozen again and again; the number in the texts makes each text a new one."""
    ours = read_demo_project(DEMO.read_bytes()).log.hazards
    for number, hazard in enumerate(islice(cycle(ours), wanted)):
        effect, harm = f"{hazard.effect} ({number})", f"{hazard.harm} ({number})"
        yield replace(
            hazard, number=f"N-{number}", description=f"{hazard.description} ({number})", effect=effect, harm=harm
        )


def compared(what: str, book: bytes) -> Ratio:
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(seconds(lambda: walk(book)))
        ours.append(seconds(lambda: read(book)))
    name = f"read {HAZARDS:,} hazards, {what}"
    return Ratio(name, "openpyxl walks through the sheet", ours, bare, "s", 3)


def walk(book: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book), read_only=True)["Hazard Log"]
    assert sum(1 for _ in sheet.iter_rows(values_only=True)) == HAZARDS + 4


def read(book: bytes) -> None:
    log = read_hazard_log(io.BytesIO(book), "log.xlsx")
    assert (len(log.hazards), log.problems) == (HAZARDS, ())


def seconds(do: Callable[[], None]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


if __name__ == "__main__":
    print(table(measure()))
