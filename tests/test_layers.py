"""Who may import whom: the layers of docs/architecture.md, so that a rule of the domain never needs an endpoint."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import main

ROOT = Path(main.__file__).parent
MAY_IMPORT = {
    "errors": set[str](),
    "config": {"parsers"},
    "parsers": set[str](),
    "assets": set[str](),
    "middleware": {"errors"},
    "checks": {"models.enumerations"},
    "exchange": {"errors", "models.enumerations"},
    "models": {"checks", "config", "errors", "exchange"},
    "migrations": {"models"},
    "mail": {"config", "errors", "models"},
    "background": {"config", "errors", "mail", "models"},
    "authentication": {"config", "errors", "mail", "models"},
    "endpoints": {"assets", "authentication", "checks", "config", "errors", "exchange", "mail", "models"},
    "commands": {
        *("assets", "authentication", "checks", "config", "errors", "exchange", "mail", "main", "migrations", "models"),
    },
    "main": {
        *("assets", "authentication", "background", "commands", "config", "endpoints", "errors", "mail", "middleware"),
        "models",
    },
}


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, also inside a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def files_of(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    below = (path for path in (ROOT / layer).rglob("*.py") if "versions" not in path.relative_to(ROOT).parts)
    return [single] if single.exists() else list(below)


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_knows_only_those_below_it(layer: str) -> None:
    files = files_of(layer)
    assert files
    allowed = {layer, *MAY_IMPORT[layer]}
    ours = [(path, name) for path in files for name in imported(path) if name.partition(".")[0] in MAY_IMPORT]
    strangers = [(path, name) for path, name in ours if not {name, name.partition(".")[0]} & allowed]
    assert [f"{path.relative_to(ROOT)} imports {name}" for path, name in strangers] == []


def test_every_layer_is_named() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    modules = {path.stem for path in ROOT.glob("*.py")}
    assert folders | modules == MAY_IMPORT.keys() | {"tests", "benchmarks"}
