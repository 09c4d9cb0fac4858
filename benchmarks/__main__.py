"""Runs the benchmarks, prints their tables and keeps them: `python -m benchmarks [part ...]`."""

import sys
from collections.abc import Callable

from benchmarks import (
    _report,
    account,
    auditing,
    finding,
    hazard_log,
    hazard_pages,
    importing,
    routing,
    signing_in,
    streams,
)

PARTS: dict[str, Callable[[], list[_report.Ratio]]] = {
    "Account": account.measure,
    "Pages": hazard_pages.measure,
    "Finding": finding.measure,
    "Signing-in": signing_in.measure,
    "Auditing": auditing.measure,
    "Streams": streams.measure,
    "Routing": routing.measure,
    "Reading": hazard_log.measure,
    "Importing": importing.measure,
}


def main(wanted: list[str]) -> str | None:
    """Run the parts that are named, all without a name; only a whole run is kept."""
    known = {name.lower(): name for name in PARTS}
    if unknown := set(wanted) - known.keys():
        return f"There is no part {', '.join(sorted(unknown))}; choose from {', '.join(known)}."
    tables: dict[str, str] = {}
    for name, measure in PARTS.items():
        if not wanted or name.lower() in wanted:
            tables[name] = _report.table(measure())
            print(f"{name}\n{tables[name]}", flush=True)
    if len(tables) == len(PARTS):
        _report.RESULTS.write_text(_report.document(tables), "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
