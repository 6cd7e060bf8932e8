"""The path that the page is served below, where a proxy shares its host with other things."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.web.forwarded import is_trusted
from bot.adapters.web.options import WebOptions, is_prefix


def prefix_of(request: web.BaseRequest, options: WebOptions) -> str:
    """What stands before the addresses of an answer: the option, else what a trusted proxy says.

    The page itself needs neither: its addresses are relative.
    """
    if options.prefix:
        return options.prefix
    named = request.headers.get("X-Forwarded-Prefix", "").strip().rstrip("/")
    if is_prefix(named) and is_trusted(request, options.trusted_proxies):
        return named
    return ""
