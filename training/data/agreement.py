"""What captions show of a language's agreement: the gender of nouns, the forms of adjectives.

`captioner/language/genders.json` and `adjectives.json` were made by this: `python -m
training.data.agreement genders DATA` and `… adjectives DATA`, where DATA is a folder with
`languages/`.

The article before a noun shows its gender. Two words are forms of one adjective ("noir", "noire")
if one is spelt as the feminine of the other, and if one stands behind masculine nouns and the other
behind feminine ones nearly always. Participles agree with nouns further back too ("une femme avec
un chapeau assise"): they are kept apart, by that they agree with the noun before them somewhat less
often.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from captioner.language.agreement import GERMAN_ARTICLES, german_stem
from captioner.language.noun_phrases import BARE_PREPOSITIONS, DETERMINERS, noun_genders
from training.data.reader_base import load_object
from training.data.tokenization import function_words, tokenize_in

# How masculine forms end, and their feminine.
_FEMININE = {
    "fr": (
        ("", "e"), ("c", "che"), ("f", "ve"), ("x", "se"), ("er", "ère"), ("n", "nne"),
        ("l", "lle"), ("t", "tte"), ("s", "sse"), ("eau", "elle"), ("ieux", "ieille"),
        ("oux", "ousse"),
    ),
    "pt": (("o", "a"), ("or", "ora"), ("ês", "esa"), ("ão", "ã"), ("eu", "eia")),
    "es": (("o", "a"), ("or", "ora"), ("és", "esa"), ("ón", "ona"), ("án", "ana")),
}  # fmt: skip
_FEWEST = 3  # of each form
# The share of a form that agrees with the noun before it: an adjective's, and a participle's that
# belongs to that noun alone, as "enneigé" does, or to another one as well, as "assis".
_CLOSE, _CLOSE_PARTICIPLE, _FAR_PARTICIPLE = 0.95, 0.98, 0.75
_PARTICIPLES = {
    "fr": ("é", "tu", "lu", "pu", "du", "i"),
    "pt": ("ado", "ido", "berto"),
    "es": ("ado", "ido", "ierto"),
}
_OFTEN_NOUN = 2.0  # times as often behind an article as behind a noun: it is a noun itself
_FEWEST_HEADS, _HEAD = 5, 0.95  # adjectives behind a noun without article, and who agree with it
_FEWEST_VERBS, _FEWEST_SUBJECTS, _SUBJECT = 3, 8, 0.9  # Arabic; the share of verbs that agree
_FEWEST_STEMS, _FEWEST_FORMS = 10, 3  # German adjectives, and different endings of them
_DETERMINERS = (  # their stems; they have the endings of adjectives
    "ein sein ihr dies jen all welch kein mein dein unser jed einig mehrer viel"
)
_VERBS = frozenset({"court", "peint", "seca"})  # "une fille court" is a sentence

Forms = dict[str, str]  # the feminine form by the masculine one


def adjectives(captions: Sequence[Sequence[str]], language: str) -> dict[str, Forms | list[str]]:
    """What captions show of a language's adjectives, as the file has it.

    French and Portuguese: "close" adjectives behind their noun, "participles", those "before" a
    noun; and the "heads", nouns without an article that an adjective agrees with: "en robe rouge".
    """
    if language == "de":
        return {"stems": _german_stems(captions)}
    if language == "ar":
        return _arabic(captions)
    nouns = noun_genders(language)
    behind, before, heads, after_article = _counts(captions, language, nouns)
    close, participles = {}, {}
    for masculine, feminine in _pairs(behind, language):
        own = behind[masculine].total() + behind[feminine].total()
        if after_article[masculine] + after_article[feminine] > _OFTEN_NOUN * own:
            continue
        share = _agreeing(behind, masculine, feminine)
        is_participle = masculine.endswith(_PARTICIPLES[language])
        if share >= (_CLOSE_PARTICIPLE if is_participle else _CLOSE):
            close[masculine] = feminine
        elif share >= _FAR_PARTICIPLE:
            participles[masculine] = feminine
    return {
        "close": close,
        "participles": participles,
        "before": {
            masculine: feminine
            for masculine, feminine in _pairs(before, language)
            if _agreeing(before, masculine, feminine) >= _CLOSE
        },
        "heads": sorted(
            noun
            for noun, counts in heads.items()
            if noun not in DETERMINERS[language]
            and counts.total() >= _FEWEST_HEADS
            and counts[True] >= _HEAD * counts.total()
        ),
    }


def _counts(
    captions: Iterable[Sequence[str]], language: str, nouns: Mapping[str, str]
) -> tuple[
    dict[str, Counter[str]], dict[str, Counter[str]], dict[str, Counter[bool]], Counter[str]
]:
    """Genders of the nouns before and behind each word; heads; how often articles precede it."""
    behind: dict[str, Counter[str]] = defaultdict(Counter)
    before: dict[str, Counter[str]] = defaultdict(Counter)
    bare: list[tuple[str, str, str]] = []
    articles: Counter[str] = Counter()
    for caption in captions:
        for place, (first, second, third) in enumerate(_triples(caption)):
            if first.lower() in DETERMINERS[language]:
                articles[second] += 1
                if second in nouns:
                    behind[third][nouns[second]] += 1
                if third in nouns:
                    before[second][nouns[third]] += 1
            elif place and first in BARE_PREPOSITIONS[language] and second in nouns:
                bare.append((caption[place - 1], second, third))
    heads: dict[str, Counter[bool]] = defaultdict(Counter)
    for masculine, feminine in _pairs(behind, language):
        if _agreeing(behind, masculine, feminine) < _CLOSE:
            continue
        for further, noun, word in bare:
            # Of "un slip de bain noir" nobody can tell which noun is black.
            if word in (masculine, feminine) and nouns.get(further) != nouns[noun]:
                heads[noun][nouns[noun] == ("m" if word == masculine else "f")] += 1
    return behind, before, heads, articles


def _agreeing(counts: dict[str, Counter[str]], masculine: str, feminine: str) -> float:
    """The share of both forms, of the worse one, that has a noun of its gender beside it."""
    his, hers = counts[masculine], counts[feminine]
    return min(his["m"] / his.total(), hers["f"] / hers.total())


def _triples(caption: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    return zip(caption, caption[1:], caption[2:], strict=False)


def _pairs(counts: dict[str, Counter[str]], language: str) -> Iterator[tuple[str, str]]:
    """Words that may be the masculine and the feminine of one adjective."""
    no_adjectives = _VERBS | DETERMINERS[language]
    common = {
        word
        for word, own in counts.items()
        if own.total() >= _FEWEST and word[0].isalpha() and word not in no_adjectives
    }
    for masculine in sorted(common):
        for ending, feminine_ending in _FEMININE[language]:
            feminine = masculine.removesuffix(ending) + feminine_ending
            if masculine.endswith(ending) and feminine in common:
                yield masculine, feminine
                break


def _german_stems(captions: Iterable[Sequence[str]]) -> list[str]:
    """The stems of words that stand between articles and nouns with an adjective's endings."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for caption in captions:
        for first, second, third in _triples(caption):
            if first.lower() in GERMAN_ARTICLES and second.islower() and third[0].isupper():
                found = german_stem(second)
                if found:
                    seen[found][second] += 1
    return sorted(
        found
        for found, forms in seen.items()
        if forms.total() >= _FEWEST_STEMS
        and len(forms) >= _FEWEST_FORMS
        and found not in _DETERMINERS.split()
    )


def _arabic(captions: Iterable[Sequence[str]]) -> dict[str, Forms | list[str]]:
    """Nouns of one person or animal that captions begin with, and verbs that follow them."""
    counts = Counter(word for caption in captions for word in caption)
    verbs = {
        word[1:]
        for word in counts
        if word[0] == "ي" and len(word) > 2 and not word.endswith(("ون", "ان", "ين"))
        and min(counts[word], counts[f"ت{word[1:]}"]) >= _FEWEST_VERBS
    }  # fmt: skip
    behind: dict[str, Counter[str]] = defaultdict(Counter)
    for caption in captions:
        for noun, verb in pairwise(caption[:2]):
            if verb[1:] in verbs and verb[0] in "يت":
                behind[noun][verb[0]] += 1
    certain = {noun: own for noun, own in behind.items() if own.total() >= _FEWEST_SUBJECTS}
    return {
        "verbs": sorted(verbs),
        "masculine": sorted(n for n, own in certain.items() if own["ي"] >= _SUBJECT * own.total()),
        "feminine": sorted(n for n, own in certain.items() if own["ت"] >= _SUBJECT * own.total()),
    }


# Articles that show a gender, whatever the case; those of several genders are left out.
SHOWN = {
    "de": {"eine": "f", "einen": "m", "das": "n", "ein": "mn", "einem": "mn"},
    "fr": {"une": "f", "la": "f", "un": "m", "le": "m"},
    "pt": {"uma": "f", "um": "m", "o": "m", "na": "f", "no": "m", "da": "f", "do": "m", "ao": "m"},
    "es": {"una": "f", "la": "f", "un": "m", "el": "m", "del": "m", "al": "m"},
}
# A German article and the ending of the adjective behind it.
_SHOWN_BY_ADJECTIVE = {("ein", "er"): "m", ("ein", "es"): "n", ("einen", "en"): "m"}
_BOTH_GENDERS = {  # endings: "un" or "una ciclista"
    "pt": ("ista", "atleta"),
    "es": ("ista", "atleta", "joven", "adolescente", "estudiante", "cantante", "guardia"),
}
_FEWEST_ARTICLES = 3  # articles before a noun
_SHARE = 0.8  # of them that agree
_FILES = {
    "ar": ("ar",),
    "de": ("de", "text-only/de.written"),
    "fr": ("fr", "text-only/fr.translated"),
    "pt": ("pt", "text-only/pt.written"),
    "es": ("es.mt", "text-only/es.mt-nllb"),
}


def genders(captions: Iterable[Sequence[str]], language: str) -> dict[str, str]:
    """The gender (f, m or n) of the words that stand behind articles often enough.

    A German noun that is not feminine is neuter if what stands before it shows that more often than
    that it is masculine: "das" or "ein kleines" against "einen" or "ein kleiner".
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for caption in captions if language == "de" else ():
        for article, adjective, noun in zip(caption, caption[1:], caption[2:], strict=False):
            shown = _SHOWN_BY_ADJECTIVE.get((article.lower(), adjective[-2:]))
            if shown and adjective.islower() and noun[0].isupper():
                seen[noun][shown] += 1
    for caption in captions:
        for article, word in pairwise(caption):
            shown = SHOWN[language].get(article.lower())
            if shown and word[0].isalpha() and (language != "de" or word[0].isupper()):
                seen[word][shown] += 1
    found = {}
    no_nouns = function_words(seen, language) if language == "es" else ()  # "el de rojo"
    for word, counts in seen.items():
        feminine, total = counts["f"], counts.total()
        if (
            total < _FEWEST_ARTICLES
            or word in no_nouns
            or word.endswith(_BOTH_GENDERS.get(language, ()))
        ):
            continue
        if feminine >= _SHARE * total:
            found[word] = "f"
        elif total - feminine >= _SHARE * total:
            found[word] = "n" if counts["n"] > counts["m"] else "m"
    return dict(sorted(found.items()))


def captions_in(language: str, data: Path) -> list[str]:
    """All captions in a language, of whatever photos."""
    texts: list[Any] = []
    for name in _FILES[language]:
        for own in load_object(data / "languages" / f"{name}.json.gz").values():
            texts += own if isinstance(own, list) else [own]
    return [str(text) for text in texts]


def _of_all_languages(what: str, data: Path) -> dict[str, object]:
    """The content of `genders.json` or `adjectives.json`."""
    found: dict[str, object] = {}
    for language in SHOWN if what == "genders" else ("ar", "de", "fr", "pt", "es"):
        captions = tokenize_in(captions_in(language, data), language)
        if what == "genders":
            own = genders(captions, language)
            found[language] = {g: [word for word in own if own[word] == g] for g in "fmn"}
        else:
            found[language] = adjectives(captions, language)
    return found


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps(_of_all_languages(sys.argv[1], Path(sys.argv[2])), ensure_ascii=False) + "\n"
    )
