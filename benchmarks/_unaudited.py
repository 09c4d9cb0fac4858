"""Turva without its audit trail, so that the trail's cost can be seen: `python -m benchmarks._unaudited serve`."""

import sys

import commands
from models.audit import audit


async def forget(*_told: object, **_options: object) -> None:
    pass


if __name__ == "__main__":
    audit.append = forget  # every change calls it by this name
    sys.exit(commands.run(sys.argv[1:]))
