"""Makes plain, bounded text of what a model wrote that may write anything.

Such a model may have read the words in the photo, which anybody can have written there.
"""

from __future__ import annotations

import html
import re
import unicodedata

from captioner.language.writing import with_capital

_MOST_READ = 20_000  # characters; what is behind is never looked at
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_LINE_START = re.compile(r"^\s{0,8}(?:#{1,6}\s+|>\s?|[-*+]\s+|(?:-{3,}|\*{3,}|`{3,}\w*)\s*$)", re.M)
_MARKS = re.compile(r"[*`~|\\]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|__+")
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

    At most `most` characters, cut behind a sentence or a word where it is longer; "" if nothing
    is left.
    """
    text = text[:_MOST_READ]
    text = _THOUGHTS.sub(" ", text)
    text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
    text = _LINK.sub(r"\1", text)
    text = _LINE_START.sub("", text)
    text = _SCHEME.sub("", _MARKS.sub("", text))
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
