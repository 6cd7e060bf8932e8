"""The page's own files, read once, served with an entity tag; its texts in twelve languages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib import resources

from aiohttp import web
from fluent.runtime import FluentResource
from fluent.syntax import ast

from bot.adapters.web.capabilities import Facts, language_of
from bot.chat.capabilities import NOWHERE, UNKNOWN
from bot.locales import ENGLISH, languages, right_to_left, say, source

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
TRANSLATED = {".html", ".webmanifest"}  # each language has its own
# What a text stands in: <p data-text="page-lead"></p>, <img data-text-alt="page-photo">.
_ELEMENT = re.compile(r'(<[a-z][^<>]*\bdata-text="([\w-]+)"[^<>]*>)')
# What is left out unless the model can do that: <section data-needs="confidence">.
_NEEDS = re.compile(r'<[a-z][^<>]*\bdata-needs="([\w-]+)"')
_ATTRIBUTE = re.compile(r'\bdata-text-([a-z-]+)="([\w-]+)"')
_MENTION = re.compile(r"\{([a-z][\w-]*)\}")  # in a manifest
USUAL = Facts()
# End the ids of texts that stand in for others: where photos are sent to hosts of others, as long
# as that is not known, and where the model does not say where it looked.
_ELSEWHERE, _UNKNOWN, _PLAIN = "-elsewhere", "-unknown", "-plain"
_PAGE = "page-"  # what the page says has ids that begin so
_ALSO = (  # as the bots do
    "button-copy", "button-delete", "button-speech", "length-alt", "length-long", "length-short",
    "unsure", "waiting",
)  # fmt: skip

# A text is a string, or a list of strings, of values {"value": "count"} and of choices
# {"choose": "count", "cases": {"one": …, "other": …}, "otherwise": "other"}.
Part = str | dict[str, "str | dict[str, Text]"]
Text = str | list[Part]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page."""

    body: bytes
    content_type: str
    etag: str
    language: str = ""  # where there is one for each language

    def answer(self, request: web.Request) -> web.Response:
        """The file, or 304 where the browser has it already."""
        known = {tag.value for tag in request.if_none_match or ()}
        response = web.Response(status=304)
        if self.etag not in known:
            charset = None if self.content_type.startswith("image/") else "utf-8"
            response = web.Response(body=self.body, content_type=self.content_type, charset=charset)
        response.etag = self.etag
        response.headers["Cache-Control"] = "no-cache"
        if self.language:
            response.headers["Content-Language"] = self.language
            response.headers["Vary"] = "Accept-Language"
        return response


def routes(facts: Callable[[], Awaitable[Facts]]) -> list[web.RouteDef]:
    """One route a file: no path of a request ever reaches the file system."""

    def serve(address: str, make: _Make) -> web.RouteDef:
        async def handler(request: web.Request) -> web.Response:
            compact = request.query.get("embed") == "1"
            return make(language_of(request), compact, await facts()).answer(request)

        return web.get(address, handler)

    return [serve(address, make) for address, make in _makers().items()]


def translated(page: str, lang: str, facts: Facts = USUAL) -> str:
    """A page with the texts of a language in it, and with what its script needs to change them."""
    texts = page_texts(lang, facts)

    def text(text_id: str) -> str:
        found = texts[text_id]
        if not isinstance(found, str):
            raise ValueError(f"{text_id} cannot be said before the page's script runs")
        return escape(found)

    page = _NEEDS.sub(lambda m: m[0] if getattr(facts, m[1]) else f"{m[0]} hidden", page)
    page = _ATTRIBUTE.sub(lambda m: f'{m[0]} {m[1]}="{text(m[2])}"', page)
    page = _ELEMENT.sub(lambda m: m[1] + text(m[2]), page)
    direction = "rtl" if right_to_left(lang) else "ltr"
    page = page.replace("<html ", f'<html lang="{lang}" dir="{direction}" ', 1)
    page = page.replace("<!-- languages -->", _options(lang))
    return page.replace("<!-- texts -->", _script(texts))


# Of a language, whether it is in a frame, and what its texts depend on.
_Make = Callable[[str, bool, Facts], Asset]


def _makers() -> dict[str, _Make]:
    """For each address what makes its file."""
    package = resources.files("bot.adapters.web")
    files = {f"/static/{entry.name}": entry for entry in (package / "static").iterdir()}
    files["/"] = files.pop("/static/index.html")
    files["/api"] = files.pop("/static/api.html")
    files["/favicon.ico"] = files["/static/favicon.ico"]  # where browsers look unasked
    files["/api/openapi.json"] = package / "openapi.json"
    makers = {}
    for address, entry in files.items():
        ending = "." + entry.name.rpartition(".")[2]
        if ending in TRANSLATED and address != "/api":  # a reference, in English
            makers[address] = _maker(entry.read_text(encoding="utf-8"), TYPES[ending])
        elif ending in TYPES:
            makers[address] = _always(_asset(entry.read_bytes(), TYPES[ending]))
    for lang in languages():
        makers[f"/static/texts/{lang}.json"] = _texts(lang)
    return makers


def _always(asset: Asset) -> _Make:
    return lambda _lang, _compact, _facts: asset


def _texts(lang: str) -> _Make:
    @lru_cache(maxsize=4)
    def make(facts: Facts) -> Asset:
        body = json.dumps(page_texts(lang, facts), ensure_ascii=False).encode()
        return _asset(body, TYPES[".json"])

    return lambda _lang, _compact, facts: make(facts)


def _maker(source: str, kind: str) -> _Make:
    @lru_cache(maxsize=64)
    def make(lang: str, compact: bool, facts: Facts) -> Asset:
        if kind == TYPES[".webmanifest"]:
            texts = page_texts(lang, facts)
            filled = _MENTION.sub(lambda m: json.dumps(texts[m[1]], ensure_ascii=False), source)
            return _asset(filled.encode(), kind, lang)
        page = translated(source, lang, facts)
        if compact:  # marked, so that it is from the start
            page = page.replace("<html ", "<html data-embed ", 1)
        return _asset(page.encode(), kind, lang)

    return make


def _asset(body: bytes, kind: str, lang: str = "") -> Asset:
    return Asset(body, kind, hashlib.sha256(body).hexdigest()[:20], lang)


def _options(chosen: str) -> str:
    return "".join(
        f'<option value="{lang}" lang="{lang}"{" selected" if lang == chosen else ""}>'
        f"{escape(name)}</option>"
        for lang, name in language_names().items()
    )


def _script(texts: Mapping[str, Text]) -> str:
    # Data, which no browser runs: it needs no exception from the content security policy.
    data = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script id="texts" type="application/json">{data}</script>'


# --- texts


@lru_cache(maxsize=64)
def page_texts(lang: str, facts: Facts = USUAL) -> dict[str, Text]:
    """What the page says in a language, by text id; English where the language lacks it."""
    texts = {**_simple(ENGLISH), **_simple(lang)}
    holds = {
        _ELSEWHERE: facts.hosts not in {NOWHERE, UNKNOWN},
        _UNKNOWN: facts.hosts == UNKNOWN,
        _PLAIN: not facts.attention,
    }
    for ending, there in holds.items():
        for text_id in [one for one in texts if one.endswith(ending)]:
            text = texts.pop(text_id)
            if there:
                said = say(text_id, lang, hosts=facts.hosts) if ending == _ELSEWHERE else text
                texts[text_id.removesuffix(ending)] = said
    return texts


def language_names() -> dict[str, str]:
    """The name of each language in itself."""
    return {lang: say("language-name", lang) for lang in languages()}


def _simple(lang: str) -> dict[str, Text]:
    return {
        entry.id.name: _text(entry.value)
        for entry in FluentResource(source(lang)).body
        if isinstance(entry, ast.Message) and entry.value is not None
        if entry.id.name.startswith(_PAGE) or entry.id.name in _ALSO
    }


def _text(pattern: ast.Pattern) -> Text:
    parts: list[Part] = []
    for element in pattern.elements:
        if isinstance(element, ast.TextElement):
            parts.append(element.value)
        else:
            parts.append(_part(element.expression))
    words = [part for part in parts if isinstance(part, str)]
    return "".join(words) if len(words) == len(parts) else parts


def _part(expression: ast.BaseNode) -> Part:
    """A placeable. Raises ValueError for what the page's script could not format."""
    match expression:
        case ast.StringLiteral():
            return str(expression.parse()["value"])
        case ast.VariableReference():
            return {"value": expression.id.name}
        case ast.SelectExpression(selector=ast.VariableReference() as selector):
            cases = {_key(one.key): _text(one.value) for one in expression.variants}
            otherwise = next(_key(one.key) for one in expression.variants if one.default)
            return {"choose": selector.id.name, "cases": cases, "otherwise": otherwise}
        case _:
            raise ValueError(f"the page cannot say a {type(expression).__name__}")


def _key(key: ast.Identifier | ast.NumberLiteral) -> str:
    return str(key.name if isinstance(key, ast.Identifier) else key.value)
