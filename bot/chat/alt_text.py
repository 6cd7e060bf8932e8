"""A caption → an alt text that somebody can put under a picture of theirs, on every platform.

An alt text is read by people who cannot see the picture, so it must not pass a guess on as a fact:

- words that only say that there is a picture go: “a picture of …”, “there is …”;
- hedges in the middle go, “seems to be” is “is”: how sure the model is, is said once, at the end;
- of a person it says “man”, “woman”, “boy” or “girl” only where the model was sure of that
  very word (`Level.SURE`); otherwise “person” or “child”, and “their” for “his” or “her”: these
  words are wrong far more often than people's own, however likely they are;
- a doubtful colour is left out, where the sentence stands without it: “a red shirt” is “a shirt”;
  “a man in red” stays.

These are rules of English for captions. Those of other languages are in `bot.chat.alt_text_rules`.
Which words are doubtful, `bot.chat.confidence` says for all languages alike. What a model wrote as
an alt text stays as it is.

The end names a program as the author, and says that it is not sure of the whole, or of which words,
or that it is fairly sure. It is in the language of the caption: a screen reader stumbles over two
languages in one text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.chat.alt_text_rules import without_guesses, worth_naming
from bot.chat.confidence import Level, levels
from bot.locales import ENGLISH, listed, say
from captioner.queue.messages import Caption, is_unsure

_NOTHING_SAID = re.compile(
    r"^(?:(?:this|it) is )?(?:(?:an?|the) )?(?:\w+ )?"
    r"(?:picture|photo|photograph|image|shot|view|close-up|closeup) of (?=\w)"
    r"|^there (?:is|are) (?=\w)"
)
_HEDGES = (
    (("what", "appears", "to", "be"), ()),
    (("what", "seems", "to", "be"), ()),
    (("what", "looks", "like"), ()),
    (("appears", "to", "be"), ("is",)),
    (("seems", "to", "be"), ("is",)),
    (("appear", "to", "be"), ("are",)),
    (("seem", "to", "be"), ("are",)),
    (("possibly",), ()),
    (("probably",), ()),
    (("apparently",), ()),
)
_GENERAL = {
    "man": "person", "woman": "person", "guy": "person", "lady": "person", "gentleman": "person",
    "men": "people", "women": "people", "guys": "people", "ladies": "people",
    "boy": "child", "girl": "child", "boys": "children", "girls": "children",
}  # fmt: skip
_PAIRS = {  # what “a man and a woman” would be
    ("a", "person", "and", "a", "person"): "people",
    ("a", "child", "and", "a", "child"): "children",
}
_THEIRS = {"his": "their", "her": "their", "himself": "themself", "herself": "themself"}
_COLOURS = frozenset(
    "beige black blonde blue brown gold golden gray green grey maroon orange pink purple red "  # noqa: SIM905 - a list of words reads better
    "silver tan teal turquoise violet white yellow".split()
)
_BEFORE_A_THING = frozenset(
    "a an the his her their its two three four five several some many large small big little "  # noqa: SIM905 - a list of words reads better
    "young".split()
)
_NOT_A_THING = frozenset(
    "and or in on at of to with by for from near over under is are while who that , .".split()  # noqa: SIM905 - a list of words reads better
)
_DOUBTFUL = frozenset({Level.DOUBTFUL})
_OPEN = frozenset({Level.DOUBTFUL, Level.LIKELY})  # what is said of people must be surer
_NO_SPACES = frozenset({"ja", "zh"})  # between sentences
_VOWEL = re.compile(r"(?!uni|use|one)[aeiou]|hour")  # as it is spoken
_CLITIC = re.compile(r"(?:['’]\w+|n['’]t|[.,;:!?])$")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    level: Level | None = None  # None: nothing is known against it
    content: bool = False  # whether people would look for it in the photo


def alt_text(
    caption: Caption, confidence: float | None, language: str = ENGLISH, *, meant: bool = False
) -> str:
    """The text to copy. `confidence` is that of the answer that the caption belongs to.

    `meant`: the model wrote it as an alt text, so nothing of it is changed.
    """
    words = _words(caption, confidence)
    text = caption.text.strip()
    if not meant and language == ENGLISH:
        for change in (_without_nothing_said, _without_hedges, _without_colours, _of_people):
            words = change(words)
        text = _written(words)
    elif not meant:
        text, gone = without_guesses(text, _texts(words, _OPEN), _texts(words, _DOUBTFUL), language)
        words = [word for word in words if word.text.lower() not in gone]
    doubtful = [
        word.text
        for word in words
        if word.content and word.level in _DOUBTFUL and worth_naming(word.text, language)
    ]
    between = "" if language in _NO_SPACES else " "
    return between.join(filter(None, (text, _author(confidence, language, doubtful))))


def _texts(words: Sequence[_Word], of: Collection[Level]) -> set[str]:
    return {word.text.lower() for word in words if word.level in of}


def _author(confidence: float | None, language: str, doubtful: Sequence[str]) -> str:
    if confidence is None:
        return say("alt-text-program", language)
    if is_unsure(confidence):
        return say("alt-text-guess", language)
    if doubtful:
        words = listed(dict.fromkeys(doubtful), language)
        return say("alt-text-unsure-words", language, words=words)
    return say("alt-text-sure", language)


def _words(caption: Caption, confidence: float | None) -> list[_Word]:
    if caption.words:
        return [
            _Word(word.text, level, word.certainty is not None)
            for word, level in zip(caption.words, levels(caption.words, confidence), strict=True)
        ]
    # Without the words' probabilities nothing is known against any of them.
    first, *rest = caption.text.strip().rstrip(".").split() or [""]
    return [_Word(text) for text in (first[:1].lower() + first[1:], *rest) if text]


def _without_nothing_said(words: list[_Word]) -> list[_Word]:
    text = " ".join(word.text for word in words)
    while found := _NOTHING_SAID.match(text):
        words = words[len(found[0].split()) :]
        text = text[found.end() :]
    return words


def _without_hedges(words: list[_Word]) -> list[_Word]:
    kept: list[_Word] = []
    at = 0
    while at < len(words):
        for hedge, plain in _HEDGES:
            if tuple(word.text for word in words[at : at + len(hedge)]) == hedge:
                kept += [_Word(text) for text in plain]
                at += len(hedge)
                break
        else:
            kept.append(words[at])
            at += 1
    return kept


def _without_colours(words: list[_Word]) -> list[_Word]:
    kept: list[_Word] = []
    at = 0
    while at < len(words):
        end = _end_of_colours(words, at)
        run = words[at:end]
        if not run:
            kept.append(words[at])
            at += 1
            continue
        after = words[end].text if end < len(words) else "."
        removable = kept and kept[-1].text in _BEFORE_A_THING and after not in _NOT_A_THING
        if all(word.level not in _DOUBTFUL for word in run) or not removable:
            kept += run
        elif kept[-1].text in ("a", "an"):
            kept[-1] = replace(kept[-1], text="an" if _VOWEL.match(after) else "a")
        at = end
    return kept


def _end_of_colours(words: list[_Word], start: int) -> int:
    """Where a run of colours ends: “red”, “black and white”; `start` if there is none."""
    end = start
    while end < len(words) and words[end].text in _COLOURS:
        end += 1
        joined = end + 1 < len(words) and words[end].text in ("and", "or", ",")
        if joined and words[end + 1].text in _COLOURS:
            end += 1
    return end


def _of_people(words: list[_Word]) -> list[_Word]:
    general = [
        _Word(_GENERAL[word.text]) if word.text in _GENERAL and word.level in _OPEN else word
        for word in words
    ]
    if general == words:
        return words
    for at in range(len(general) - 4, -1, -1):
        pair = tuple(word.text for word in general[at : at + 5])
        if pair in _PAIRS:
            general[at : at + 5] = [_Word("two"), _Word(_PAIRS[pair])]
    return [replace(word, text=_THEIRS.get(word.text, word.text)) for word in general]


def _written(words: list[_Word]) -> str:
    text = ""
    for word in words:
        text += word.text if not text or _CLITIC.match(word.text) else f" {word.text}"
    text = text.strip()
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else ""
