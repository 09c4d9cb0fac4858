"""Answers what asks for nothing that a client sends, without FastAPI's machinery for what clients send.

That parses query, headers and cookies for a handler that wants none of them: half of the time of a short answer. What a
route may say beyond its model is left to FastAPI.
"""

import inspect
from collections.abc import Awaitable, Callable

from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, serialize_response
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]

ASKED = ("path_params", "query_params", "header_params", "cookie_params", "body_params", "dependencies")
OF_MODEL = ("include", "exclude", "by_alias", "exclude_unset", "exclude_defaults", "exclude_none")
SAID = ("status_code", "dependencies", *(f"response_model_{name}" for name in OF_MODEL))
DEFAULTS = {name: inspect.signature(APIRoute.__init__).parameters[name].default for name in SAID}


def plain_handler(route: APIRoute) -> Handler | None:
    """What answers the route as FastAPI would; None where only FastAPI can."""
    needs = route.dependant
    asks = any(getattr(needs, name) for name in ASKED) or needs.background_tasks_param_name
    says = any((getattr(route, name) or None) != (default or None) for name, default in DEFAULTS.items())
    usual = isinstance(route.response_class, DefaultPlaceholder) and inspect.iscoroutinefunction(route.endpoint)
    return None if asks or says or not usual or route.response_field is None else short_way(route)


def short_way(route: APIRoute) -> Handler:
    """The handler has a request and a response by name, as `two_faced` gives both to every handler."""
    handler, field = route.endpoint, route.response_field
    request_name, response_name = route.dependant.request_param_name or "", route.dependant.response_param_name or ""

    async def answer(request: Request) -> Response:
        response = Response(media_type="application/json")
        response.raw_headers.clear()
        answered = await handler(**{request_name: request, response_name: response})
        if isinstance(answered, Response):
            return answered
        response.body = await serialize_response(field=field, response_content=answered, dump_json=True)
        given = response.raw_headers
        response.init_headers()
        response.raw_headers.extend(given)
        return response

    return answer
