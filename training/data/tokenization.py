"""Captions as words: cut by spaCy or jieba, those in other languages than English cleaned first.

Files in other languages are noisy: of the German ones a seventh begin in lower case, with nouns in
lower case too, and a fifth lack their full stop. What is wrong by rule is put right first, so that
a model does not learn it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import rjieba
import spacy
from spacy.language import Language

from captioner.language.writing import ENGLISH, WRITING, with_capital

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


_WORD = re.compile(r"\w")
_QUOTES = re.compile(r"[\"“”„‟«»‹›「」『』`´]|(?<!\w)['‘’]|['’](?!\w)")
_DASHES = re.compile(r"\s[-–—]+\s")
_FULL_STOP = re.compile(r"[\s.。．]+$")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?%)\]…،؛؟])")
_BEHIND_COMMA = re.compile(r"([,;،؛])(?=[^\W\d])")
_FRENCH_MARK = re.compile(r"\s*([;:!?])")
_ELISION = re.compile(r"^(l|d|j|m|n|s|t|c|qu|lorsqu|puisqu|jusqu|quelqu)['’]$", re.IGNORECASE)
_TATWEEL = "\N{ARABIC TATWEEL}"
_LEFT_RIGHT = frozenset((
    "left", "right", "left-hand", "right-hand",
    "links", "linke", "linken", "linker", "linkes", "linkem",
    "rechts", "rechte", "rechten", "rechter", "rechtes", "rechtem",
    "esquerda", "esquerdo", "direita", "direito",
    "izquierda", "izquierdo", "derecha", "derecho", "gauche", "droite",
    "يسار", "يمين", "اليسار", "اليمين", "اليسرى", "اليمنى", "يسارا", "يمينا",
))  # fmt: skip
_LEFT_RIGHT_LETTERS = frozenset("左右")
_CHINESE_COUNT = re.compile(r"[一二两三四五六七八九十几]\w?")
_FEWEST_TWICE, _OFTEN_TWICE = 5, 0.1  # captions, and their share of those that have the word
_NEARLY_ALL = 0.95  # of the times that a word was written


def cleaned(text: str, language: str) -> str:
    """A caption with what is wrong by rule put right: spaces, quotation marks, its full stop.

    It begins with a capital. What German nouns look like, `Casing` knows. Raises KeyError for a
    language that is not in `WRITING`.
    """
    rules = WRITING[language]
    text = unicodedata.normalize("NFC", text).replace(_TATWEEL, "")
    text = _DASHES.sub(" ", _QUOTES.sub("", text))
    text = _FULL_STOP.sub("", " ".join(text.split()))
    if rules.spaces:
        text = _BEHIND_COMMA.sub(r"\1 ", _BEFORE_MARK.sub(r"\1", text))
    else:
        text = _without_spaces(unicodedata.normalize("NFKC", text).replace(",", "，"))
    if language == "fr":
        text = _FRENCH_MARK.sub(r" \1", text.replace("’", "'"))
    if not _WORD.search(text):
        return ""
    text = with_capital(text)
    return text if text[-1] in "!?…؟" else text + rules.full_stop


def _without_spaces(text: str) -> str:
    """Spaces stay between Latin words alone."""
    return re.sub(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z])", "", text)


class Casing:
    """How each word is written where no sentence begins, as nearly everybody wrote it.

    A word at the beginning of a sentence loses the capital that it has for that alone; and where
    somebody wrote all in lower case, German nouns get theirs, but for words that are not nouns
    alone ("junge").
    """

    def __init__(self, captions: Iterable[Sequence[str]], *, nouns: bool) -> None:
        """Learns from the captions themselves; `nouns`: the language writes them with a capital."""
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for caption in captions:
            if not nouns or _has_capitals(caption):
                for word in caption[1:]:
                    seen[word.lower()][word] += 1
        self._nouns = nouns
        self._usual = {word: forms.most_common(1)[0] for word, forms in seen.items()}
        self._total = {word: forms.total() for word, forms in seen.items()}

    def __call__(self, caption: Sequence[str]) -> list[str]:
        """The words of a caption, each in its usual form."""
        careless = self._nouns and not _has_capitals(caption)
        return [
            self._of(word, first=number == 0, careless=careless)
            for number, word in enumerate(caption)
        ]

    def _of(self, word: str, *, first: bool, careless: bool) -> str:
        usual, count = self._usual.get(word.lower(), (word, 1))
        if first:
            return usual  # or as it is: never seen elsewhere, it is a name as likely as not
        certain = count >= _NEARLY_ALL * self._total.get(word.lower(), 1)
        return usual if careless and certain else word


def _has_capitals(caption: Sequence[str]) -> bool:
    return any(not word[0].islower() and word[0].isalpha() for word in caption[1:])


def tokenize_in(captions: Iterable[str], language: str) -> list[list[str]]:
    """The words of each caption, cleaned, with its commas, without the full stop at its end.

    `captioner.language.writing.written` makes the same sentence of them again. English ones are
    in lower case and without commas: see `training.data.tokenization`.
    """
    if language == ENGLISH:
        return tokenize(captions)
    texts = [cleaned(caption, language) for caption in captions]
    if not WRITING[language].spaces:
        return [_chinese(text) for text in texts]
    words = [_cut(text, language) for text in texts]
    return [*map(Casing(words, nouns=language == "de"), words)]


def words_in(caption: str, language: str) -> list[str]:
    """A sentence's words in lower case, without marks, in a language other than English."""
    text = cleaned(caption, language)
    words = _cut(text, language) if WRITING[language].spaces else _chinese(text)
    return [word.lower() for word in words if _WORD.search(word)]


def _chinese(text: str) -> list[str]:
    words = (word.strip() for word in rjieba.cut(text.removesuffix("。"), hmm=True))
    return [word for word in words if word]


@cache
def _blank(language: str) -> Language:
    return spacy.blank(language)


def _cut(text: str, language: str) -> list[str]:
    """SpaCy's words; what is written together stays together, but for marks and elisions."""
    words: list[str] = []
    joined = False
    for token in _blank(language).make_doc(text.removesuffix(".")):
        own, mark = token.text.strip(), not _WORD.search(token.text)
        if not own:
            joined = False
            continue
        if mark and own not in {"-", "'", "’", "/", "&", "+", "º", "ª", "°"}:
            words.append(own)
            joined = False
            continue
        if joined:
            words[-1] += own
        else:
            words.append(own)
        joined = not token.whitespace_ and not (language == "fr" and _ELISION.match(words[-1]))
    return words


def says_left_or_right(words: Iterable[str]) -> bool:
    """Whether a caption would be wrong about the mirrored photo, in any of the languages."""
    return any(
        word.lower() in _LEFT_RIGHT or not _LEFT_RIGHT_LETTERS.isdisjoint(word) for word in words
    )


def function_words(vocabulary: Iterable[str], language: str) -> tuple[str, ...]:
    """The words without a content of their own: marks, numerals, and what spaCy calls stop words.

    Chinese numerals stand together with the word for what is counted: "一只" in "一只狗".
    """
    known = _blank(language).vocab

    def is_empty(word: str) -> bool:
        lexeme = known[word.lower()]
        counts = not WRITING[language].spaces and _CHINESE_COUNT.fullmatch(word)
        return bool(not _WORD.search(word) or lexeme.is_stop or lexeme.like_num or counts)

    return tuple(filter(is_empty, vocabulary))


def repeatable_words(
    vocabulary: Iterable[str], captions: Iterable[Sequence[str]]
) -> tuple[str, ...]:
    """The words that people say twice in a caption: in a tenth of those with the word."""
    once: Counter[str] = Counter()
    twice: Counter[str] = Counter()
    for caption in captions:
        counts = Counter(word.lower() for word in caption)
        once.update(counts.keys())
        twice.update(word for word, count in counts.items() if count > 1)
    return tuple(
        word
        for word in vocabulary
        if twice[word.lower()] >= max(_FEWEST_TWICE, _OFTEN_TWICE * once[word.lower()])
    )
