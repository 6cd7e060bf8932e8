"""Word families (a noun's singular and plural), and which words may be repeated in a caption.

People seldom repeat a content word in a caption. If a decoder does it, the caption is mostly
wrong: "a horse is jumping over a horse". Function words and numbers may be repeated. The singular
and the plural of a noun are one family: "a dog … two dogs".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words(
    "a an the this that these those some any no every each all both another other others same "
    "such who whose whom which what where when while whilst as than then so if because but and or "
    "nor of in on at with for from to into onto through under near beside besides between during "
    "against across towards toward upon among amongst around about above below behind beneath "
    "beyond by down up off out over past along alongside inside outside within without after "
    "before until next until like onto via amid atop i you he she it we they me him her us them "
    "my your his its our their himself herself itself themselves someone something one's "
    "is are was were be been being am has have had having do does did doing can could may might "
    "will would shall should must not n't 's 'd 'll 're 've 'm ' there here too also very just "
    "only more most much many few several well appears seems side"  # side by side
)
NUMBER_WORDS = _words(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "hundred first second third 1 2 3 4 5 6 7 8 9 10 11 12 20 dozen half pair"
)
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "knives": "knife", "wives": "wife",
    "leaves": "leaf", "wolves": "wolf", "calves": "calf", "halves": "half", "shelves": "shelf",
    "scarves": "scarf", "loaves": "loaf", "oxen": "ox", "firemen": "fireman",
    "policemen": "policeman", "snowmen": "snowman",
    "shorts": "shorts", "glasses": "glasses", "woods": "woods",  # not many of a "short"
}  # fmt: skip


def may_repeat(word: str) -> bool:
    """Whether a word may be repeated in a caption, as function words and numbers may."""
    return word in FUNCTION_WORDS or word in NUMBER_WORDS


def family(word: str, known: Collection[str]) -> str:
    """The family of a word: "dog" for "dogs", if "dog" is in `known`.

    A noun that is also a verb ("swinging" is in `known`) has no plural here, because people do say
    "a boy swings on a swing".
    """
    singular = _IRREGULAR.get(word)
    if singular:
        return singular
    for stem in _singulars(word):
        if len(stem) > 2 and stem in known:
            return word if _is_verb(stem, known) else stem
    return word


def _singulars(word: str) -> Iterator[str]:
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        yield word[:-2]


def _is_verb(word: str, known: Collection[str]) -> bool:
    forms = (f"{word}ing", f"{word}{word[-1]}ing", f"{word.removesuffix('e')}ing")
    return any(form in known for form in forms)


def families(words: Sequence[str]) -> tuple[int, ...]:
    """The number of each word's family, for a vocabulary; -1 for words that may be repeated."""
    known = set(words)
    numbers: dict[str, int] = {}
    return tuple(
        -1 if may_repeat(word) else numbers.setdefault(family(word, known), len(numbers))
        for word in words
    )


def content_families(words: Sequence[str], known: Collection[str] = ()) -> tuple[str, ...]:
    """The families of a caption's content words, in order."""
    return tuple(family(word, known) for word in words if word not in FUNCTION_WORDS)


def repeated(words: Sequence[str], known: Collection[str] = ()) -> set[str]:
    """The families that are repeated in a caption although they should not be."""
    seen: set[str] = set()
    twice: set[str] = set()
    for word in words:
        if not may_repeat(word):
            name = family(word, known)
            (twice if name in seen else seen).add(name)
    return twice
