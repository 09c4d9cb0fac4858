"""The application: configuration, then database, then middleware, then endpoints; run as a program, the commands."""

import functools
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import assets
import endpoints
from authentication.middleware import SessionCheck
from authentication.passwords import Passwords
from authentication.sessions import policy_of
from config import Settings, load_settings
from endpoints import _errors, _pages
from endpoints._loader import load
from endpoints._openapi import describe
from endpoints._tree import Tree
from mail.outbox import outbox
from middleware.access_log import AccessLog
from middleware.allowed_hosts import AllowedHosts
from middleware.cross_site import CrossSite
from middleware.last_resort import LastResort
from middleware.request_id import RequestId, RequestIdFilter
from middleware.security_headers import SecurityHeaders
from models.opening import opened


def create_app(settings: Settings) -> FastAPI:
    """The whole application. ExceptionGroup when an endpoint cannot be served, with every problem found."""
    app = FastAPI(
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
    app.state.passwords = Passwords(settings)
    _pages.configure(app, service_name=settings.SERVICE_NAME, nhs_logo=settings.NHS_LOGO, prefix=settings.API_PATH)
    assets.mount(app, settings.API_PATH)
    tree = Tree(load(endpoints, settings.API_PATH, app.routes))
    app.router.routes.append(tree)
    app.openapi = functools.cache(lambda: describe(app.title, tree.operations))  # type: ignore[method-assign]  # FastAPI's way
    _errors.register(app)
    add_middleware(app, settings)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """From the inside out: what is added last is passed first."""
    app.add_middleware(SessionCheck, policy=app.state.sessions)
    app.add_middleware(CrossSite, trusted_origins=settings.TRUSTED_ORIGINS)
    app.add_middleware(AllowedHosts, allowed_hosts=settings.ALLOWED_HOSTS)
    app.add_middleware(LastResort, answer=_errors.answer)
    if settings.TRUSTED_ORIGINS:
        app.add_middleware(CORSMiddleware, **cors(settings.TRUSTED_ORIGINS))
    app.add_middleware(SecurityHeaders)
    if settings.ACCESS_LOG:
        app.add_middleware(AccessLog)
    app.add_middleware(RequestId)


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
    try:
        async with opened(app.state.settings):
            yield
    finally:
        app.state.passwords.close()


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
