"""Tokenizes captions as coco-caption's PTBTokenizer does, without Java.

Papers compute their scores on the tokens of Stanford's PTBTokenizer, in lower case and without
punctuation. This is our own lexer for the same tokens, so that scores do not depend on Java.
Compared with the Java program that pycocoevalcap runs (CoreNLP 3.4.1), none of the 35,450 captions
of Flickr8k differs, and 4 of the 202,654 of COCO val2014 do. Three of them differ because in the
Java program the next caption decides whether the full stop after a single last letter (`Wii U.`)
is kept.
"""

from __future__ import annotations

import re

from captioner.language.writing import ENGLISH
from training.data.tokenization import words_in

PUNCTUATION = frozenset((
    "''", "'", "``", "`", "-LRB-", "-RRB-", "-LCB-", "-RCB-",
    ".", "?", "!", ",", ":", "-", "--", "...", ";",
))  # fmt: skip
"""What coco-caption removes. It compares lower-cased tokens, so that brackets in fact stay."""

# Words that keep their full stop wherever they stand, some only when capitalised.
_ABBREVIATIONS = (
    "adm|al|ala|apr|ariz|assn|aug|ave|bldg|blvd|bros|calif|capt|cf|cmdr|co|col|colo|conn|"
    "corp|cos|ct|dec|dept|dr|elec|esq|est|etc|ext|feb|fla|fri|ft|ga|gen|gov|hon|inc|ind|intl|"
    "jan|jos|jr|jul|jun|kan|kans|ky|lt|ltd|maj|mar|md|messrs|mfg|mich|minn|mo|mon|mont|mr|"
    "mrs|ms|mt|natl|neb|nev|nov|oct|okla|penn|plc|pres|prof|rd|rep|rev|sen|sep|sept|sgt|sq|"
    "sr|st|tel|tenn|thu|thurs|tue|tues|univ|va|vs|vt|wed|wis|wyo"
)
_CAPITALISED = "Ark|ARK|Del|DEL|Ill|ILL|La|LA|Mass|MASS|Miss|MISS|Ore|ORE|Pa|PA|Tex|TEX|Wash|WASH"
# After a single letter and a full stop, these say that a new sentence has begun.
_STARTERS = (
    "A|After|An|As|At|But|He|Here|Her|If|In|It|Many|One|Our|She|So|Some|That|The|Their|Then|There|"
    "These|They|This|We|What|When|While|You"
)
_SPELT = {
    "(": "-lrb-", ")": "-rrb-", "[": "-lsb-", "]": "-rsb-", "{": "-lcb-", "}": "-rcb-",
    "½": "1/2", "¼": "1/4", "¾": "3/4", "€": "$", "£": "#", "¢": "cents", "…": "...",
    "—": "--", "–": "--", "―": "--", "“": "``", "”": "''", "«": "``", "»": "''", '"': "''",
}  # fmt: skip
_SPLIT = {
    "cannot": "can not", "gonna": "gon na", "gotta": "got ta", "wanna": "wan na",
    "lemme": "lem me", "gimme": "gim me", "'tis": "'t is", "'twas": "'t was",
}  # fmt: skip
_ONE_SIGN = str.maketrans({"’": "'", "‘": "`", "\u00ad": None, "\u200b": " ", "\0": " "})

_LETTER, _CHAR = r"[^\W\d_]", r"[^\W_½¼¾]"
_CLITIC = r"(?:s|m|d|re|ve|ll)(?!\w)"
_TOKEN = re.compile(
    rf"""
    (?P<link>   (?:https?://|www\.)[^\s"'<>()]+[^\s"'<>(),.;:!?]  |  [\w.+-]+@\w[\w-]*(?:\.\w+)+ )
  | (?P<tag>    </?[a-z!?][^<>\s]*> )
  | (?P<split>  (?:{"|".join(_SPLIT)})(?![\w'-]) )
  | (?P<not>    n't(?!\w) )
  | (?P<clitic> '{_CLITIC} )
  | (?P<elided> '(?:n'|em\b|n\b|til\b|cause\b|\d\ds\b) | (?:ol|dunkin)'(?!\w) | [jy]'(?=\w\w) )
  | (?P<short>  (?:{_ABBREVIATIONS}|ph\.d)\.(?!\w)
              | (?-i:{_CAPITALISED})\.(?!\w)
              | (?:nos?|figs?|pp|prop|ca|art|op)\.(?=\s*\d)
              | {_LETTER}\.(?!\w)(?!{_LETTER}\.)(?!(?-i:\s+(?:{_STARTERS})\b))
              | (?:{_LETTER}\.){{2,}}(?!\w)
              | {_CHAR}+(?:-{_CHAR}+)*\.(?=[,;:]) )
  | (?P<number> (?<![\w.-])[-+]\d+(?:[.,:/]\d+)*  |  \d*[.,:]\d+(?:[.,:]\d+)*  |
                \d+(?:[.,:]\d+)+ )
  | (?P<firm>   (?-i:[A-Z]+(?:&[A-Z]+)+) )
  | (?P<word>   {_CHAR}+?(?=n't(?!\w))
              | (?:c'mon|e'er|s'mores|ev'ry|nat'l|o'clock)\b
              | (?:[dlno]'(?!{_CLITIC}){_LETTER}{_LETTER}+ | {_CHAR}+)
                (?: (?<=\w[aeiouy])'(?!{_CLITIC})[aeiou]\w*
                  | (?<=-[dlno])'(?!{_CLITIC}){_LETTER}{_LETTER}+
                  | [./_!?-]{_CHAR}+(?!n't\b) )* )
  | (?P<hash>   [\#@][a-z_]+ )
  | (?P<run>    [!?]+ | \.\.\.+ | --+ | \*+ | _+ )
  | (?P<sign>   [^\s\U00010000-\U0010ffff] )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tokenize(caption: str) -> list[str]:
    """The tokens of a caption without punctuation, in lower case: `It's a dog!` → `it 's a dog`.

    It keeps the quirks of the original: brackets become `-lrb-` and `-rrb-`, `!!` is kept while
    `!` is removed, an abbreviation keeps its full stop (`st.`), hyphenated words are one token.
    Emoticons are not supported.
    """
    return [token for token in ptb_tokens(caption) if token not in PUNCTUATION]


def ptb_tokens(caption: str) -> list[str]:
    """All tokens of a caption, with punctuation, in lower case."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(caption.translate(_ONE_SIGN)):
        text = match[0].lower()
        if match.lastgroup == "split":
            tokens += _SPLIT[text].split()
        elif match.lastgroup == "run" and text[0] in ".-":
            tokens.append("..." if text[0] == "." else "--")
        else:
            tokens.append(_SPELT.get(text, text))
    return tokens


def words_to_score(caption: str, language: str = ENGLISH) -> list[str]:
    """A caption's words as scores compare them, in lower case and without marks.

    English ones are coco-caption's, others `training.data.tokenization`'s.
    """
    return tokenize(caption) if language == ENGLISH else words_in(caption, language)
