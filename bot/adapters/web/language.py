"""Which language an answer is in, and the page's texts as a browser can format them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from aiohttp import web
from fluent.runtime import FluentResource
from fluent.syntax import ast

from bot.chat.capabilities import NOWHERE, UNKNOWN
from bot.locales import ENGLISH, known, languages, say, source

_MOST = 20  # languages of a header that are read: more than any browser sends
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


def language_of(request: web.BaseRequest) -> str:
    """The language that `?lang=` asks for, else the best of Accept-Language, else English."""
    asked = known(request.query.get("lang", ""))
    return asked or best(accepted(request))


def best(tags: Sequence[str]) -> str:
    """The first of some languages that we have; English where there is none."""
    return next((lang for tag in tags if (lang := known(tag)) is not None), ENGLISH)


def accepted(request: web.BaseRequest) -> list[str]:
    """The languages that a request accepts, the most wanted one first."""
    return by_wish(",".join(request.headers.getall("Accept-Language", [])))


def by_wish(header: str) -> list[str]:
    """The languages that an Accept-Language header lists, the most wanted one first."""
    wanted: list[tuple[float, str]] = []
    for entry in header.split(",")[:_MOST]:
        tag, _, parameter = entry.partition(";")
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        if 0 < quality <= 1 and tag.strip():
            wanted.append((quality, tag.strip()))
    return [tag for _, tag in sorted(wanted, key=lambda one: -one[0])]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page's texts depend on."""

    hosts: str = NOWHERE  # that photos are sent to: see `WorkerCapabilities.photos_go_to`
    attention: bool = True  # the model says where it looked
    confidence: bool = True  # and how sure it is


USUAL = Facts()


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
