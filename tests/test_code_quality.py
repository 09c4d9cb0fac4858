"""The shape of the code, kept by a test: short files, short functions, names that say something, no machine."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOT_OURS = {"__pycache__", "built", "htmlcov", "node_modules", "var", "versions"}
LONGEST_FILE = 300
# A table of cases grows with what is tested.
LONGEST_TEST = 400
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 12
REASON = re.compile(r"^\s*# Long: \w+ \w+")
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "service"}
# In pieces, so that this file names none itself.
HOSTS = re.compile("python" + r"hosted|py" + r"pi\.org|npm" + r"js\.|deb\.deb" + "ian")
PLACES = re.compile(r"(?<![\w.}])/(wo" + "rk|fa" + "rm|ro" + "ot|ho" + "me|Us" + r"ers)/\w")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def own_files() -> tuple[Path, ...]:
    return tuple(sorted(walk(ROOT)))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or (path.name.startswith(".") and path.name not in {".ci", ".env.example"}):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


def modules() -> list[Path]:
    return [path for path in own_files() if path.suffix == ".py"]


def product() -> list[Path]:
    return [path for path in modules() if "tests" not in path.relative_to(ROOT).parts]


def texts() -> Iterator[tuple[Path, str]]:
    for path in own_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function))


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def says_why(path: Path, function: Function) -> bool:
    """The line above it begins with "# Long:" and gives the reason."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return bool(REASON.match(["", *path.read_text("utf-8").splitlines()][first - 1]))


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_the_walk_finds_the_tree() -> None:
    found = {place(path, 1) for path in own_files()}
    assert {"config.py:1", "tests/test_code_quality.py:1", "Makefile:1", "models/storage/database.py:1"} <= found
    assert not any(".venv" in one or "__pycache__" in one for one in found)


def test_no_file_is_long() -> None:
    allowed = {path: LONGEST_FILE if path in product() else LONGEST_TEST for path in modules()}
    assert not [place(path) for path, most in allowed.items() if len(path.read_text("utf-8").splitlines()) > most]


def test_no_function_is_long_without_a_reason() -> None:
    long = [(path, one) for path in modules() for one in functions(path) if length(one) > LONGEST_FUNCTION]
    assert not [place(path, one.lineno) for path, one in long if not says_why(path, one)]


def test_half_of_the_functions_are_very_short() -> None:
    assert statistics.median(length(one) for path in product() for one in functions(path)) < USUAL_FUNCTION


def test_every_module_opens_with_a_sentence() -> None:
    opened = {path: ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "" for path in modules()}
    silent = [path for path, text in opened.items() if not text.partition("\n\n")[0].endswith((".", ":"))]
    assert not [place(path) for path in silent if path.stat().st_size]


def test_names_say_something() -> None:
    named = [(place(path), path.stem) for path in modules()]
    for path in modules():
        tree = ast.walk(ast.parse(path.read_text("utf-8")))
        named += [(place(path, one.lineno), one.name) for one in tree if isinstance(one, Function | ast.ClassDef)]
    words = {where: set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())) for where, name in named}
    assert not {where for where, used in words.items() if used & EMPTY_WORDS}


def test_no_registry_is_named() -> None:
    assert not [place(path) for path, text in texts() if HOSTS.search(text)]


def test_no_place_of_one_machine_is_named() -> None:
    assert not [place(path) for path, text in texts() if PLACES.search(text)]


def test_the_patterns_find_what_they_are_for() -> None:
    assert HOSTS.search("https://files.python" + "hosted.org/x.whl")
    assert PLACES.search("cd /ho" + "me/ada/turva")
    assert not PLACES.search("https://example.org/ho" + "me/ada")
    assert REASON.match("    # Long: a table of cells")


def test_every_template_ends_in_html() -> None:
    """Only there does Jinja's own rule escape, whatever our environment is set to."""
    templates = [path for path, text in texts() if "endpoints" in path.parts and re.search(r"\{[%{]", text)]
    assert templates
    assert not [place(path) for path in templates if path.suffix not in {".html", ".py"}]
    assert not [place(path) for path in own_files() if path.suffix in {".jinja", ".jinja2", ".j2", ".njk"}]
