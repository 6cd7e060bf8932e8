"""Articles, adjectives and verbs that agree with their noun: "Ein rote Jacke" → "Eine rote Jacke".

Which words are forms of an adjective stands in `adjectives.json`, which `training.data.agreement`
made from captions. A word is changed only where one noun alone can be meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from captioner.language.noun_phrases import (
    BARE_PREPOSITIONS,
    DETERMINERS,
    Noun,
    known_nouns,
    noun_genders,
)

_CONSONANT = re.compile(r"[bcdfgjklmnpqrstvwxz]", re.IGNORECASE)  # some stand before "h" too
# An "h" is silent in few of the words that photos bring up; "hockey" and "haut" are not among them.
_SILENT = re.compile(
    r"[aeiouàâéèêëîïôûœ]|h(?:abit|élico|erbe|eure|iver|istoire|omme|ôpital|orizon|ôtel|uile|umain)",
    re.IGNORECASE,
)
_ELIDED = {"de": "d'", "le": "l'", "la": "l'", "que": "qu'", "se": "s'", "ne": "n'"}
_OTHER_CASES = frozenset({"ein", "eine", "einen"})
# Masculine and feminine forms. Portuguese "o" and "a" are left out, for "a" is a preposition too.
_PAIRS = {
    "fr": (("un", "une"), ("le", "la")),
    "pt": (("um", "uma"), ("no", "na"), ("do", "da"), ("ao", "à"), ("num", "numa")),
    "es": (("un", "una"), ("el", "la")),
}
_FORMS = {
    language: {form: {"m": pair[0], "f": pair[1]} for pair in pairs for form in pair}
    for language, pairs in _PAIRS.items()
}


def with_agreement(words: Sequence[str], language: str) -> list[str]:
    """The words, articles and adjectives in the forms that their nouns want."""
    return with_agreeing_adjectives(with_agreeing_articles(words, language), language)


def with_agreeing_articles(words: Sequence[str], language: str) -> list[str]:
    """The words, each article in the form that the noun behind it wants.

    It changes German, French, Portuguese and Spanish articles before nouns whose gender is known,
    German dative articles also before an adjective. French "de eau" is "d'eau", and "d'chiens" is
    "de chiens". Other languages stay as they are.
    """
    nouns = noun_genders(language)
    agreed: list[str] = []
    for place, word in enumerate(words):
        if language == "fr" and (form := _before_sound(word, "".join(words[place + 1 :]))):
            agreed.append(form)
            continue
        behind = _behind(words, place, language)
        gender = next((nouns[noun] for noun in behind if noun in nouns), None)
        agreed.append(_article_for(word, gender, language, first=not place) if gender else word)
    return agreed


def _before_sound(word: str, rest: str) -> str | None:
    """The form of a French word before how the rest sounds, where it needs another."""
    if word == "d'" and _CONSONANT.match(rest):
        return "de"
    return _ELIDED.get(word) if _SILENT.match(rest) else None


def _behind(words: Sequence[str], place: int, language: str) -> Sequence[str]:
    """The words among which the noun of an article is, the likelier one first."""
    if language in _PAIRS and is_before_noun(words, place + 1, language):
        return words[place + 2 : place + 3]
    return words[place + 1 : place + (3 if words[place] in _DATIVE.values() else 2)]


def _article_for(article: str, gender: str, language: str, *, first: bool) -> str:
    """The form for a gender. German dative stays dative, and a masculine object an object."""
    if language != "de":
        return _FORMS[language].get(article, {}).get(gender, article)
    if article in _DATIVE.values():
        return _DATIVE[gender]
    if article not in _OTHER_CASES or (gender == "m" and article != "eine"):
        return article
    return {"f": "eine", "n": "ein", "m": "ein" if first else "einen"}[gender]


_IS = {"fr": frozenset({"est"}), "pt": frozenset({"está", "é"}), "es": frozenset({"está", "es"})}
_ARE = {
    "fr": frozenset({"sont"}),
    "pt": frozenset({"estão", "são"}),
    "es": frozenset({"están", "son"}),
}
_AND = {"fr": "et", "pt": "e", "es": "y"}
# Behind one of these, the subject is another one.
_NEW_CLAUSE = {
    "fr": frozenset({",", "qui", "que", "qu'", "où", "tandis", "pendant"}),
    "pt": frozenset({",", "que", "onde", "enquanto"}),
    "es": frozenset({",", "que", "donde", "mientras"}),
}
# A colour does not change before these: "une veste vert foncé".
_SHADES = frozenset(
    {"clair", "foncé", "vif", "pâle", "marine", "ciel", "roi", "olive", "citron", "fluo", "menthe"}
)
# Colours with one form for both genders.
_ONE_FORM = {
    "fr": frozenset({"rouge", "rose", "jaune", "orange", "marron", "beige"}),
    "pt": frozenset({"azul", "verde", "rosa", "laranja", "cinza", "marrom", "bege"}),
    "es": frozenset({"azul", "verde", "rosa", "naranja", "gris", "marrón", "beige"}),
}
_ONE_FORM_BEFORE = {  # a noun, as well
    "fr": frozenset({"jeune", "autre", "même", "énorme", "vaste"}),
    "pt": frozenset({"grande", "jovem", "enorme"}),
    "es": frozenset({"gran", "joven", "enorme"}),
}
_PLURALS = {
    "fr": (("eau", "eaux"), ("al", "aux"), ("s", "s"), ("x", "x"), ("", "s")),
    "pt": (("or", "ores"), ("ês", "eses"), ("ão", "ões"), ("", "s")),
    "es": (("or", "ores"), ("és", "eses"), ("ón", "ones"), ("", "s")),
}
_DATIVE = {"f": "einer", "m": "einem", "n": "einem"}
GERMAN_ARTICLES = frozenset({"ein", "eine", "einen", *_DATIVE.values()})
_GERMAN_ENDING = ("er", "en", "es", "em", "e")

Pair = tuple[str, str]  # the masculine and the feminine form in the singular


@dataclass(frozen=True)
class _Adjectives:
    """What `training.data.agreement` found in a language, by form, singular and plural."""

    close: Mapping[str, Pair]  # agree with the noun right before them
    participles: Mapping[str, Pair]  # agree with the subject, be there other nouns between
    before: Mapping[str, Pair]  # agree with the noun right behind them
    heads: frozenset[str]  # nouns that an adjective agrees with although they have no article


def with_agreeing_adjectives(words: Sequence[str], language: str) -> list[str]:
    """The words, each adjective in the form that its noun wants; needs articles that agree.

    In French, Portuguese and Spanish an adjective agrees with the noun next to it, and a predicate
    with the noun that the sentence begins with. In German, adjectives between an indefinite article
    and a noun agree with both. In Arabic, a verb agrees with the
    noun that the sentence begins with. Other languages stay as they are.
    """
    if language == "de":
        return _german(words)
    if language == "ar":
        found = _file()["ar"]
        return _with_agreeing_verb(
            words,
            masculine=found["masculine"],
            feminine=found["feminine"],
            verbs=found["verbs"],
        )
    agreed = list(words)
    if language in DETERMINERS:
        for place in range(len(agreed)):
            agreed[place] = _agreeing(agreed, place, language)
    return agreed


def is_before_noun(words: Sequence[str], place: int, language: str) -> bool:
    """Whether there is an adjective, and its noun right behind it: "petit" in "petit chien"."""
    return (
        place + 1 < len(words)
        and (
            words[place] in _adjectives(language).before
            or words[place] in _ONE_FORM_BEFORE[language]
        )
        and words[place + 1] in known_nouns(language)
    )


@cache
def gendered_pairs(language: str) -> Mapping[str, str]:
    """The other gender's form of each adjective in the singular; empty where none are known."""
    own = _file().get(language, {})
    pairs = own.get("close", {}) | own.get("participles", {})
    return pairs | {feminine: masculine for masculine, feminine in pairs.items()}


def _agreeing(words: Sequence[str], place: int, language: str) -> str:
    """The word at a place, in the form that its noun wants; itself where it has none."""
    word, own = words[place], _adjectives(language)
    attributive = word in own.before and is_before_noun(words, place, language)
    if place and attributive and _is_article(words[place - 1], language):
        return _form(own.before[word], known_nouns(language)[words[place + 1]], word, language)
    if words[place + 1 : place + 2] and words[place + 1] in _SHADES:
        return word
    pair = own.close.get(word) or own.participles.get(word)
    noun = _noun_of(words, place, language) if pair and place else None
    agreeing = _form(pair, noun, word, language) if pair and noun else word
    # "branca e branco" is no better as "branca e branca".
    return word if place > 1 and agreeing == words[place - 2] else agreeing


def _noun_of(words: Sequence[str], place: int, language: str) -> Noun | None:
    """The noun that the adjective at a place belongs to; None unless it is certain."""
    nouns, own, before = known_nouns(language), _adjectives(language), words[place - 1]
    if before in _IS[language] or before in _ARE[language]:
        return _subject(words, place - 1, language)
    if before in nouns:
        certain = words[place] in own.close and _is_head(words, place - 1, language)
        return nouns[before] if certain or _first_noun(words, language) == place - 1 else None
    if before != _AND[language] or place < 3 or words[place] not in own.close:
        return None
    other, head = words[place - 2], words[place - 3]
    joined = other in own.close or other in _ONE_FORM[language]
    return (
        nouns[head] if joined and head in nouns and _is_head(words, place - 3, language) else None
    )


def _subject(words: Sequence[str], verb: int, language: str) -> Noun | None:
    """The noun that a sentence begins with, if it must be the subject of the verb at a place."""
    first = _first_noun(words, language)
    if first is None or first >= verb:
        return None
    noun, between = known_nouns(language)[words[first]], words[first + 1 : verb]
    both = any(
        word == _AND[language] and _is_article(after, language) for word, after in pairwise(between)
    )
    fits = noun.plural is not (words[verb] in _IS[language])
    return noun if fits and not both and _NEW_CLAUSE[language].isdisjoint(between) else None


def _first_noun(words: Sequence[str], language: str) -> int | None:
    """Where the noun stands that a sentence begins with, behind its article and adjectives."""
    nouns = known_nouns(language)
    place = 1 if words and _is_article(words[0], language) else 0
    if place + 1 < len(words) and words[place + 1] in nouns:
        known = words[place] in nouns and words[place] not in _adjectives(language).before
        place += not known
    return place if place < len(words) and words[place] in nouns else None


def _is_head(words: Sequence[str], place: int, language: str) -> bool:
    """Whether an adjective behind the noun at a place belongs to it, not to one further before."""
    if not place or _is_article(words[place - 1], language):
        return True
    if words[place - 1] in (*BARE_PREPOSITIONS[language], _AND[language]):
        return words[place] in _adjectives(language).heads
    return place > 1 and _is_article(words[place - 2], language)


def _is_article(word: str, language: str) -> bool:
    return word.lower() in DETERMINERS[language]


def _form(pair: Pair, noun: Noun, word: str, language: str) -> str:
    singular = pair[noun.gender == "f"]
    if word not in pair and noun.plural is False:
        return word  # of several nouns: "un chapeau et un pull bleus"
    return _plural(singular, language) if noun.plural or word not in pair else singular


def _plural(word: str, language: str) -> str:
    ending, plural = next(one for one in _PLURALS[language] if word.endswith(one[0]))
    return word.removesuffix(ending) + plural


def german_stem(word: str) -> str | None:
    """What an inflected German adjective is a form of: "rot" of "rotes"; None for other words."""
    for ending in _GERMAN_ENDING:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending)
    return None


def _german(words: Sequence[str]) -> list[str]:
    """Indefinite articles, the adjectives behind them and nouns agree."""
    agreed, nouns, stems = list(words), noun_genders("de"), _german_stems()
    for place, article in enumerate(words):
        end = place + 1
        while end < len(words) and words[end].islower() and german_stem(words[end]) in stems:
            end += 1
        gender = nouns.get(words[end]) if end < len(words) else None
        if article not in GERMAN_ARTICLES or end == place + 1 or gender is None:
            continue
        forms = _german_forms(article, words[place + 1], gender, first=not place)
        if forms:
            agreed[place] = forms[0]
            for between in range(place + 1, end):
                agreed[between] = f"{german_stem(words[between])}{forms[1]}"
    return agreed


def _german_forms(article: str, adjective: str, gender: str, *, first: bool) -> Pair | None:
    """The article, and the ending of adjectives behind it; None where the case is not certain."""
    if article in _DATIVE.values():
        return _DATIVE[gender], "en"
    if gender != "m":
        return ("eine", "e") if gender == "f" else ("ein", "es")
    if article != "einen" and (first or adjective.endswith("er")):
        return "ein", "er"
    return ("einen", "en") if not first and adjective.endswith("en") else None


@cache
def _german_stems() -> frozenset[str]:
    return frozenset(_file()["de"]["stems"])


@cache
def _adjectives(language: str) -> _Adjectives:
    own = _file()[language]
    kinds = (own["close"], own["participles"], own["before"])
    close, participles, before = ({**_by_form(kind, language)} for kind in kinds)
    return _Adjectives(close, participles, before, frozenset(own["heads"]))


def _by_form(pairs: Mapping[str, str], language: str) -> dict[str, Pair]:
    found = {}
    for masculine, feminine in pairs.items():
        for form in (masculine, feminine):
            found[form] = found[_plural(form, language)] = (masculine, feminine)
    return found


@cache
def _file() -> dict[str, dict[str, dict[str, str]]]:
    text = files(__package__).joinpath("adjectives.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return found


_HE, _SHE, _ARABIC_AND = "ي", "ت", "و"
_WHO = frozenset(
    {"الذي", "التي", "بينما", "حيث"}
)  # behind one of these, the subject is another one


def _with_agreeing_verb(
    words: Sequence[str],
    *,
    masculine: Collection[str],
    feminine: Collection[str],
    verbs: Collection[str],
) -> list[str]:
    """The words, the first verb in the gender of the first word, if that is a noun in the singular.

    `verbs` are those of one person, without the letter that shows the gender.
    """
    agreed = list(words)
    nouns = {*masculine, *feminine}
    if not words or words[0] not in nouns:
        return agreed
    for place, word in enumerate(words[1:], 1):
        if (
            word in _WHO
            or word in nouns
            or (word.startswith(_ARABIC_AND) and not word.startswith(f"{_ARABIC_AND}أ"))
        ):
            break  # of two, or in another clause
        if word[:1] in (_HE, _SHE) and word[1:] in verbs:
            agreed[place] = (_SHE if words[0] in feminine else _HE) + word[1:]
            break
    return agreed
