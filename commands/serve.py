"""Serves Turva: refuses what would fail later, applies pending migrations, then hands over to uvicorn."""

import argparse
import errno
import socket

import uvicorn
from fastapi import FastAPI

import assets
from commands import _database
from config import Settings
from errors import TurvaError
from main import application

NAME = "serve"
HELP = "apply pending migrations and serve"
# For answers that are under way; streams end by themselves (main.told_to_stop).
STOP_SECONDS = 10
# uvicorn kills a worker that is silent for so long; its own 5 seconds are too few for a start on a busy machine.
WORKER_SECONDS = 30


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Everything is a setting: see docs/settings.md."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    if not assets.is_installed():
        raise TurvaError("The styles and scripts of the pages are not installed or out of date. Run: make assets")
    refuse_taken_address(settings.HOST, settings.PORT)
    app = application()
    _database.migrate(settings)
    print(f"Turva is at {address(settings)}", flush=True)
    serve(app, settings)
    return 0


def serve(app: FastAPI, settings: Settings) -> None:
    # uvicorn would start a process again and again that cannot load; this one has loaded, or we would not be here.
    several = settings.WORKERS > 1
    uvicorn.run(
        "main:application" if several else app,
        factory=several,
        host=settings.HOST,
        port=settings.PORT,
        workers=settings.WORKERS,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=list(settings.TRUSTED_PROXIES),
        log_config=None,  # application() has configured it
        log_level=settings.LOG_LEVEL,
        ws="none",  # there are no WebSockets, and uvicorn would log the query and the cookie of a handshake
        access_log=False,  # middleware/access_log.py writes it, without queries
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=WORKER_SECONDS,
    )


def address(settings: Settings) -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{host}:{settings.PORT}{settings.API_PATH}/"


def refuse_taken_address(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise TurvaError(_why_not(error, host, port)) from None


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Another program listens on {host} port {port}. Stop it, or choose another port: PORT={port % 65535 + 1}"
        )
    return f"Turva cannot listen on {host} port {port}: {error.strerror}. Change HOST or PORT."
