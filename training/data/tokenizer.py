"""Splits captions into words, with spaCy's English tokenizer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import spacy
from spacy.language import Language

_WORD = re.compile(r"\w")


@cache
def _english() -> Language:
    return spacy.blank("en")


def tokenize(captions: Iterable[str]) -> list[list[str]]:
    """Each caption as lower-case words without punctuation.

    Hyphenated words stay one word ("t-shirt"): spaCy splits them, but the field's scorers do not.
    """
    english = _english()
    return [_words(english.make_doc(caption.lower())) for caption in captions]


def _words(doc: Iterable[spacy.tokens.Token]) -> list[str]:
    words: list[str] = []
    joins = False  # the last token was a hyphen that stood against the word before it
    for token in doc:
        text = token.text.strip()
        if text == "-" and words and not token.whitespace_ and _touches(token):
            joins = True
            continue
        text = text.strip("-")
        if not _WORD.search(text):
            joins = False
            continue
        if joins:
            words[-1] += "-" + text
        else:
            words.append(text)
        joins = False
    return words


def _touches(token: spacy.tokens.Token) -> bool:
    return token.i > 0 and not token.doc[token.i - 1].whitespace_
