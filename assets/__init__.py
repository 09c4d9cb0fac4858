"""Serves the browser assets at URLs that change with their content, so that browsers may keep them for ever."""

import functools
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HERE = Path(__file__).parent
BUILT = HERE / "built"
STAMP = "stamp.txt"
OWN = ("app.css", "app.js", "favicon.svg", "js-enabled.js", "logo.svg", "passkey.js")
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


class AssetsMissingError(RuntimeError):
    """The application does not start without its styles and scripts: a half-styled page misleads."""


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes
    media_type: str


def stamp() -> str:
    """Names what the built folder was made from, so that a newer lock or builder is noticed."""
    made_from = (HERE / "package-lock.json").read_bytes() + (HERE / "install.py").read_bytes()
    return hashlib.sha256(made_from).hexdigest()


def is_installed(built: Path = BUILT) -> bool:
    kept = built / STAMP
    return kept.is_file() and kept.read_text() == stamp()


def read(folder: Path, names: tuple[str, ...]) -> dict[str, Asset]:
    found = {}
    for name in names:
        content = (folder / name).read_bytes()
        compressed = gzip.compress(content, mtime=0)
        found[name] = Asset(content, compressed, MEDIA_TYPES[Path(name).suffix])
    return found


def collect(built: Path = BUILT) -> dict[str, Asset]:
    """Every file that is served, by its name in a URL."""
    if not is_installed(built):
        raise AssetsMissingError("The browser assets are not installed or out of date: run `make assets`.")
    names = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    return read(HERE, OWN) | read(built, tuple(sorted(name for name in names if name != STAMP)))


def digest_of(files: Mapping[str, Asset]) -> str:
    """One digest for all files: scripts import each other by relative URL, so they change together."""
    total = hashlib.sha256()
    for name, asset in sorted(files.items()):
        total.update(f"{name}\0{len(asset.content)}\0".encode() + asset.content)
    return total.hexdigest()[:16]


@functools.cache
def files() -> Mapping[str, Asset]:
    return collect()


@functools.cache
def digest() -> str:
    return digest_of(files())


def url(name: str, prefix: str = "") -> str:
    """The URL of an asset below the prefix of the application; KeyError when there is none of that name."""
    if name not in files():
        raise KeyError(f"There is no asset {name!r} in assets/ or assets/built/")
    return f"{prefix}/assets/{digest()}/{name}"


def answer(request: Request) -> Response:
    asset = files().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    # During an upgrade a page of the other version may ask here: it gets its styles, but must not keep them.
    ours = request.path_params["digest"] == digest()
    headers = {"Cache-Control": FOR_EVER if ours else "no-cache", "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.compressed, headers=headers, media_type=asset.media_type)


def mount(app: Starlette, prefix: str = "") -> None:
    """Adds the assets to the application; AssetsMissingError when they are not installed."""
    files()

    async def asset(request: Request) -> Response:
        return answer(request)

    app.router.routes.append(Route(f"{prefix}/assets/{{digest}}/{{name:path}}", asset, include_in_schema=False))
