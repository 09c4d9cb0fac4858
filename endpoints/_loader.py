"""Finds the modules of `endpoints/`, and refuses at start-up whatever could not be served as it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from uuid import UUID

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match

from authentication.access import Access
from endpoints._tree import Operation, operation


class EndpointError(Exception):
    """A file that cannot be served as it stands."""

    def __init__(self, file: Path | str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


@dataclass(frozen=True)
class Endpoint:
    """What the place of a file says about its URL, known before it is imported."""

    root: Path
    names: tuple[str, ...]

    @property
    def path(self) -> Path:
        return self.root.joinpath(*self.names).with_suffix(".py")

    @property
    def file(self) -> Path:
        """The path as messages and the URL table name it, from the package's own name on."""
        return self.path.relative_to(self.root.parent)

    @property
    def module(self) -> str:
        return ".".join((self.root.name, *self.names))

    @property
    def url(self) -> str:
        names = self.names[:-1] if self.names[-1] == "index" else self.names
        return "/" + "".join(f"{segment(name)}/" for name in names)

    @property
    def template(self) -> str | None:
        page = self.path.with_suffix(".html")
        return page.relative_to(self.root).as_posix() if page.exists() else None


def segment(name: str) -> str:
    """A name that ends in `_id` is a path parameter, and every identifier is a UUID."""
    return f"{{{name}}}" if name.endswith("_id") else name


def load(package: ModuleType, prefix: str = "", outsiders: Iterable[BaseRoute] = ()) -> list[Operation]:
    """Every operation of a package, or an ExceptionGroup of EndpointError with every problem found.

    `outsiders` are routes that the application declared before; they must not hide an endpoint.
    """
    root = Path(package.__path__[0])
    problems = [EndpointError(*found) for found in misplaced_files(root)]
    operations: list[Operation] = []
    for endpoint in discover(root):
        try:
            routes = routes_of(endpoint)
        except EndpointError as problem:
            problems.append(problem)
            continue
        faults = [EndpointError(endpoint.file, fault) for fault in faults_of(endpoint, routes)]
        problems += faults
        if not faults:
            operations += [
                operation(route, prefix + endpoint.url, endpoint.template, str(endpoint.file)) for route in routes
            ]
    problems += [EndpointError(o.file, fault) for o in operations for fault in faults_in_place(o, outsiders)]
    if problems:
        raise ExceptionGroup(f"{len(problems)} problem(s) in {package.__name__}/", problems)
    return operations


def discover(root: Path) -> Iterator[Endpoint]:
    """The public modules of a package, none of them imported yet."""
    for path in sorted(root.rglob("*.py")):
        names = path.relative_to(root).with_suffix("").parts
        if not any(name.startswith("_") for name in names):
            yield Endpoint(root, names)


def misplaced_files(root: Path) -> Iterator[tuple[Path, str]]:
    """What is wrong with the names and places of the files, module by module and page by page."""
    for endpoint in discover(root):
        for problem in misplaced(endpoint):
            yield endpoint.file, problem
    for page in sorted(root.rglob("*.html")):
        stem = page.name.removesuffix(".html").removesuffix(".fragment")
        if not stem.startswith("_") and not page.with_name(f"{stem}.py").exists():
            yield page.relative_to(root.parent), f"there is no {stem}.py beside it; a shared part's name begins with _"


def misplaced(endpoint: Endpoint) -> Iterator[str]:
    path = endpoint.path
    for name in endpoint.names:
        if not name.isidentifier() or name != name.lower() or iskeyword(name):
            yield f"{name!r} is not a lower-case Python name"
    if path.stem != "index" and path.with_suffix("").is_dir():
        yield f"move it to {path.stem}/index.py, as that folder exists"
    if not path.with_name("__init__.py").exists():
        yield "its folder has no __init__.py"
    parameters = {other.stem for other in path.parent.iterdir() if other.stem.endswith("_id")}
    if len(parameters) > 1:
        yield f"its folder has more than one path parameter: {', '.join(sorted(parameters))}"
    if len(set(endpoint.names)) != len(endpoint.names) and any(
        endpoint.names.count(name) > 1 for name in endpoint.names if name.endswith("_id")
    ):
        yield "the same path parameter stands in its path twice"


def routes_of(endpoint: Endpoint) -> list[APIRoute]:
    """Import a module and give the path operations of its router."""
    try:
        module = import_module(endpoint.module)
    except Exception as error:
        raise EndpointError(endpoint.file, f"cannot be imported: {error!r}") from error
    router = vars(module).get("router")
    if not isinstance(router, APIRouter) or not router.routes:
        problem = "has no router with routes; a private module's name begins with an underscore"
        raise EndpointError(endpoint.file, problem)
    routes = [route for route in router.routes if isinstance(route, APIRoute) and route.path == "/"]
    if len(routes) != len(router.routes):
        raise EndpointError(endpoint.file, 'every route of its router must be a path operation on "/"')
    return routes


def faults_of(endpoint: Endpoint, routes: list[APIRoute]) -> Iterator[str]:
    """What is wrong with the handlers of one module."""
    seen: set[str] = set()
    for route in routes:
        name = route.endpoint.__name__
        if route.endpoint.__module__ != endpoint.module:
            yield f"serves {route.endpoint.__module__}.{name}"
        for method in sorted(route.methods or ()):
            if method in seen:
                yield f"{method} {endpoint.url} is declared twice"
            seen.add(method)
        access = getattr(route.endpoint, "access", None)
        if not isinstance(access, Access):
            yield f"{name}() does not declare who may call it; decorate it with @requires(...)"
        elif missing := access.parameters - set(endpoint.names):
            yield f"{name}() requires {access.name}, which needs {', '.join(sorted(missing))} in its path"


def faults_in_place(found: Operation, outsiders: Iterable[BaseRoute]) -> Iterator[str]:
    """What is wrong with an operation at its URL."""
    method = found.methods[0]
    sample = found.url.format_map(dict.fromkeys(found.route.param_convertors, UUID(int=0)))
    scope = {"type": "http", "method": method, "path": sample, "root_path": "", "headers": []}
    if any(outsider.matches(scope)[0] is Match.FULL for outsider in outsiders):
        yield f"{method} {found.url} is never reached, another route comes first"
    parameters = dict(taken(found.route.dependant))
    for name in sorted(found.route.param_convertors):
        if parameters.get(name) is not UUID:
            yield f"{found.route.name}() must take {name}: UUID"


def taken(dependant: Dependant) -> Iterator[tuple[str, object]]:
    """The path parameters that a handler or one of its dependencies takes, and their types."""
    for field in dependant.path_params:
        yield field.alias, field.field_info.annotation
    for inner in dependant.dependencies:
        yield from taken(inner)
