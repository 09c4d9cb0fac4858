"""Serves the mounted endpoints: one walk over the path's segments, whatever the number of modules."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from fastapi.params import File
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from authentication.access import Access, admit
from config import Settings
from endpoints._accept import is_page, is_safe, with_vary
from endpoints._faces import two_faced
from endpoints._forms import keep_typed, limited, posted_form, without_blanks
from endpoints._links import prefix
from endpoints._plain import Handler, plain_handler
from errors import MethodNotAllowed

IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
STACKS = ("fastapi_inner_astack", "fastapi_function_astack", "fastapi_middleware_astack")
"""Where FastAPI looks for what a request must end: dependencies with `yield`, of which we have none, and files."""
BODY_LIMIT = 1024 * 1024
"""Bytes of a request body; a file has UPLOAD_LIMIT_MEGABYTES, or what its handler says, in their place."""
OURS = {"self", "path", "endpoint", "tags", "dependency_overrides_provider", "max_body_size"}
OPTIONS = [name for name in inspect.signature(APIRoute.__init__).parameters if name not in OURS]
"""What a decorator may say of a route: all of it is kept, lest a `dependencies=[...]` that guards be lost."""


@dataclass(frozen=True)
class Operation:
    """A handler at its URL."""

    route: APIRoute
    url: str
    access: Access
    template: str | None
    file: str
    takes_files: bool

    @cached_property
    def plain(self) -> Handler | None:
        return plain_handler(self.route)

    @cached_property
    def handler(self) -> Handler:
        return self.route.get_route_handler()

    def body_limit(self, settings: Settings) -> int:
        """Bytes of a request: of one that carries a file by a setting, `upload_limit` of the handler or the usual."""
        given: Callable[[Settings], int] | None = vars(self.route.endpoint).get("upload_limit")
        if given:
            return given(settings) + BODY_LIMIT
        return settings.UPLOAD_LIMIT_MEGABYTES * 1_000_000 if self.takes_files else BODY_LIMIT

    @property
    def methods(self) -> list[str]:
        return sorted(self.route.methods or ())

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As `APIRoute.app` does, with one stack of things to end later in place of three; errors are the caller's."""
        if self.plain:
            response = await self.plain(Request(scope, receive, send))
            await response(scope, receive, send)
            return
        async with AsyncExitStack() as stack:
            scope.update(dict.fromkeys(STACKS, stack))
            with keep_typed(request := Request(scope, receive, send), self.route):
                response = await self.handler(request)
            await response(scope, receive, send)


def operation(route: APIRoute, url: str, template: str | None, file: str) -> Operation:
    """The route of a module's router, analysed anew at its final URL and given its second face."""
    options = {name: getattr(route, name) for name in OPTIONS}
    tags = route.tags or [Path(file).with_suffix("").parts[1]]
    final = APIRoute(url, two_faced(route.endpoint, template), tags=tags, **options)
    takes_files = any(isinstance(parameter.field_info, File) for parameter in final.dependant.body_params)
    return Operation(final, url, vars(route.endpoint)["access"], template, file, takes_files)


@dataclass
class Node:
    """One place in the tree of URLs."""

    words: dict[str, "Node"] = field(default_factory=dict)
    parameter: tuple[str, "Node"] | None = None
    operations: dict[str, Operation] = field(default_factory=dict)

    def child(self, segment: str) -> "Node":
        if not segment.startswith("{"):
            return self.words.setdefault(segment, Node())
        if self.parameter is None:
            self.parameter = (segment[1:-1], Node())
        return self.parameter[1]

    @property
    def allow(self) -> str:
        """The Allow header of RFC 9110, section 10.2.1: every method that is served here."""
        return ", ".join(sorted({*self.operations, *(("HEAD",) if "GET" in self.operations else ())}))


class Tree:
    """The endpoints; what is none of them, it leaves to `others`."""

    def __init__(self, operations: Iterable[Operation], others: ASGIApp) -> None:
        self.others = others
        self.root = Node()
        self.operations = list(operations)
        for found in self.operations:
            node = self.root
            for segment in found.url.strip("/").split("/") if found.url != "/" else ():
                node = node.child(segment)
            node.operations.update(dict.fromkeys(found.methods, found))

    def find(self, path: str) -> tuple[Node, dict[str, UUID]] | None:
        """The node at a path that ends in a slash, and its path parameters."""
        node, parameters = self.root, {}
        for segment in path[1:-1].split("/") if path != "/" else ():
            if word := node.words.get(segment):
                node = word
            elif node.parameter and IDENTIFIER.match(segment):
                name, node = node.parameter
                parameters[name] = UUID(segment)
            else:
                return None
        return (node, parameters) if node.operations else None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path: str = scope["path"] if scope["type"] == "http" else ""
        canonical = path if path.endswith("/") else f"{path}/"
        found = self.find(canonical) if path.startswith("/") else None
        if found is None:
            return self.others(scope, receive, send)
        scope["node"], scope["path_params"] = found
        if path != canonical:
            return missing_slash(scope, canonical)(scope, receive, send)
        return self.handle(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        node: Node = scope["node"]
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        found = node.operations.get(method)
        if found is None:
            raise MethodNotAllowed(headers={"Allow": node.allow})
        scope["page"] = node.operations.get("GET")
        prefix.set(scope["app"].state.site.prefix)
        await admit(found.access, scope)
        receive = limited(scope, receive, found.body_limit(scope["app"].state.settings))
        scope["route"], scope["endpoint"] = found.route, found.route.endpoint
        if is_page(scope):
            without_blanks(scope)
        if not is_safe(scope):
            receive = await posted_form(scope, receive, found.route)
        await found.respond(scope, receive, with_vary(send))


def missing_slash(scope: Scope, canonical: str) -> Response:
    """A redirect that names no host, so that a forged Host header leads nowhere else; the method is kept (RFC 9110)."""
    query = scope.get("query_string", b"").decode("latin-1")
    location = quote(canonical) + (f"?{query}" if query else "")
    return Response(status_code=308, headers={"Location": location})
