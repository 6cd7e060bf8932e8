"""What the bot says: there is a sentence for everything, and none goes wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot import locales
from bot.chat.refusals import RefusalCode
from bot.locales import languages, say
from captioner.queue.messages import Failure
from tests.support.facts import UNHEARD, USUAL

BOT = Path(locales.__file__).parents[1]
FIGURES: dict[str, str | float] = {
    "seconds": 5, "limit": 20, "width": 1, "height": 2, "smallest": 16, "ahead": 3,
    "kind": "svg", "caption": "a dog on a beach", "which": "2", "number": 2, "count": 3,
    "time": "0:04", "channel": "#photos", "permission": "Attach Files",
    "permissions": "Attach Files, Send Messages", "delete": "/remove-it",
    "word": "dog", "sure": "yes", "place": "top-left", "state": "2, 1", "minutes": 10,
    "field": "photo", "methods": "GET, POST", "who": "telegram:12345", "command": "/block",
    "example": "12345", "resume": "/resume", "numbers": "1, 3",
    "bot": "Deutsch", "captions": "English", "wanted": "Deutsch", "used": "English",
    "languages": "English, Deutsch", "language": "Deutsch", "words": "dog, beach",
    "length": "short", "lengths": "short, long",
    "hosts": "api.example", "looks": "yes", "others": "yes",
}  # fmt: skip


class _Placeholders(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.texts: set[str] = set()  # those that this one is made of

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - likewise
        self.texts.add(node.id.name)


def messages(lang: str) -> dict[str, set[str]]:
    """The text ids of a file, each with the names of its placeholders."""
    found: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for entry in FluentParser().parse(locales.source(lang)).body:
        assert not isinstance(entry, ast.Junk), f"{lang}.ftl: {entry.content}"
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{lang}.ftl says {entry.id.name} twice"
            visitor = _Placeholders()
            visitor.visit(entry)
            found[entry.id.name] = visitor.names
            parts[entry.id.name] = visitor.texts
    return {
        text_id: names.union(*(found[part] for part in parts[text_id]))
        for text_id, names in found.items()
    }


@pytest.fixture
def other_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German for two sentences, one of which wants an argument that nobody gives."""
    (tmp_path / "en.ftl").write_text(locales.source("en"))
    (tmp_path / "de.ftl").write_text("empty = Leer.\ndamaged = Kaputt: { $nobody }\n")
    (tmp_path / "pt-BR.ftl").write_text("empty = Vazio.\n")

    class Elsewhere:
        @staticmethod
        def files(_: str) -> Path:
            return tmp_path

    monkeypatch.setattr(locales, "resources", Elsewhere)
    _forget()
    yield
    _forget()


def _forget() -> None:
    locales.languages.cache_clear()
    locales._bundle.cache_clear()
    locales._plain.cache_clear()


def test_a_platform_brings_texts_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "adapters" / "pigeon" / "locales"
    own.mkdir(parents=True)
    (tmp_path / "en.ftl").write_text("empty = Empty.\n")
    (tmp_path / "de.ftl").write_text("empty = Leer.\n")
    (own / "en.ftl").write_text("coo = Coo! { empty }\ncoo-twice = Coo, coo!\n")
    (own / "de.ftl").write_text("coo = Gurr! { empty }\n")

    class Elsewhere:
        @staticmethod
        def files(package: str) -> Path:
            return tmp_path / "adapters" if package == "bot.adapters" else tmp_path

    monkeypatch.setattr(locales, "resources", Elsewhere)
    _forget()
    assert (say("coo"), say("coo", "de")) == ("Coo! Empty.", "Gurr! Leer.")
    assert say("coo-twice", "de") == "Coo, coo!"
    monkeypatch.undo()
    _forget()


@pytest.mark.parametrize("text_id", [*RefusalCode, *Failure])
def test_there_is_a_sentence_for_everything_that_goes_wrong(text_id: str) -> None:
    sentence = say(text_id, "en", **FIGURES)
    assert re.match(r"[A-Z].{20,}[.]$", sentence)


@pytest.mark.parametrize("lang", languages())
def test_every_sentence_is_whole(lang: str) -> None:
    english = messages("en")
    for text_id, placeholders in messages(lang).items():
        assert text_id in english, f"{lang}.ftl says {text_id}, which nobody asks for"
        assert placeholders <= english[text_id]
        sentence = say(text_id, lang, **{name: FIGURES[name] for name in english[text_id]})
        assert sentence.strip()
        assert not re.search(r"[{}\u2066-\u2069]", sentence)


def test_every_sentence_asked_for_by_name_exists() -> None:
    asked = re.compile(r"\b(?:say|text)\(\s*\"([\w-]+)\"")
    known = messages("en")
    found = 0
    for path in BOT.rglob("*.py"):
        for text_id in asked.findall(path.read_text(encoding="utf-8")):
            assert text_id in known, f"{path.name} says {text_id!r}"
            found += 1
    assert found


def test_placeholders_are_filled() -> None:
    assert "at most 20 MB" in say("too_large", limit=20)
    assert "in a second" in say("queue-full", seconds=1)
    assert "in 1,200 seconds" in say("queue-full", seconds=1200)
    assert "SVG" in say("unsupported", kind="svg")
    assert say("unsupported", kind="picture") == say("unsupported", kind="never heard of")


def test_what_a_person_wrote_is_not_taken_for_a_text() -> None:
    hostile = "{ $seconds } { start } \u202e <b>*x*"
    assert say("caption", caption=hostile) == hostile


@pytest.mark.parametrize("text_id", ["", "no-such-text", "-brand", "start.attribute", "../en"])
def test_unknown_texts(text_id: str) -> None:
    with pytest.raises(KeyError):
        say(text_id)


def test_missing_arguments() -> None:
    with pytest.raises(KeyError, match="too_large"):
        say("too_large")


@pytest.mark.parametrize(
    "lang", ["en", "en-GB", "EN_us", "", "tlh", "../../etc/passwd", "x" * 10_000, "\0", None]
)
def test_any_language_tag_will_do(lang: str | None) -> None:
    assert say("empty", lang) == say("empty")


@pytest.mark.usefixtures("other_language")
def test_another_language_and_english_for_what_it_lacks() -> None:
    assert languages() == ("en", "de", "pt-BR")
    assert say("empty", "de") == say("empty", "de-AT") == say("empty", "DE_de") == "Leer."
    assert say("empty", "pt-br") == "Vazio."
    assert say("empty", "pt") == say("empty", "en")
    assert say("start", "de", **USUAL) == say("start", "en", **USUAL)
    assert say("damaged", "de") == say("damaged", "en")


@pytest.mark.usefixtures("other_language")
def test_unknown_text_in_another_language() -> None:
    with pytest.raises(KeyError):
        say("no-such-text", "de")


def test_lengths_that_platforms_allow() -> None:
    for text_id in messages("en"):
        if text_id.startswith("command-"):
            assert len(say(text_id)) <= 100
    assert len(say("menu-caption")) <= 32
    for text_id in ("start", "help", "help-discord"):
        assert len(say(text_id, **UNHEARD)) <= 2000


@pytest.mark.parametrize("lang", languages())
def test_texts_without_placeholders_are_what_the_library_makes_of_them(lang: str) -> None:
    bundle = locales._bundle(lang)
    plain = {text_id for text_id, names in messages(lang).items() if not names}
    assert plain
    for text_id in plain:
        pattern = bundle.get_message(text_id).value
        assert pattern is not None
        assert (say(text_id, lang), []) == bundle.format_pattern(pattern)


def test_saying_texts_without_placeholders_needs_no_rules_of_a_language() -> None:
    code = (
        "from babel import localedata; from bot.locales import languages, say;"
        "said = [say('empty', lang) for lang in languages()];"
        "print(len(set(said)), len(localedata._cache))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [str(len(languages())), "0"]
