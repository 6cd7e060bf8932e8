"""Arabic verbs that agree with the noun that a caption begins with: "قطة يجلس" → "قطة تجلس".

`adjectives.json` has the nouns and verbs, which `training.data.adjectives` found in captions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

_HE, _SHE, _AND = "ي", "ت", "و"
_WHO = frozenset(
    {"الذي", "التي", "بينما", "حيث"}
)  # behind one of these, the subject is another one


def with_agreeing_verb(
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
            or (word.startswith(_AND) and not word.startswith(f"{_AND}أ"))
        ):
            break  # of two, or in another clause
        if word[:1] in (_HE, _SHE) and word[1:] in verbs:
            agreed[place] = (_SHE if words[0] in feminine else _HE) + word[1:]
            break
    return agreed
