"""What the bot says, per language: Project Fluent files, one for each language, in this folder.

A new language is one more file, `de.ftl` for German; nothing else has to change. Whatever a
file does not say yet is said in English. What only one platform says is in its own folder:
`bot/adapters/discord/locales/de.ftl`.

The text id of a refusal or a failure is the value of its enum member, so `say(reply.failure)`
works; what is told of a refusal is its `text(lang)` (see `bot.chat.refusals`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Message, TextElement

ENGLISH = "en"
_COMMAS = {"ar": "، ", "ja": "、", "zh": "、"}


def say(text_id: str, lang: str | None = ENGLISH, **args: str | float) -> str:
    """A sentence in the language asked for, or else in English; plain text, no markup.

    `lang` is what a platform tells about a person: "de", "pt-BR", "zh_Hans", anything, or None.
    Raises KeyError for a text id that does not exist and for an argument that is missing.
    """
    wanted = known(lang or ENGLISH) or ENGLISH
    if (plain := _plain(wanted).get(text_id)) is not None:
        return plain
    if wanted != ENGLISH and _bundle(wanted).has_message(text_id):
        text, complete = _format(wanted, text_id, args)
        if complete:
            return text
    text, complete = _format(ENGLISH, text_id, args)
    if not complete:
        raise KeyError(f"the text {text_id!r} has placeholders that were not given")
    return text


@cache
def languages() -> tuple[str, ...]:
    """The languages there are files for, English first."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    found = {name.removesuffix(".ftl") for name in files if name.endswith(".ftl")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def native_name(code: str) -> str:
    """The name of any language in itself: "Deutsch"; the code where nobody knows it."""
    if code in languages():
        return say("language-name", code)
    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code


@cache
def language_name(code: str, lang: str | None) -> str:
    """The name of any language in another: "German"; the code where nobody knows it."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(known(lang or ENGLISH) or ENGLISH)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def is_language(tag: str) -> bool:
    """Whether a tag names a language that Unicode's CLDR knows: "de", "pt-BR", "ko"."""
    primary = re.split("[-_]", tag)[0].lower()
    try:
        return bool(re.fullmatch("[a-z]{2,3}", primary)) and bool(Locale.parse(primary))
    except (UnknownLocaleError, ValueError):
        return False


@cache
def right_to_left(code: str) -> bool:
    """Whether a language is written from right to left."""
    try:
        return Locale.parse(code, sep="-").text_direction == "rtl"
    except (UnknownLocaleError, ValueError):
        return False


def of_platform(text_id: str, platform: str) -> str:
    """The id of a text in a platform's own words, `help-discord`, where there is such a text."""
    own = f"{text_id}-{platform}"
    return own if own in _english_ids() else text_id


@cache
def _english_ids() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z][\w-]*) =", source(ENGLISH), re.MULTILINE))


@cache
def _plain(lang: str) -> dict[str, str]:
    """The texts of a language that have no placeholders.

    They need no bundle: its rules for plurals and numbers take more than a megabyte a language,
    and every bot tells its platform the commands in all of them.
    """
    found = {}
    for entry in FluentResource(source(lang)).body:
        if isinstance(entry, Message) and entry.value is not None:
            texts = [e.value for e in entry.value.elements if isinstance(e, TextElement)]
            if len(texts) == len(entry.value.elements):
                found[entry.id.name] = "".join(texts)
    return found


def source(lang: str) -> str:
    """A language's texts as its file has them, and after them those of the platforms."""
    adapters = sorted(resources.files("bot.adapters").iterdir(), key=lambda folder: folder.name)
    own = [folder.joinpath("locales", f"{lang}.ftl") for folder in adapters]
    files = [resources.files(__name__).joinpath(f"{lang}.ftl"), *own]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


@cache
def _bundle(lang: str) -> FluentBundle:
    # Isolation marks are invisible characters around each placeholder: some chat programs show
    # them as boxes, and they would travel along when a person copies a caption.
    bundle = FluentBundle([lang], use_isolating=False)
    bundle.add_resource(FluentResource(source(lang)))
    return bundle


def listed(words: Iterable[str], lang: str | None) -> str:
    """Words with the commas of a language between them."""
    return _COMMAS.get(known(lang or ENGLISH) or ENGLISH, ", ").join(words)


def isolated(text: str, language: str, lang: str | None) -> str:
    """A text in a language, to stand within a sentence of another one.

    Where they are written in other directions it is between invisible marks (FSI, PDI), so that
    the signs around it stay where they belong.
    """
    if right_to_left(language) == right_to_left(known(lang or ENGLISH) or ENGLISH):
        return text
    return f"\u2068{text}\u2069"


def _format(lang: str, text_id: str, args: dict[str, str | float]) -> tuple[str, bool]:
    bundle = _bundle(lang)
    if not bundle.has_message(text_id):
        raise KeyError(text_id)
    pattern = bundle.get_message(text_id).value
    if pattern is None:
        raise KeyError(text_id)
    text, errors = bundle.format_pattern(pattern, args)
    return str(text), not errors


def known(lang: str) -> str | None:
    """The file for a language tag: the whole tag's, else that of ever less of it, else None."""
    names = {name.lower(): name for name in languages()}
    parts = re.split("[-_]", lang.lower())
    for length in range(len(parts), 0, -1):
        name = names.get("-".join(parts[:length]))
        if name is not None:
            return name
    return None
