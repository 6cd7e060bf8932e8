"""How words become a sentence as people write it, and plain text of what a model wrote."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from captioner.language.english import with_right_articles

ENGLISH = "en"


@dataclass(frozen=True)
class WritingRules:
    """Which words stand against the one before or behind them, and how a sentence ends."""

    name: str  # of the language, in English
    before: re.Pattern[str]  # no space before these
    behind: re.Pattern[str]  # no space behind these
    full_stop: str = "."
    spaces: bool = True  # between words


_MARKS = r"[,.;:!?%)\]…]+"
_OPENING = r"[(\[]"
_USUAL = re.compile(rf"^{_MARKS}$"), re.compile(rf"^{_OPENING}$")
# Tokens that hang on to the word before them: "boy" "'s" → "boy's", "do" "n't" → "don't".
_ENGLISH = re.compile(r"^(n't|'(s|m|d|re|ve|ll)|')$")
# "l'" "homme" → "l'homme". A word that ends so is an elision.
_ELISION = re.compile(rf"^({_OPENING}|.*\w['’])$")
_ARABIC = re.compile(r"^[,.;:!?%)\]…،؛؟]+$")
_CHINESE = re.compile(r"^$")

WRITING = {
    "en": WritingRules("English", _ENGLISH, re.compile(r"^$")),
    "de": WritingRules("German", *_USUAL),
    "pt": WritingRules("Portuguese", *_USUAL),
    "es": WritingRules("Spanish", _USUAL[0], re.compile(r"^[(\[¿¡]$")),
    "fr": WritingRules("French", re.compile(r"^[,.%)\]…]+$"), _ELISION),
    "ar": WritingRules("Arabic", _ARABIC, _USUAL[1]),
    "zh": WritingRules("Chinese", _CHINESE, _CHINESE, "。", spaces=False),
}
_SPANISH_EL = re.compile(r"\b([Dd]e|[Aa]) el\b")  # "del", "al"
_LATIN = re.compile(r"[^\W\d_]|\d", re.ASCII)


def written(words: Sequence[str], language: str = ENGLISH) -> str:
    """A caption's words as a sentence: "a boy 's orange hat" → "A boy's orange hat."

    French has a space before "?", "!", ":" and ";", Chinese none but between Latin words.
    Raises KeyError for a language that is not in `WRITING`.
    """
    rules = WRITING[language]
    text = ""
    last = ""
    for word in with_right_articles(list(words)) if language == ENGLISH else words:
        text += word if _together(last, word, rules) else f" {word}"
        last = word
    if language == "es":
        text = _SPANISH_EL.sub(r"\1l", text)
    if not text:
        return ""
    text = with_capital(text)
    return text if text.endswith((".", "!", "?", "…", "。", "؟")) else text + rules.full_stop


def with_capital(text: str) -> str:
    """A sentence that begins with a capital, be there "¿" or "(" before it."""
    opening = len(text) - len(text.lstrip("¿¡(["))
    return text[:opening] + text[opening : opening + 1].upper() + text[opening + 1 :]


def _together(last: str, word: str, rules: WritingRules) -> bool:
    if not last or rules.before.match(word) or rules.behind.match(last):
        return True
    if rules.spaces:
        return False
    return not (_LATIN.match(last[-1]) and _LATIN.match(word[0]))


_MOST_READ = 20_000  # characters; what is behind is never looked at
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_LINE_START = re.compile(r"^\s{0,8}(?:#{1,6}\s+|>\s?|[-*+]\s+|(?:-{3,}|\*{3,}|`{3,}\w*)\s*$)", re.M)
_MARKUP = re.compile(r"[*`~|\\]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|__+")
_SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\b(?:mailto|tg|javascript|data):", re.I)
_SIGNS = re.compile(r"[@＠﹫]+(?=\w)|(?<!\w)/(?=[a-z])", re.I)  # pings, and commands of chats
_ENDS = re.compile(r"[.!?…。！？؟।](?=[\s\"'”»）)]|$)|[。！？]")
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", '"', "”", "»", ")", "）")
_LABEL = re.compile(
    r"^\s*(?:sure[,!.:]\s*)?"
    r"(?:here(?:'s| is)[^:\n]{0,60}|caption|alt text|description|answer)\s*:\s*",
    re.IGNORECASE,
)


def plain_text(text: str, *, most: int) -> str:
    """The text as one paragraph without markup, links, pings or control characters.

    A model that may write anything may have read the words in the photo, which anybody can have
    written there.
    At most `most` characters, cut behind a sentence or a word where it is longer; "" if nothing
    is left.
    """
    text = text[:_MOST_READ]
    text = _THOUGHTS.sub(" ", text)
    text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
    text = _LINK.sub(r"\1", text)
    text = _LINE_START.sub("", text)
    text = _SCHEME.sub("", _MARKUP.sub("", text))
    text = _SIGNS.sub("", text.replace("<", " ").replace(">", " "))
    text = "".join(map(_printable, unicodedata.normalize("NFC", text)))
    return _bounded(" ".join(text.split()), most)


def as_sentence(text: str) -> str:
    """A short caption as a sentence: without a label or quotes, with a capital and a full stop."""
    text = _LABEL.sub("", text).strip()
    if len(text) > 1 and (text[0], text[-1]) in {('"', '"'), ("“", "”"), ("«", "»"), ("'", "'")}:
        text = text[1:-1].strip()
    if not text:
        return ""
    text = with_capital(text)
    if text.endswith(_SENTENCE_ENDS):
        return text
    return text.rstrip(",;: ") + (_full_stop(text[-1]))


def _full_stop(last: str) -> str:
    name = unicodedata.name(last, "")
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA")):
        return "。"
    return "।" if name.startswith("DEVANAGARI") else "."


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if category in {"Cf", "Co", "Cs", "Cn"}:  # directions, invisible signs, what has no meaning
        return character if character in {"\u200c", "\u200d"} else ""  # joiners are letters' own
    return character


def _bounded(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    head = text[: most - 1]
    ends = [match.end() for match in _ENDS.finditer(head)]
    if ends and ends[-1] >= most // 3:
        return head[: ends[-1]]
    return (head.rpartition(" ")[0] or head).rstrip(",;: ") + "…"
