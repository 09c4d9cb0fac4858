"""`serve` migrates, serves until it is told to stop, and refuses at once what would fail later."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import assets
from commands import run, serve
from config import load_settings
from tests.commands.conftest import KEY, ROOT


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def served(settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A server of its own process that has said that it serves."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, ROOT / "main.py", "serve"],
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            wait_for(process, "Application startup complete", int(settings.get("WORKERS", "1")))
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], said: str, times: int) -> None:
    assert process.stdout
    heard: list[str] = []
    for line in process.stdout:
        heard.append(line)
        times -= said in line
        if not times:
            return
    pytest.fail("".join(heard) or "the server said nothing")


HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_an_empty_database_and_stops(
    environment: dict[str, str], empty_database_url: str, workers: str
) -> None:
    port = str(free_port())
    environment |= {"DATABASE_URL": empty_database_url, "SECRET_KEY": KEY, "PORT": port, "WORKERS": workers}
    with served(environment) as process:
        answer = httpx.get(f"http://127.0.0.1:{port}/health/")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert "server" not in answer.headers
        handshake = httpx.get(f"http://127.0.0.1:{port}/health/?token=secret", headers=HANDSHAKE)
        assert handshake.status_code == 200  # an ordinary request: uvicorn would log the query of a refused handshake
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode in {0, -signal.SIGTERM}


def test_a_taken_port_is_told_before_anything_else(
    environment: dict[str, str], settings: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings["PORT"] = str(port)
        assert run(["serve"]) == 1
    assert capsys.readouterr().err == (
        f"Another program listens on 127.0.0.1 port {port}. Stop it, or choose another port: PORT={port + 1}\n"
    )


def test_an_address_of_another_machine_is_told(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    settings["HOST"] = "192.0.2.1"  # RFC 5737: belongs to nobody
    assert run(["serve"]) == 1
    assert "cannot listen on 192.0.2.1 port 8000" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_application_that_cannot_be_made_changes_nothing(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    def broken() -> FastAPI:
        raise ExceptionGroup("1 problem(s) in endpoints/", [SyntaxError("login.py")])

    monkeypatch.setattr(serve, "application", broken)
    environment |= {"DATABASE_URL": "sqlite:///turva.db", "SECRET_KEY": KEY, "WORKERS": workers}
    with pytest.raises(ExceptionGroup):
        run(["serve"])
    assert not list(tmp_path.iterdir())


def test_missing_assets_are_told(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "is_installed", lambda: False)
    assert run(["serve"]) == 1
    assert "Run: make assets" in capsys.readouterr().err


def given_to_uvicorn(monkeypatch: pytest.MonkeyPatch, **changed: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _application, **options: given.update(options))
    serve.serve(FastAPI(), load_settings({"DATABASE_URL": "sqlite:///turva.db", "SECRET_KEY": KEY} | changed))
    return given


def test_no_proxy_is_believed_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_to_uvicorn(monkeypatch)["proxy_headers"] is False
    named = given_to_uvicorn(monkeypatch, TRUSTED_PROXIES="10.0.0.0/8,::1")
    assert (named["proxy_headers"], named["forwarded_allow_ips"]) == (True, ["10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        ({}, "http://127.0.0.1:8000/"),
        ({"HOST": "::1", "PORT": "9000", "API_PATH": "/turva"}, "http://[::1]:9000/turva/"),
    ],
)
def test_the_address_can_be_opened(changed: dict[str, str], address: str) -> None:
    assert serve.address(load_settings({"DATABASE_URL": "sqlite:///t.db", "SECRET_KEY": KEY} | changed)) == address


def test_a_version_6_port_is_checked_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("this Python has no IPv6")
    serve.refuse_taken_address("::1", free_port())
