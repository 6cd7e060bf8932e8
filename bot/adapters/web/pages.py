"""The page's own files, read once, served with an entity tag."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page."""

    body: bytes
    content_type: str
    etag: str

    def answer(self, request: web.Request) -> web.Response:
        """The file, or 304 where the browser has it already."""
        known = {tag.value for tag in request.if_none_match or ()}
        response = web.Response(status=304)
        if self.etag not in known:
            response = web.Response(body=self.body, content_type=self.content_type, charset="utf-8")
        response.etag = self.etag
        response.headers["Cache-Control"] = "no-cache"
        return response


def load_assets() -> dict[str, Asset]:
    """Every file of the page, by the address it is served at."""
    package = resources.files("bot.adapters.web")
    files = {f"/static/{entry.name}": entry for entry in (package / "static").iterdir()}
    files["/"] = files.pop("/static/index.html")
    files["/api"] = files.pop("/static/api.html")
    files["/api/openapi.json"] = package / "openapi.json"
    return {
        address: _asset(entry.read_bytes(), kind)
        for address, entry in files.items()
        if (kind := TYPES.get("." + entry.name.rpartition(".")[2])) is not None
    }


def _asset(body: bytes, kind: str) -> Asset:
    return Asset(body, kind, hashlib.sha256(body).hexdigest()[:20])


def embedded(page: Asset) -> Asset:
    """The page as it is served with `?embed=1`: marked, so that it is compact from the start."""
    return _asset(page.body.replace(b"<html ", b"<html data-embed ", 1), page.content_type)


def routes(assets: dict[str, Asset]) -> list[web.RouteDef]:
    """One route a file: no path of a request ever reaches the file system."""

    def serve(address: str, asset: Asset) -> web.RouteDef:
        compact = embedded(asset) if address == "/" else asset

        async def handler(request: web.Request) -> web.Response:
            return (compact if request.query.get("embed") == "1" else asset).answer(request)

        return web.get(address, handler)

    return [serve(address, asset) for address, asset in assets.items()]
