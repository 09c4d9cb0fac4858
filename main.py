"""The application: configuration, then database, then middleware, then endpoints; run as a program, the commands."""

import asyncio
import functools
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

import assets
import background
import endpoints
from authentication.middleware import SessionCheck
from authentication.passwords import Passwords
from authentication.sessions import policy_of
from authentication.streams import Streams
from authentication.throttles import caller
from config import Settings, load_settings
from endpoints import _errors, _pages
from endpoints._loader import load
from endpoints._openapi import describe
from endpoints._tree import Tree
from mail import hazard_notices
from mail.outbox import outbox
from middleware.access_log import AccessLog
from middleware.allowed_hosts import AllowedHosts
from middleware.cross_site import CrossSite
from middleware.last_resort import LastResort
from middleware.rate_limit import RateLimit, storage_at
from middleware.request_id import RequestId, RequestIdFilter
from middleware.security_headers import SecurityHeaders
from models.storage.opening import opened


class Application(FastAPI):
    """FastAPI without the outer layers of its own: `LastResort` answers what escapes, and the tree limits bodies.

    The tree is asked before FastAPI's routes, as nearly every request is for it; the loader found no overlap.
    """

    def build_middleware_stack(self) -> ASGIApp:
        app: ASGIApp = ExceptionMiddleware(self.state.tree, handlers=self.exception_handlers)
        for layer in reversed(self.user_middleware):
            app = layer.cls(app, *layer.args, **layer.kwargs)
        return app


def create_app(settings: Settings) -> FastAPI:
    """The whole application. ExceptionGroup when an endpoint cannot be served, with every problem found."""
    app = Application(
        title=settings.SERVICE_NAME,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{settings.API_PATH}/openapi.json",
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # it would export the words of exceptions
    )
    app.state.settings = settings
    app.state.sessions = policy_of(settings)
    app.state.streams = Streams(app.state.sessions)
    app.state.passwords = Passwords(settings)
    _pages.configure(
        app,
        service_name=settings.SERVICE_NAME,
        nhs_logo=settings.NHS_LOGO,
        prefix=settings.API_PATH,
        registration=settings.REGISTRATION,
    )
    assets.mount(app, settings.API_PATH)
    tree = Tree(load(endpoints, settings.API_PATH, app.routes), app.router)
    app.state.tree = tree
    app.openapi = functools.cache(lambda: describe(app.title, tree.operations))  # type: ignore[method-assign]  # FastAPI's way
    _errors.register(app)
    add_middleware(app, settings)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """From the inside out: what is added last is passed first."""
    if settings.RATE_LIMIT_ENABLED:
        app.add_middleware(RateLimit, **limits(settings))
    app.add_middleware(SessionCheck, policy=app.state.sessions, assets=f"{settings.API_PATH}/assets/")
    app.add_middleware(CrossSite, trusted_origins=settings.TRUSTED_ORIGINS)
    app.add_middleware(AllowedHosts, allowed_hosts=settings.ALLOWED_HOSTS)
    app.add_middleware(LastResort, answer=_errors.answer)
    if settings.TRUSTED_ORIGINS:
        app.add_middleware(CORSMiddleware, **cors(settings.TRUSTED_ORIGINS))
    app.add_middleware(SecurityHeaders)
    if settings.ACCESS_LOG:
        app.add_middleware(AccessLog)
    app.add_middleware(RequestId)


def limits(settings: Settings) -> dict[str, Any]:
    """Assets are kept by browsers and made of nothing, and whoever asks for health must not be told to wait."""
    return {
        "storage": storage_at(settings.RATE_LIMIT_STORAGE),
        "reads": settings.RATE_LIMIT_READS_PER_MINUTE,
        "writes": settings.RATE_LIMIT_WRITES_PER_MINUTE,
        "whose": caller,
        "free": (f"{settings.API_PATH}/assets/", f"{settings.API_PATH}/health/"),
    }


def cors(origins: Sequence[str]) -> dict[str, Any]:
    """Pages of these origins alone may read answers, with the cookie of the person (OWASP ASVS 5.0, 3.4.2)."""
    return {
        "allow_origins": origins,
        "allow_credentials": True,
        "allow_methods": ["GET", "HEAD", "POST"],
        "allow_headers": ["Authorization", "Content-Type"],
        "expose_headers": ["Location", "Retry-After", "X-Request-Id"],
    }


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    outbox.configure(app.state.settings)
    hazard_notices.bind()
    streams: Streams = app.state.streams
    try:
        async with opened(app.state.settings), streams.running(), background.running(app.state.settings):
            with told_to_stop(streams.stop):
                yield
    finally:
        app.state.passwords.close()


@contextmanager
def told_to_stop(act: Callable[[], None]) -> Iterator[None]:
    """Act as soon as the process is asked to end: a server ends the lifespan only when every open answer is whole."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread only
        return
    loop = asyncio.get_running_loop()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    servers = {number: handler for number, handler in handlers.items() if callable(handler)}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        servers[signal.Signals(number)](number, frame)

    for number in servers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, server in servers.items():
            signal.signal(number, server)


def configure_logging(settings: Settings) -> None:
    """One line a record on standard error, each with the identity of its request."""
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"))
    logging.basicConfig(level=settings.LOG_LEVEL.upper(), handlers=[handler], force=True)
    # Its debug lines hold the parameters of statements: personal data, hashes of passwords.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)


def application() -> FastAPI:
    """The application by the settings of the environment, as a server calls it."""
    settings = load_settings(os.environ)
    configure_logging(settings)
    return create_app(settings)


if __name__ == "__main__":
    import commands

    sys.exit(commands.run(sys.argv[1:]))
