"""Finds the modules of `endpoints/`, and refuses at start-up whatever could not be served as it stands."""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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

NAME = re.compile(r"[a-z][a-z0-9_]*")


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
        return self.root.joinpath(*self.names[:-1], f"{self.names[-1]}.py")

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
    endpoints = list(discover(root))
    problems = [EndpointError(*found) for found in (*misplaced_modules(endpoints), *misplaced_pages(root))]
    operations: list[Operation] = []
    for endpoint in endpoints:
        try:
            found = operations_of(endpoint, prefix)
        except EndpointError as problem:
            problems.append(problem)
        else:
            problems += [
                EndpointError(endpoint.file, fault) for one in found for fault in faults_in_place(one, outsiders)
            ]
            operations += found
    if problems:
        raise ExceptionGroup(f"{len(problems)} problem(s) in {package.__name__}/", problems)
    return operations


def discover(root: Path) -> Iterator[Endpoint]:
    """The public modules of a package, none of them imported yet."""
    for path in sorted(root.rglob("*.py")):
        names = path.relative_to(root).with_suffix("").parts
        if is_public(names):
            yield Endpoint(root, names)


def is_public(names: Sequence[str]) -> bool:
    return not any(name.startswith("_") for name in names)


def misplaced_modules(endpoints: Sequence[Endpoint]) -> Iterator[tuple[Path, str]]:
    """What is wrong with the names and places of the modules and their folders."""
    inside: defaultdict[Path, set[str]] = defaultdict(set)
    for endpoint in endpoints:
        for depth, name in enumerate(endpoint.names):
            inside[endpoint.root.joinpath(*endpoint.names[:depth])].add(name)
        for problem in misplaced(endpoint):
            yield endpoint.file, problem
    for folder, names in inside.items():
        place = folder.relative_to(endpoints[0].root.parent)
        if not (folder / "__init__.py").exists():
            yield place / "__init__.py", "is missing, so that its folder is no package"
        parameters = sorted(name for name in names if name.endswith("_id"))
        if len(parameters) > 1:
            yield place, f"has more than one path parameter: {', '.join(parameters)}"


def misplaced(endpoint: Endpoint) -> Iterator[str]:
    for name in endpoint.names:
        if not NAME.fullmatch(name) or iskeyword(name):
            yield f"{name!r} is not a lower-case Python name"
    if "index" in endpoint.names[:-1]:
        yield "'index' means the folder itself, so no folder can be called that"
    if endpoint.path.with_suffix("").is_dir():
        yield f"move it to {endpoint.path.stem}/index.py, as that folder exists"
    if any(endpoint.names.count(name) > 1 for name in endpoint.names if name.endswith("_id")):
        yield "the same path parameter stands in its path twice"


def misplaced_pages(root: Path) -> Iterator[tuple[Path, str]]:
    """Pages and parts of pages that nothing would ever show."""
    for page in sorted(root.rglob("*.html")):
        if is_public(page.relative_to(root).parts):
            owner = page.name.removesuffix(".html").removesuffix(".fragment")
            beside = f"{owner}.html" if page.name.endswith(".fragment.html") else f"{owner}.py"
            if not page.with_name(beside).exists():
                yield (
                    page.relative_to(root.parent),
                    f"there is no {beside} beside it; a shared part's name begins with _",
                )


def operations_of(endpoint: Endpoint, prefix: str) -> list[Operation]:
    """What one module serves at its URL. EndpointError, with everything that is wrong with its handlers."""
    routes = routes_of(endpoint)
    if faults := list(faults_of(endpoint, routes)):
        raise EndpointError(endpoint.file, "; ".join(faults))
    template, file = endpoint.template, str(endpoint.file)
    try:
        return [operation(route, prefix + endpoint.url, template, file) for route in routes]
    except Exception as error:
        raise EndpointError(endpoint.file, f"cannot be served at {endpoint.url}: {error!r}") from error


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


def faults_of(endpoint: Endpoint, routes: Sequence[APIRoute]) -> Iterator[str]:
    """What is wrong with the handlers of one module."""
    methods = [method for route in routes for method in sorted(route.methods or ())]
    for method in sorted({method for method in methods if methods.count(method) > 1}):
        yield f"{method} {endpoint.url} is declared twice"
    if "HEAD" in methods:
        yield "HEAD needs no handler, as GET answers it"
    if endpoint.template and "GET" not in methods:
        yield "its page is never shown, as it has no GET"
    for route in routes:
        yield from faults_of_handler(endpoint, route)


def faults_of_handler(endpoint: Endpoint, route: APIRoute) -> Iterator[str]:
    handler = route.endpoint
    name = handler.__name__
    if handler.__module__ != endpoint.module:
        yield f"serves {handler.__module__}.{name}"
    if not inspect.iscoroutinefunction(handler):
        yield f"{name}() must be an `async def` without `yield`"
    access = getattr(handler, "access", None)
    if not isinstance(access, Access):
        yield f"{name}() does not declare who may call it; decorate it with @requires(...)"
    elif missing := access.parameters - set(endpoint.names):
        yield f"{name}() requires {access.name}, which needs {', '.join(sorted(missing))} in its path"


def faults_in_place(found: Operation, outsiders: Iterable[BaseRoute]) -> Iterator[str]:
    """What is wrong with an operation at its URL."""
    sample = found.url.format_map(dict.fromkeys(found.route.param_convertors, UUID(int=0)))
    for method in found.methods:
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
