"""The grammatical gender of nouns, as the articles before them in captions show it.

`captioner/language/genders.json` was made by this: `python -m training.data.genders DATA`, where
DATA is a folder with `languages/`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from training.data.languages import function_words, tokenize_in
from training.data.parsing import load_object

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
_FEWEST = 3  # articles before a noun
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
        if total < _FEWEST or word in no_nouns or word.endswith(_BOTH_GENDERS.get(language, ())):
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


def main() -> None:
    """Print the file's content."""
    data = Path(sys.argv[1])
    found = {
        language: genders(tokenize_in(captions_in(language, data), language), language)
        for language in SHOWN
    }
    by_gender = {
        language: {g: [w for w, own in words.items() if own == g] for g in "fmn"}
        for language, words in found.items()
    }
    sys.stdout.write(json.dumps(by_gender, ensure_ascii=False, indent=None) + "\n")


if __name__ == "__main__":
    main()
