"""Every language says everything, with the same placeholders, and within what platforms allow."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel import Locale
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot import locales
from bot.adapters.registry import PLATFORMS
from bot.chat.owner_commands import OwnerCommand
from bot.chat.speech import in_language
from bot.locales import ENGLISH, languages, of_platform, say
from tests.bot.test_locales import FIGURES
from tests.bot.test_locales import messages as messages_of
from tests.support.facts import UNHEARD, USUAL

OTHERS = [lang for lang in languages() if lang != ENGLISH]
NUMBERS = (0, 1, 2, 5, 11, 21, 100)
NUMERALS = (5, 11, 21, 100)  # the others may be in words: "a second"
COUNTED = ("seconds", "ahead", "count", "minutes")
KINDS = ("svg", "pdf", "video", "audio", "anything")

# What may be as in English, and why: in any language, or in one.
SAME_ANYWHERE = {
    "caption": "nothing but what the model wrote",
    "alternative": "nothing but what the model wrote",
    "album-line": "a number and what the model wrote",
    "timeline-line": "a time and what the model wrote",
    "page-api": "an abbreviation that is used everywhere",
}
_AUTO = {"name-auto": "short for the word for automatic there, too"}
_ANIMATION = {"page-download-gif": "the same word there"}
_NO = {"button-no": "the same word there"}
SAME_IN = {
    "de": _AUTO | _ANIMATION, "es": _AUTO | _NO, "pt": _AUTO,
    "fr": _AUTO | _ANIMATION | dict.fromkeys(("page-card", "page-photos"), "the same word there"),
    "it": _NO | {"name-privacy": "the Italian word, too"},
    "ar": dict.fromkeys(
        (
            "name-caption", "name-alt", "name-help", "name-privacy", "name-delete", "name-stats",
            "name-language", "name-voice", "name-auto", "name-on", "name-off", "menu-caption",
            "menu-attention", "menu-alt", "menu-ask", "name-ask", "name-detail",
        ),
        "Discord itself is not there in Arabic, so it shows these in English",
    ),
}  # fmt: skip

COMMANDS = (
    "name-caption", "name-alt", "name-help", "name-privacy", "name-delete", "name-stats",
    "name-language", "name-voice", "name-auto", "name-ask", "name-detail",
)  # fmt: skip
LONGEST = {"command": 100, "menu": 32, "name": 32, "button": 24}  # characters, by a text id's start
LONGEST_OF = {
    "button-attention-of": 64, "description": 512, "short-description": 120, "start": 2000,
    "help": 2000, "help-discord": 2000,
    "privacy": 2000, "language-name": 64, "language-auto": 64,
    # Telegram shows these when a button is pressed.
    "blocked": 200,
    "language-chosen": 200, "photo-expired": 200, "not-admitted": 200, "delete-too-late": 200,
    "delete-not-allowed-telegram": 200, "choices-unavailable": 200,
    "owners-only-command": 200, "confirm-not-yours": 200, "confirm-twice": 200,
    "spoiler-not-spoken": 200,
}  # fmt: skip
# The page's buttons: they stand beside each other on a phone.
BUTTONS_OF_THE_PAGE = (
    "page-history", "page-close", "page-choose", "page-camera", "page-cancel", "page-retry",
    "page-play", "page-stop", "page-read-stop", "page-copied", "page-copy-failed",
    "page-copy-alt", "page-share", "page-again", "page-back", "page-album-add",
    "page-album-read", "page-album-copy", "page-album-over", "page-card-open", "page-open",
    "page-history-clear",
)  # fmt: skip
LONGEST_OF |= dict.fromkeys(BUTTONS_OF_THE_PAGE, 24)

messages = cache(messages_of)


class _Cases(Visitor):
    """The cases of each choice that is made by a number."""

    def __init__(self) -> None:
        self.found: list[tuple[set[str], str]] = []  # all of them, and the one for the rest

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - the library's
        selector = node.selector
        if isinstance(selector, ast.VariableReference) and selector.id.name in COUNTED:
            names = {str(getattr(case.key, "name", case.key)): case for case in node.variants}
            self.found.append((set(names), next(n for n in names if names[n].default)))
        self.generic_visit(node)


@cache
def entries(lang: str) -> tuple[ast.Message, ...]:
    source = locales.source(lang)
    return tuple(e for e in FluentParser().parse(source).body if isinstance(e, ast.Message))


def in_full(text_id: str, lang: str, **args: str | float) -> str:
    """A text in that very language: English does not help out, and no placeholder stays open."""
    bundle = locales._bundle(lang)
    pattern = bundle.get_message(text_id).value
    assert pattern is not None, f"{lang}.ftl has no text for {text_id}"
    found, errors = bundle.format_pattern(pattern, args)
    assert not errors, f"{text_id} in {lang}.ftl: {errors}"
    return str(found)


def plain(text_id: str, lang: str) -> str:
    return in_full(text_id, lang, **{name: FIGURES[name] for name in messages(ENGLISH)[text_id]})


def test_the_languages() -> None:
    assert languages()[0] == ENGLISH
    assert set(languages()) == {
        "en", "de", "es", "fr", "pt", "it", "ru", "uk", "hi", "ar", "zh", "ja",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "lang"),
    [("pt-BR", "pt"), ("zh_Hans", "zh"), ("zh-CN", "zh"), ("es-419", "es"), ("JA", "ja")],
)
def test_a_region_is_answered_in_its_language(tag: str, lang: str) -> None:
    assert say("start", tag, **USUAL) == in_full("start", lang, **USUAL) != say("start", **USUAL)


def test_no_two_languages_have_the_same_name() -> None:
    assert len({in_full("language-name", lang).casefold() for lang in languages()}) == len(
        languages()
    )


@pytest.mark.parametrize("lang", OTHERS)
def test_the_same_texts_with_the_same_placeholders(lang: str) -> None:
    assert messages(lang) == messages(ENGLISH)  # which also finds what cannot be parsed


@pytest.mark.parametrize("lang", OTHERS)
def test_the_same_attributes(lang: str) -> None:
    def attributes(one: str) -> dict[str, set[str]]:
        return {e.id.name: {a.id.name for a in e.attributes} for e in entries(one)}

    assert attributes(lang) == attributes(ENGLISH)


@pytest.mark.parametrize("lang", languages())
def test_plurals_are_those_of_the_language(lang: str) -> None:
    """What Unicode's CLDR says of it; a case for fractions or for millions may be left out."""
    plural = Locale(lang).plural_form
    needed = {plural(number) for number in range(1000)} | {"other"}
    for entry in entries(lang):
        cases = _Cases()
        cases.visit(entry)
        for names, default in cases.found:
            assert needed <= names <= {*plural.tags, "other"}, f"{entry.id.name} in {lang}.ftl"
            assert default == "other", f"{entry.id.name} in {lang}.ftl"


@pytest.mark.parametrize("lang", languages())
def test_quotes_and_dots_are_typographic(lang: str) -> None:
    for text_id in messages(ENGLISH):
        assert not re.search(r"[\"'`]|\.\.\.", plain(text_id, lang)), f"{text_id} in {lang}.ftl"


def test_no_line_begins_with_a_sign_in_french() -> None:
    for text_id in messages(ENGLISH):
        assert not re.search(r" [?!:;»]|« ", plain(text_id, "fr")), f"{text_id} in fr.ftl"


@pytest.mark.parametrize("lang", languages())
def test_every_text_can_be_said(lang: str) -> None:
    for text_id in messages(ENGLISH):
        sentence = plain(text_id, lang)
        assert sentence.strip() == sentence != "", f"{text_id} in {lang}.ftl"
        assert not re.search(r"[{}\u2066-\u2069\ufffd]", sentence), f"{text_id} in {lang}.ftl"


@pytest.mark.parametrize("lang", languages())
def test_any_number_can_be_said(lang: str) -> None:
    for text_id, placeholders in messages(ENGLISH).items():
        for name in placeholders & {*COUNTED, "limit"}:
            for number in NUMBERS:
                given = {other: FIGURES[other] for other in placeholders} | {name: number}
                sentence = in_full(text_id, lang, **given)
                if number in NUMERALS:  # "one" is 21 as well in Russian, so it needs the number
                    assert str(number) in sentence, f"{text_id} in {lang}.ftl, {name} = {number}"


@pytest.mark.parametrize("lang", languages())
def test_every_kind_of_file_has_a_sentence_of_its_own(lang: str) -> None:
    assert len({in_full("unsupported", lang, kind=kind) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("lang", languages())
def test_what_was_put_in_is_in_the_sentence(lang: str) -> None:
    for text_id, placeholders in messages(ENGLISH).items():
        for name in placeholders - {"kind", "sure", "place", "looks", "others"}:
            assert str(FIGURES[name]) in plain(text_id, lang), f"{text_id} in {lang}.ftl: {name}"


@pytest.mark.parametrize("lang", languages())
def test_lengths_that_platforms_allow(lang: str) -> None:
    for text_id in messages(ENGLISH):
        longest = LONGEST_OF.get(text_id) or LONGEST.get(text_id.partition("-")[0])
        if longest:
            assert len(plain(text_id, lang)) <= longest, f"{text_id} in {lang}.ftl"


@pytest.mark.parametrize("lang", languages())
def test_names_that_discord_takes(lang: str) -> None:
    names = {text_id: in_full(text_id, lang) for text_id in messages(ENGLISH) if "name-" in text_id}
    for text_id, name in names.items():
        assert re.fullmatch(r"[-_\w\u0900-\u097f]{1,32}", name), f"{text_id} in {lang}.ftl"
        assert name == name.lower(), f"{text_id} in {lang}.ftl"
    assert len({names[text_id] for text_id in COMMANDS}) == len(COMMANDS)
    assert names["name-on"] != names["name-off"]
    assert in_full("menu-caption", lang) != in_full("menu-alt", lang)


@pytest.mark.parametrize("lang", languages())
def test_telegrams_commands_are_not_translated(lang: str) -> None:
    said = {
        "start": "/help", "help": "/caption /auto on /alt /voice on /language /privacy",
        "added-to-group": "/caption /help /privacy", "not-a-photo": "/help", "auto-on": "/auto off",
        "auto-needs-sight": "/setprivacy", "voice-how": "/voice on /voice off",
        "auto-how": "/auto on /auto off", "voice-not-welcome": "/voice off",
        "help-owner": "/access /allow /block /lift /pause /resume /stats",
    }  # fmt: skip
    for text_id, commands in said.items():
        sentence = plain(text_id, lang)
        for command in re.findall(r"/\w+(?: o\w+)?", commands):
            assert command in sentence, f"{text_id} in {lang}.ftl: {command}"


@pytest.mark.parametrize("lang", languages())
def test_matrixs_commands_are_not_translated(lang: str) -> None:
    for text_id, commands in {
        "help-matrix": ("!caption", "!auto on", "!alt", "!voice on", "!language", "!privacy"),
        "auto-on-matrix": ("!auto off",),
        "auto-how-matrix": ("!auto on", "!auto off"),
    }.items():
        sentence = in_full(text_id, lang, **USUAL)
        for command in commands:
            assert command in sentence, f"{text_id} in {lang}.ftl: {command}"


@pytest.mark.parametrize("lang", languages())
def test_discords_commands_have_the_names_that_people_see_there(lang: str) -> None:
    for text_id in ("help-discord", "auto-on-discord", "no-picture-discord"):
        for command in re.findall(r"/\w+(?: o\w+)?", in_full(text_id, ENGLISH, **USUAL)):
            name = " ".join(in_full(f"name-{word}", lang) for word in command[1:].split())
            assert f"/{name}" in in_full(text_id, lang, **USUAL), (
                f"{text_id} in {lang}.ftl: {command}"
            )
    assert in_full("menu-caption", lang) in in_full("help-discord", lang, **USUAL)
    assert "/remove-it" in in_full("privacy", lang, delete="/remove-it", **USUAL)


@pytest.mark.parametrize("lang", languages())
def test_texts_speak_of_what_the_model_does(lang: str) -> None:
    """A sentence less for each thing that it does not do, and no gap where that stood."""
    for text_id in ("start", *{of_platform("help", one.name) for one in PLATFORMS}):
        said = {
            (looks, others): in_full(text_id, lang, **{**USUAL, "looks": looks, "others": others})
            for looks in ("yes", "no")
            for others in ("yes", "no")
        }
        assert len(said["no", "yes"]) < len(said["yes", "yes"])
        assert len(said["no", "no"]) < len(said["yes", "no"])
        if text_id != "start":
            assert len(said["yes", "no"]) < len(said["yes", "yes"])
            assert len(said["no", "no"]) < len(said["no", "yes"])
        assert not any(
            "!attention" in one or "🔍" in one for (looks, _), one in said.items() if looks == "no"
        )
        assert not any("!others" in one for (_, others), one in said.items() if others == "no")
        for text in said.values():
            assert not re.search(r"  | [.,;:。，、]|[.,][.,]|[，、。][，、。]", text), text
    for text_id in ("description", "short-description"):
        plain_one = in_full(text_id, lang, looks="no")
        assert len(plain_one) < len(in_full(text_id, lang, looks="yes"))
        assert not re.search(r"  | [.,;:。，、]", plain_one)


@pytest.mark.parametrize("lang", languages())
def test_languages_of_captions_are_those_that_there_are(lang: str) -> None:
    said = {one: in_full("captions-in", lang, language=one) for one in ("english", "others", "X")}
    assert len(set(said.values())) == 3
    assert len(said["others"]) < len(said["english"])
    assert said["X"] == in_full("captions-fixed", lang, language="X")


@pytest.mark.parametrize("lang", languages())
def test_owners_are_told_of_their_commands_on_discord(lang: str) -> None:
    more = in_full("help-owner-discord", lang)
    for command in OwnerCommand:
        assert f"/owner {command}" in more
    assert f"/{in_full('name-stats', lang)}" in more
    whole = f"{in_full('help-discord', lang, **UNHEARD)}\n\n{more}"
    assert len(whole) <= 2000  # characters of a message there


@pytest.mark.parametrize("lang", languages())
def test_what_is_around_a_caption_can_be_read_aloud_in_its_language(lang: str) -> None:
    caption = "a dog: it is on a beach"
    unsure = in_full("unsure", lang, caption=caption)
    line = in_full("album-line", lang, number=2, caption=unsure)
    for other in (ENGLISH, "de"):
        said = in_full(
            "album-line", ENGLISH, number=2, caption=say("unsure", other, caption=caption)
        )
        assert in_language(line, other) == said


@pytest.mark.parametrize("lang", OTHERS)
def test_nothing_is_left_in_english(lang: str) -> None:
    may_be = SAME_ANYWHERE.keys() | SAME_IN.get(lang, {}).keys()
    for text_id in messages(ENGLISH).keys() - may_be:
        assert plain(text_id, lang) != plain(text_id, ENGLISH), f"{text_id} in {lang}.ftl"


def test_what_may_stay_in_english_is_still_so() -> None:
    for lang, text_ids in SAME_IN.items():
        for text_id in text_ids:
            assert plain(text_id, lang) == plain(text_id, ENGLISH), f"{text_id} in {lang}.ftl"
