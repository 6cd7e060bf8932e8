"""Gender and number of nouns, and what may stand before them: for the rules of agreement.

What gender a noun has stands in `genders.json`, which `training.data.agreement` made from captions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = {
    "fr": _words("un une le la l' les des deux trois quatre plusieurs son sa ses leur leurs du au"),
    "pt": _words(
        "um uma o a os as dois duas três quatro vários várias seu sua seus suas do da no na ao à "
        "num numa dos das nos nas"
    ),
    "es": _words(
        "un una el la los las unos unas dos tres cuatro varios varias su sus del al otro otra"
    ),
}
"""Words before a noun that an adjective behind it agrees with."""
BARE_PREPOSITIONS = {"fr": _words("en avec"), "pt": _words("de com"), "es": _words("de con en")}
"""Words before a noun without an article."""
# Though articles stand before them, or they look like a plural; "nas cores branco e azul"; and "el
# agua fría", a feminine noun with a masculine article.
_NO_NOUNS = _words("mais se cor cores couleur couleurs color colores agua área arma águila ala")
_IRREGULAR_PLURALS = {  # endings: singular, plurals
    "fr": (("al", ("aux",)), ("eau", ("eaux",)), ("eu", ("eux",))),
    "pt": (
        ("m", ("ns",)), ("ão", ("ões", "ães", "ãos")), ("r", ("res",)), ("z", ("zes",)),
        ("al", ("ais",)), ("el", ("éis",)), ("ol", ("óis",)),
    ),
    "es": (
        ("ón", ("ones",)), ("z", ("ces",)), ("r", ("res",)), ("l", ("les",)), ("d", ("des",)),
        ("n", ("nes",)),
    ),
}  # fmt: skip


class Noun(NamedTuple):
    """What an adjective agrees with."""

    gender: str  # m, f or n
    plural: bool | None  # None: the word does not show it


@cache
def noun_genders(language: str) -> Mapping[str, str]:
    """The gender (f, m or n) of a language's nouns in the singular; empty where none are known."""
    text = files(__package__).joinpath("genders.json").read_text(encoding="utf-8")
    own = json.loads(text).get(language, {})
    return {noun: gender for gender, nouns in own.items() for noun in nouns}


@cache
def known_nouns(language: str) -> Mapping[str, Noun]:
    """French, Portuguese or Spanish nouns, in the singular and the plural."""
    singular = noun_genders(language)
    plural = {
        plural: Noun(gender, plural=True)
        for noun, gender in singular.items()
        for plural in _plurals(noun, language)
    }
    found = plural | {
        noun: Noun(gender, plural=None if noun[-1] in "sx" else False)
        for noun, gender in singular.items()
    }
    return {word: noun for word, noun in found.items() if word not in _NO_NOUNS}


def _plurals(noun: str, language: str) -> Iterator[str]:
    if noun[-1] in "sx":
        return
    yield f"{noun}s"
    for ending, plurals in _IRREGULAR_PLURALS[language]:
        if noun.endswith(ending):
            yield from (noun.removesuffix(ending) + plural for plural in plurals)
