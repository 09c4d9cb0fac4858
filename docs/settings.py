"""Writes the documents that list every setting, so that they are as true as config.py."""

import sys
from dataclasses import fields

from config import Settings


def example_file() -> str:
    blocks = ["# Written by: python -m docs.settings example > .env.example\n"]
    for one in fields(Settings):
        mark = "" if one.metadata["default"] is None else "# "
        blocks.append(f"# {one.metadata['description']}\n{mark}{one.name}={one.metadata['example']}\n")
    return "\n".join(blocks)


def documentation() -> str:
    rows = [
        "# Settings\n",
        "Written by `python -m docs.settings docs > docs/settings.md`. An empty variable counts as not set.\n",
        "| Setting | Default | Example | What it does |\n|---|---|---|---|",
    ]
    for one in fields(Settings):
        default = {None: "required", "": "not set"}.get(one.metadata["default"], f"`{one.metadata['default']}`")
        rows.append(f"| `{one.name}` | {default} | `{one.metadata['example']}` | {one.metadata['description']} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    texts = {"example": example_file, "docs": documentation}
    if sys.argv[1:] not in [["example"], ["docs"]]:
        sys.exit("usage: python -m docs.settings example|docs")
    sys.stdout.write(texts[sys.argv[1]]())
