"""One handler, two faces: a program gets the model as JSON, a browser the page that lies beside the module."""

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Request, params
from fastapi.responses import RedirectResponse, Response

from endpoints import _drafts
from endpoints._accept import is_fragment, is_page, is_safe
from endpoints._forms import Form
from endpoints._pages import environment, link, render
from models.comments import hazard_notices


class Done(Response):
    """Success with nothing to show: 204 for a program, a redirect to `url` for a browser."""

    def __init__(self, url: str) -> None:
        super().__init__(status_code=204)
        self.url = url


def two_faced(handler: Callable[..., Any], template: str | None) -> Callable[..., Any]:
    """The handler with its second face; its signature, as FastAPI reads it, keeps every parameter."""
    signature = inspect.signature(handler, eval_str=True)
    # FastAPI gives the request and the response under one name each, so the handler's own names are used.
    names = {kind: name_of(kind, signature) or name for kind, name in ((Request, "request_"), (Response, "response_"))}
    added = {name: kind for kind, name in names.items() if name not in signature.parameters}

    read, keeps_draft = dict(at_hand(signature)), _drafts.is_marked(handler)

    @functools.wraps(handler)
    async def either(**given: Any) -> Any:
        request, response = given[names[Request]], given[names[Response]]
        for name in added:
            del given[name]
        for name, value in read.items():
            given[name] = value(request)
        answer = await handler(**given)
        if not is_safe(request.scope):
            await _drafts.sent(request)
            return after_change(request, response, answer)
        if template is None or isinstance(answer, Response) or not is_page(request.scope):
            return answer
        await count_unread(request)
        return page(request, response, template, answer, await _drafts.waiting(request) if keeps_draft else None)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [given.replace(kind=keyword) for name, given in signature.parameters.items() if name not in read]
    parameters += [inspect.Parameter(name, keyword, annotation=kind) for name, kind in added.items()]
    either.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    annotations = {**inspect.get_annotations(handler, eval_str=True), **added}
    either.__annotations__ = {name: kind for name, kind in annotations.items() if name not in read}
    return either


def at_hand(signature: inspect.Signature) -> Iterator[tuple[str, Callable[[Request], Any]]]:
    """What of a handler's parameters is only read from the request (endpoints/_depends.py), and how."""
    for name, parameter in signature.parameters.items():
        for mark in getattr(parameter.annotation, "__metadata__", ()):
            read = getattr(mark.dependency, "read", None) if isinstance(mark, params.Depends) else None
            if read is not None:
                yield name, read


def name_of(kind: type, signature: inspect.Signature) -> str | None:
    """The handler's own name for the request or the response, where it takes one."""
    return next((name for name, parameter in signature.parameters.items() if parameter.annotation is kind), None)


async def count_unread(request: Request) -> None:
    """For the header of a whole page: one indexed lookup, which answers to programs do without."""
    scope = request.scope
    if "whole" in scope.get("auth", ()) and not is_fragment(scope):
        scope["unread"] = await hazard_notices.unread(scope["user"].member_id)


def page(
    request: Request, response: Response, template: str, model: Any, draft: _drafts.Drafting | None = None
) -> Response:
    """The page of a model, or only its fragment; 422 and the like when it shows a refused form again."""
    form: Form | None = request.scope.get("form")
    rendered = render(
        request,
        part_of(template) if is_fragment(request.scope) else template,
        {"model": model, "form": form, "draft": draft},
        form.status if form else 200,
    )
    rendered.headers.update(form.headers if form else {})
    return with_headers_of(response, rendered)


def part_of(template: str) -> str:
    """The fragment of a page; the page itself where it has none."""
    return str(environment.select_template([template.replace(".html", ".fragment.html"), template]).name)


def after_change(request: Request, response: Response, answer: Any) -> Any:
    """What follows a successful change: a browser goes on to the new state, a program is told where it is."""
    url = getattr(answer, "url", None)
    if url is None:
        return answer
    if is_page(request.scope):
        return with_headers_of(response, RedirectResponse(link(request, next_page(request, url)), 303))
    if isinstance(answer, Response):
        return with_headers_of(response, answer)
    response.headers["Location"] = link(request, url)
    return answer


def next_page(request: Request, url: str) -> str:
    """The new state; by the second button of a form that makes one thing after another, that form once more, empty."""
    return _drafts.own_path(request) + "?after=again" if "again" in request.query_params else url


def with_headers_of(source: Response, target: Response) -> Response:
    """Cookies and the like that a handler set travel with whichever face is sent."""
    kept = [(name, value) for name, value in source.raw_headers if name not in (b"content-length", b"content-type")]
    target.raw_headers.extend(pair for pair in kept if pair not in target.raw_headers)
    return target
