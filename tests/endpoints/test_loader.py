"""What could not be served as it stands is refused at the start: everything at once, each problem with its file."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

import main
from config import load_settings
from endpoints._loader import EndpointError, load
from tests.clients import environment
from tests.trees import IMPORTS, SHOW, Files, Plant, endpoint

NEEDS_ID = SHOW.replace("show()", "show(thing_id: UUID)")
DEPENDS = """
async def found(thing_id: UUID) -> UUID:
    return thing_id

@router.get("/")
@requires(public)
async def show(thing: Annotated[UUID, Depends(found)]) -> str:
    return str(thing)
"""
POST_ONLY = SHOW.replace("get", "post")

# What is planted, and the words that the refusal must have, its file first.
BROKEN: dict[str, tuple[Files, str]] = {
    "no router": ({"export.py": '"""Nothing."""\n'}, "export.py: has no router with routes"),
    "something else called router": ({"export.py": "router = 1\n"}, "export.py: has no router with routes"),
    "empty router": ({"export.py": IMPORTS}, "export.py: has no router with routes"),
    "import error": ({"export.py": "import nothere\n"}, "export.py: cannot be imported: ModuleNotFoundError("),
    "syntax error": ({"export.py": "def (:\n"}, "export.py: cannot be imported: SyntaxError("),
    "unknown permission": (
        {"export.py": endpoint(SHOW.replace("public", "may('fly')"))},
        "export.py: cannot be imported: KeyError('fly')",
    ),
    "same method twice": (
        {"export.py": endpoint(SHOW + SHOW.replace("show", "again"))},
        "export.py: GET /export/ is declared twice",
    ),
    "same method twice in one list": (
        {"export.py": endpoint(SHOW + SHOW.replace("show", "again").replace("get('", "api_route('"))},
        "export.py: GET /export/ is declared twice",
    ),
    "HEAD of its own": (
        {"export.py": endpoint(SHOW + SHOW.replace("show", "head").replace("get", "head"))},
        "export.py: HEAD needs no handler",
    ),
    "own path": (
        {"export.py": endpoint(SHOW.replace('"/"', '"/export/"'))},
        'export.py: every route of its router must be a path operation on "/"',
    ),
    "prefix": (
        {"export.py": endpoint(SHOW).replace("APIRouter()", "APIRouter(prefix='/x')")},
        'export.py: every route of its router must be a path operation on "/"',
    ),
    "websocket": (
        {"export.py": endpoint(SHOW + "@router.websocket('/')\nasync def talk(socket): ...\n")},
        'export.py: every route of its router must be a path operation on "/"',
    ),
    "no access declaration": (
        {"export.py": endpoint(SHOW.replace("@requires(public)\n", ""))},
        "export.py: show() does not declare who may call it",
    ),
    "access that is none": (
        {"export.py": endpoint(SHOW.replace("@requires(public)", "@requires('public')"))},
        "export.py: show() does not declare who may call it",
    ),
    "permission without its project": (
        {"export.py": endpoint(SHOW.replace("public", "may('project:read')"))},
        "export.py: show() requires project:read, which needs project_id in its path",
    ),
    "not async": (
        {"export.py": endpoint(SHOW.replace("async def", "def"))},
        "export.py: show() must be an `async def` without `yield`",
    ),
    "generator": (
        {"export.py": endpoint(SHOW.replace("return", "yield"))},
        "export.py: show() must be an `async def` without `yield`",
    ),
    "parameter that nobody takes": (
        {"thing_id/show.py": endpoint()},
        "thing_id/show.py: show() must take thing_id: UUID",
    ),
    "parameter that is no UUID": (
        {"thing_id/show.py": endpoint(NEEDS_ID.replace("UUID)", "str)"))},
        "thing_id/show.py: show() must take thing_id: UUID",
    ),
    "parameter that may be absent": (
        {"thing_id/show.py": endpoint(NEEDS_ID.replace("UUID)", "UUID | None = None)"))},
        "thing_id/show.py: show() must take thing_id: UUID",
    ),
    "parameter of the path taken from the query": (
        {"thing_id/show.py": endpoint(NEEDS_ID.replace("UUID)", "Annotated[UUID, Query()])"))},
        "thing_id/show.py: cannot be served at /{thing_id}/show/: AssertionError(",
    ),
    "file beside its folder": (
        {"things.py": endpoint(), "things/create.py": endpoint()},
        "things.py: move it to things/index.py, as that folder exists",
    ),
    "folder called index": (
        {"index/export.py": endpoint()},
        "index/export.py: 'index' means the folder itself",
    ),
    "two parameters in one folder": (
        {"a/one_id/index.py": endpoint(NEEDS_ID.replace("thing", "one")), "a/two_id.py": endpoint(NEEDS_ID)},
        "a: has more than one path parameter: one_id, two_id",
    ),
    "same parameter twice in a path": (
        {"thing_id/parts/thing_id.py": endpoint(NEEDS_ID)},
        "thing_id/parts/thing_id.py: the same path parameter stands in its path twice",
    ),
    "dash": ({"re-open.py": endpoint()}, "re-open.py: 're-open' is not a lower-case Python name"),
    "capital": ({"Export.py": endpoint()}, "Export.py: 'Export' is not a lower-case Python name"),
    "keyword": ({"import.py": endpoint()}, "import.py: 'import' is not a lower-case Python name"),
    "letter that is not ASCII": ({"café.py": endpoint()}, "café.py: 'café' is not a lower-case Python name"),
    "bad name of a folder": ({"re-open/it.py": endpoint()}, "re-open/it.py: 're-open' is not a lower-case"),
    "two dots": ({"a.b.py": endpoint()}, "a.b.py: 'a.b' is not a lower-case Python name"),
    "page without module": ({"export.html": "x"}, "export.html: there is no export.py beside it"),
    "part without module": ({"export.fragment.html": "x"}, "export.fragment.html: there is no export.html beside it"),
    "part without page": (
        {"export.py": endpoint(), "export.fragment.html": "x"},
        "export.fragment.html: there is no export.html beside it",
    ),
    "page that nothing shows": (
        {"export.py": endpoint(POST_ONLY), "export.html": "x"},
        "export.py: its page is never shown, as it has no GET",
    ),
}


def refused(plant: Plant, files: Files, *outsiders: BaseRoute) -> list[str]:
    """Every problem of a tree, with the name of its package taken away."""
    package = plant(files)
    with pytest.raises(ExceptionGroup) as found:
        load(package, outsiders=outsiders)
    assert all(isinstance(problem, EndpointError) for problem in found.value.exceptions)
    assert str(found.value).startswith(f"{len(found.value.exceptions)} problem(s) in {package.__name__}/")
    return [str(problem).removeprefix(f"{package.__name__}/") for problem in found.value.exceptions]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_tree_is_refused(plant: Plant, fault: str) -> None:
    files, words = BROKEN[fault]
    assert any(problem.startswith(words) for problem in refused(plant, {"sound.py": endpoint(), **files})), words


def test_a_missing_init_is_refused_in_every_folder(plant: Plant) -> None:
    package = plant({"reports/year/pdf.py": endpoint()})
    for folder in ("reports", "reports/year"):
        (Path(package.__path__[0]) / folder / "__init__.py").unlink()
    with pytest.raises(ExceptionGroup) as found:
        load(package)
    told = [str(problem).partition("/")[2] for problem in found.value.exceptions]
    assert told == [
        f"{folder}/__init__.py: is missing, so that its folder is no package" for folder in ("reports", "reports/year")
    ]


def test_a_borrowed_router_is_refused(plant: Plant) -> None:
    package = plant({"own.py": endpoint(), "borrowed.py": ""})
    borrowed = Path(package.__path__[0]) / "borrowed.py"
    borrowed.write_text(f"from {package.__name__}.own import router\n")
    with pytest.raises(ExceptionGroup) as found:
        load(package)
    assert f"{package.__name__}/borrowed.py: serves {package.__name__}.own.show" in str(found.value.exceptions[0])


@pytest.mark.parametrize(
    "outsider",
    [Mount("/static", Starlette()), Route("/static/logo/", lambda _: None), Route("/{rest:path}", lambda _: None)],
    ids=["mount", "route", "all paths"],
)
def test_an_endpoint_that_another_route_hides_is_refused(plant: Plant, outsider: BaseRoute) -> None:
    told = refused(plant, {"static/logo.py": endpoint()}, outsider)
    assert told == ["static/logo.py: GET /static/logo/ is never reached, another route comes first"]


def test_a_method_that_another_route_hides_is_refused(plant: Plant) -> None:
    files = {"logo.py": endpoint(SHOW.replace('get("/")', 'api_route("/", methods=["GET", "POST"])'))}
    told = refused(plant, files, Route("/logo/", lambda _: None, methods=["POST"]))
    assert told == ["logo.py: POST /logo/ is never reached, another route comes first"]


def test_everything_is_told_at_once(plant: Plant) -> None:
    chosen = {"no router": "a.py", "import error": "b.py", "no access declaration": "c.py", "dash": "re-open.py"}
    files = {place: next(iter(BROKEN[fault][0].values())) for fault, place in chosen.items()}
    told = refused(plant, {**files, "lost.html": "x"})
    assert sorted({problem.partition(":")[0] for problem in told}) == [
        "a.py",
        "b.py",
        "c.py",
        "lost.html",
        "re-open.py",
    ]


def test_all_that_is_wrong_with_one_module_is_told(plant: Plant) -> None:
    code = SHOW.replace("@requires(public)\nasync ", "")
    (told,) = refused(plant, {"export.py": endpoint(code)})
    assert "must be an `async def`" in told
    assert "does not declare who may call it" in told


def test_the_cause_of_a_failed_import_is_kept(plant: Plant) -> None:
    with pytest.raises(ExceptionGroup) as found:
        load(plant({"export.py": "1 / 0\n"}))
    assert isinstance(found.value.exceptions[0].__cause__, ZeroDivisionError)


def test_the_application_does_not_start(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "endpoints", plant(BROKEN["no access declaration"][0]))
    with pytest.raises(ExceptionGroup, match="1 problem"):
        main.create_app(load_settings(environment("sqlite:///var/never-opened.db")))


def test_an_endpoint_that_the_assets_hide_stops_the_start(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "endpoints", plant({"assets/some/logo.py": endpoint()}))
    with pytest.raises(ExceptionGroup) as found:
        main.create_app(load_settings(environment("sqlite:///var/never-opened.db")))
    assert "GET /assets/some/logo/ is never reached" in str(found.value.exceptions[0])


@pytest.mark.parametrize(
    ("files", "urls"),
    [
        ({"index.py": endpoint()}, ["/"]),
        ({"auth/login.py": endpoint(), "auth/index.py": endpoint()}, ["/auth/", "/auth/login/"]),
        ({"thing_id/index.py": endpoint(NEEDS_ID)}, ["/{thing_id}/"]),
        ({"things/thing_id.py": endpoint(NEEDS_ID)}, ["/things/{thing_id}/"]),
        ({"things/thing_id/parts.py": endpoint(DEPENDS)}, ["/things/{thing_id}/parts/"]),
        ({"_private.py": "1 / 0", "_drafts/export.py": "1 / 0", "_drafts/x.html": "", "_part.html": ""}, []),
        ({"things/_by_id.py": "1 / 0", "things/thing_id.py": endpoint(NEEDS_ID)}, ["/things/{thing_id}/"]),
        ({"reroute.py": endpoint(), "match.py": endpoint(), "v2.py": endpoint()}, ["/match/", "/reroute/", "/v2/"]),
    ],
)
def test_the_path_of_a_file_is_its_url(plant: Plant, files: Files, urls: list[str]) -> None:
    assert [operation.url for operation in load(plant(files))] == urls
    assert [operation.url for operation in load(plant(files), "/turva")] == [f"/turva{url}" for url in urls]


def test_what_a_decorator_says_is_kept(plant: Plant) -> None:
    """A guard in `dependencies` that got lost on the way would leave a hole that nobody sees."""
    options = """"/", status_code=202, dependencies=[Depends(guard)], response_model_exclude_none=True, tags=["x"],
    summary="S", operation_id="show_it", deprecated=True, responses={409: {"description": "C"}}, name="n" """
    code = "def guard() -> None: ...\n" + SHOW.replace('"/"', options, 1)
    route = load(plant({"export.py": endpoint(code)}))[0].route
    assert [dependency.dependency.__name__ for dependency in route.dependencies if dependency.dependency] == ["guard"]
    assert [inner.call.__name__ for inner in route.dependant.dependencies if inner.call] == ["guard"]
    assert (route.status_code, route.operation_id, route.name, route.tags) == (202, "show_it", "n", ["x"])
    assert (route.response_model_exclude_none, route.deprecated, route.summary) == (True, True, "S")
    assert route.responses == {409: {"description": "C"}}
