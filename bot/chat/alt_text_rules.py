"""What an alt text leaves open in languages other than English, where grammar permits it.

As in English, a doubtful colour goes, and a “man” of whom the model is not sure becomes a person,
but a word is touched only where the sentence stays right without a look at its grammar: a colour
beside the noun that it belongs to, and the person that a sentence begins with, if nothing else in
it would have to agree. Everything else stays, and `bot.chat.alt_text` names what is doubtful of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

Change = Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class _Rule:
    """What takes the place of a doubtful word; the pattern's group `doubtful` has the words."""

    pattern: re.Pattern[str]
    change: str | Change  # a template as in `re.sub`
    unless: re.Pattern[str] | None = None  # found in the rest of the sentence: nothing is changed


@dataclass(frozen=True)
class _Rules:
    colours: _Rule
    people: tuple[_Rule, ...] = field(default=())


def without_guesses(
    text: str, people: Collection[str], colours: Collection[str], language: str
) -> tuple[str, frozenset[str]]:
    """A caption without guesses at people and colours, and the words that are gone.

    `people` and `colours` are what is open of each: words in lower case, all kinds of words among
    them. Languages without rules keep their captions.
    """
    rules = _RULES.get(language)
    gone: set[str] = set()
    if rules:
        text = _changed(text, rules.colours, colours, gone)
        for rule in rules.people:
            text = _changed(text, rule, people, gone)
    return text[:1].upper() + text[1:], frozenset(gone)


def worth_naming(word: str, language: str) -> bool:
    """Whether it helps to hear that a word is doubtful, out of its sentence.

    It does not of words for people of any kind, which are what is said in doubt, nor of parts of
    “in front of”.
    """
    return word.lower() not in _NOT_NAMED.get(language, ())


def _changed(text: str, rule: _Rule, doubtful: Collection[str], gone: set[str]) -> str:
    def change(found: re.Match[str]) -> str:
        words = {word.lower() for word in re.findall(r"[\w-]+", found["doubtful"])}
        rest = text[: found.start("doubtful")] + " " + text[found.end("doubtful") :]
        if words.isdisjoint(doubtful) or (rule.unless and rule.unless.search(rest)):
            return found[0]
        changed = rule.change(found) if callable(rule.change) else found.expand(rule.change)
        if changed != found[0]:
            gone.update(words)
        return changed

    return rule.pattern.sub(change, text)


def _any(words: str) -> str:
    return "|".join(words.split())


# German: before a noun. “ein schwarzer und ein weißer Hund” needs its colours.
_COLOUR_DE = (
    "(?:hell|dunkel)?(?:rot|blau|grün|gelb|orange|braun|schwarz|weiß|grau|blond|silbern|golden|"
    "pinkfarben|violett)(?:-(?:rot|blau|grün|gelb|braun|schwarz|weiß|grau))?"
)
_INFLECTED = rf"(?:{_COLOUR_DE}(?:e[rsnm]?)|rosa|lila|orange|beige)"
_GENDERED_DE = r"\b(?:Mann|Männern?|Frau|Frauen|Jungen?|Jungs|Mädchen)\b"
_OTHERS_DE = re.compile(rf",|{_GENDERED_DE}|\b(?:er|sie|ihn|ihm)\b|\bund\b.*\b(?:sein|ihr)")
_POSSESSIVE = re.compile(r"\b(?:sein|ihr)(?=(?:e[mnrs]?)?\b)")


def _german_person(begin: str, person: str, possessive: str) -> Change:
    """The adjective gets the ending of the new noun, and possessives its gender."""

    def change(found: re.Match[str]) -> str:
        adjective = f"{found['stem']}{'e' if begin == 'Eine' else 'es'} " if found["stem"] else ""
        return f"{begin} {adjective}{person}{_POSSESSIVE.sub(possessive, found['rest'])}"

    return change


def _german(before: str, noun: str, begin: str, person: str, possessive: str) -> _Rule:
    pattern = rf"^{before} (?:(?P<stem>\w+?){{ending}} )?(?P<doubtful>{noun})(?P<rest>\b.*)$"
    ending = {"Mann": "er", "Frau": "e", "Junge": "er", "Mädchen": "es"}[noun]
    return _Rule(
        re.compile(pattern.replace("{ending}", ending)),
        _german_person(begin, person, possessive),
        _OTHERS_DE,
    )


_GERMAN = _Rules(
    _Rule(
        re.compile(
            rf"\b(?P<doubtful>(?i:{_INFLECTED}(?:(?:,| und| oder) {_INFLECTED})*)) (?=[A-ZÄÖÜ])"
        ),
        "",
        re.compile(
            rf"{_INFLECTED} (?:und|oder|,) (?:ein|eine|einen|einem|einer)\b|"
            rf"\b([A-ZÄÖÜ]\w+) (?:und|oder) ein(?:e[nmr]?)?(?: {_INFLECTED})?\s+\1\b"
        ),
    ),
    (
        _Rule(
            re.compile(r"^Eine? (?P<doubtful>(?:Mann|Frau) und eine? (?:Mann|Frau))\b"),
            "Zwei Personen",
            re.compile(rf"{_OTHERS_DE.pattern}|\bsein"),
        ),
        _german("Ein", "Mann", "Eine", "Person", "ihr"),
        _german("Eine", "Frau", "Eine", "Person", "ihr"),
        _german("Ein", "Junge", "Ein", "Kind", "sein"),
        _german("Ein", "Mädchen", "Ein", "Kind", "sein"),
        _Rule(
            re.compile(
                r"^(Zwei|Drei|Vier|Fünf|Mehrere|Viele) (\w+e )?(?P<doubtful>Männer|Frauen)\b"
            ),
            r"\1 \2Personen",
            _OTHERS_DE,
        ),
        _Rule(
            re.compile(
                r"^(Zwei|Drei|Vier|Fünf|Mehrere|Viele) (\w+e )?(?P<doubtful>Jung(?:en|s)|Mädchen)\b"
            ),
            r"\1 \2Kinder",
            _OTHERS_DE,
        ),
    ),
)

# French, Portuguese and Spanish: behind a noun. Hair is not just hair, and a red light is no light.
_COLOUR_FR = (
    "(?:rouges?|bleue?s?|verte?s?|jaunes?|oranges?|roses?|violet(?:te)?s?|noire?s?|blanc(?:he)?s?|"
    "grise?s?|brune?s?|marron|beiges?|blonde?s?|dorée?s?|argentée?s?)"
    "(?: (?:clair|foncé|vif|pâle|marine|fluo)e?s?)?"
)
_NO_NOUN_FR = (
    "en de du des le la les un une est sont et ou à au aux très plus deux trois couleur cheveux "
    "cheveu yeux peau barbe feu feux tableau carton vin tout toute habillé habillée habillés "
    "vêtu vêtue vêtus porte portent"
)
_GENDERED_FR = r"\b(?:hommes?|femmes?|garçons?|filles?)\b"
_OTHERS_FR = re.compile(_GENDERED_FR)
_SEVERAL_FR = "Deux|Trois|Quatre|Cinq|Plusieurs"
_AGREEING_FR = re.compile(
    rf"{_GENDERED_FR}|\b(?:ils?|elles?|lui|assise?s?|vêtue?s?|habillée?s?|allongée?s?|couchée?s?|"
    r"accroupie?s?|entourée?s?|couverte?s?|penchée?s?|appuyée?s?|seule?s?|prête?s?|souriante?s?|"
    r"âgée?s?|debouts?|torse|barbue?s?|chauves?|habillé)\b"
)
_BEHIND_SUBJECT_FR = (
    r"(?= (?:fait|joue|saute|court|marche|nage|descend|escalade|porte|tient|regarde|monte|glisse|"
    r"grimpe|lance|attrape|danse|conduit|roule|promène|pêche|surfe|plonge|avec|en|dans|sur|devant|"
    r"font|jouent|sautent|courent|marchent|nagent|portent|posent|tiennent|regardent|sourient|"
    r"portant|tenant|faisant|jouant|sautant|marchant)\b)"
)


def _behind_noun(colour: str, conjunction: str, no_noun: str, articles: str) -> _Rule:
    """“a black dog and a white one” and “… and a white dog” need their colours."""
    run = rf"{colour}(?:(?:,| {conjunction}) {colour})*"
    return _Rule(
        re.compile(
            rf"\b(?!(?i:{_any(no_noun)})\b)(?P<noun>[^\W\d_][\w-]*) (?P<doubtful>{run})(?![\w-])"
        ),
        r"\g<noun>",
        re.compile(
            rf"(?i)\b(?:{articles}) {colour}(?![\w-])|"
            rf"\b([^\W\d_]+)(?: {run})?\s+{conjunction} (?:{articles}) \1\b"
        ),
    )


_FRENCH = _Rules(
    _behind_noun(_COLOUR_FR, "(?:et|ou)", _NO_NOUN_FR, "un|une|le|la|les|l’autre"),
    (
        _Rule(
            re.compile(
                r"^Une? (?P<doubtful>(?:homme|femme) et une? (?:homme|femme))\b"
                rf"{_BEHIND_SUBJECT_FR}"
            ),
            "Deux personnes",
            _AGREEING_FR,
        ),
        _Rule(
            re.compile(rf"^Un (jeune )?(?P<doubtful>homme)\b{_BEHIND_SUBJECT_FR}"),
            r"Une \1personne",
            _AGREEING_FR,
        ),
        _Rule(
            re.compile(r"^Une ((?:jeune|petite|vieille) )?(?P<doubtful>femme)\b"),
            r"Une \1personne",
            _OTHERS_FR,
        ),
        _Rule(
            re.compile(r"^Un ((?:jeune|petit) )?(?P<doubtful>garçon)\b"),
            r"Un \1enfant",
            _OTHERS_FR,
        ),
        _Rule(
            re.compile(rf"^Une (?:(petit)e )?(?P<doubtful>fille)\b{_BEHIND_SUBJECT_FR}"),
            lambda found: f"Un {found[1]} enfant" if found[1] else "Un enfant",
            _AGREEING_FR,
        ),
        _Rule(
            re.compile(rf"^({_SEVERAL_FR}) (?P<doubtful>femmes)\b"),
            r"\1 personnes",
            _OTHERS_FR,
        ),
        _Rule(
            re.compile(rf"^({_SEVERAL_FR}) (?P<doubtful>hommes)\b{_BEHIND_SUBJECT_FR}"),
            r"\1 personnes",
            _AGREEING_FR,
        ),
        _Rule(
            re.compile(rf"^({_SEVERAL_FR}) (?P<doubtful>garçons|filles)\b{_BEHIND_SUBJECT_FR}"),
            r"\1 enfants",
            _AGREEING_FR,
        ),
    ),
)

_COLOUR_PT = (
    "(?:vermelh[oa]s?|azul|azuis|verdes?|amarel[oa]s?|laranjas?|rosas?|rox[oa]s?|pret[oa]s?|"
    "branc[oa]s?|cinzas?|marrom|marrons|beges?|loir[oa]s?|dourad[oa]s?|pratead[oa]s?)"
    "(?: (?:clar[oa]s?|escur[oa]s?|marinho))?"
)
_NO_NOUN_PT = (
    "em de do da dos das no na o a os as um uma uns umas é são está estão e ou mais muito cor "
    "cores cabelo cabelos olhos olho pele barba sinal semáforo cartão quadro vinho usa usam "
    "veste vestindo usando dois duas"
)
_GENDERED_PT = r"\b(?:homem|homens|mulher|mulheres|menin[oa]s?|garot[oa]s?)\b"
_AGREEING_PT = re.compile(rf"{_GENDERED_PT}|\b\w+(?:ad|id)[oa]s?\b|\bel[ea]s?\b")
_BEHIND_SUBJECT_PT = r"(?= (?:de|com|em|no|na|\w+ndo|(?:está|estão) \w+ndo)\b)"
_OTHERS_PT = re.compile(_GENDERED_PT)


def _portuguese(before: str, noun: str, after: str, *, agrees: bool) -> _Rule:
    """`agrees`: the words behind the noun stay right whatever they are."""
    pattern = rf"^{before} (?P<doubtful>{noun})\b" + ("" if agrees else _BEHIND_SUBJECT_PT)
    return _Rule(re.compile(pattern), after, _OTHERS_PT if agrees else _AGREEING_PT)


_PORTUGUESE = _Rules(
    _behind_noun(_COLOUR_PT, "(?:e|ou)", _NO_NOUN_PT, "um|uma|o|a|os|as|outro|outra"),
    (
        _portuguese(
            "Uma?", "(?:homem|mulher) e uma? (?:homem|mulher)", "Duas pessoas", agrees=False
        ),
        _portuguese("Uma", "mulher", "Uma pessoa", agrees=True),
        _portuguese("Uma", "menina|garota", "Uma criança", agrees=True),
        _portuguese("Um", "homem", "Uma pessoa", agrees=False),
        _portuguese("Um", "menino|garoto", "Uma criança", agrees=False),
        _portuguese("(Duas|Três|Quatro)", "mulheres", r"\1 pessoas", agrees=True),
        _portuguese("(Duas|Três|Quatro)", "meninas|garotas", r"\1 crianças", agrees=True),
        _portuguese("Dois", "homens", "Duas pessoas", agrees=False),
        _portuguese("Dois", "meninos|garotos", "Duas crianças", agrees=False),
    ),
)

# A Spanish “niña” stays: the word for a child is the word for a boy.
_COLOUR_ES = (
    "(?:roj[oa]s?|azul(?:es)?|verdes?|amarill[oa]s?|naranjas?|rosas?|rosad[oa]s?|morad[oa]s?|"
    "púrpuras?|negr[oa]s?|blanc[oa]s?|gris(?:es)?|marrón|marrones|beiges?|rubi[oa]s?|dorad[oa]s?|"
    "platead[oa]s?)(?: (?:clar[oa]s?|oscur[oa]s?|marino))?"
)
_NO_NOUN_ES = (
    "en de del con el la los las un una unos unas y o es son está están a al por para más muy dos "
    "color colores pelo cabello ojos piel barba semáforo luz tarjeta pizarra vino lleva llevan "
    "viste visten vestida vestidos vestidas"
)
_GENDERED_ES = r"\b(?:hombres?|mujer(?:es)?|niñ[oa]s?|chic[oa]s?|muchach[oa]s?|señor(?:a|es|as)?)\b"
_OTHERS_ES = re.compile(_GENDERED_ES)
_AGREEING_ES = re.compile(
    rf"{_GENDERED_ES}|\b(?:\w+(?:ad|id)[oa]s?|él|ell[oa]s?|sol[oa]s?|list[oa]s?|"
    r"(?:des|en)?(?:cubiert|puest|abiert|vuelt|nud|calz)[oa]s?)\b"
)
_BEHIND_SUBJECT_ES = (
    r"(?= (?:con|de|en|está|están|se|\w+ndo|salta|salt[ae]n|hace|hacen|toca|tocan|sube|suben|baja|"
    r"bajan|corre|corren|camina|caminan|juega|juegan|conduce|monta|sostiene|sonríe|posan?)\b)"
)


def _spanish(before: str, noun: str, after: str, *, agrees: bool) -> _Rule:
    pattern = rf"^{before} (?P<doubtful>{noun})\b" + ("" if agrees else _BEHIND_SUBJECT_ES)
    return _Rule(re.compile(pattern), after, _OTHERS_ES if agrees else _AGREEING_ES)


_SPANISH = _Rules(
    _behind_noun(_COLOUR_ES, "(?:y|o)", _NO_NOUN_ES, "un|una|el|la|los|las|otro|otra"),
    (
        _spanish("Una?", "(?:hombre|mujer) y una? (?:hombre|mujer)", "Dos personas", agrees=False),
        _spanish("Una", "mujer", "Una persona", agrees=True),
        _spanish("Un", "hombre", "Una persona", agrees=False),
        _spanish("(Dos|Tres|Cuatro|Cinco)", "mujeres", r"\1 personas", agrees=True),
        _spanish("(Dos|Tres|Cuatro|Cinco)", "hombres", r"\1 personas", agrees=False),
        _spanish("Una", "chica|muchacha", "Una persona joven", agrees=True),
        _spanish("Un", "chico|muchacho", "Una persona joven", agrees=False),
    ),
)

# Arabic: behind a noun. A person is masculine as a man is; a woman would change the verbs.
_COLOUR_AR = "(?:ال)?(?:" + _any(
    "أحمر حمراء أزرق زرقاء أخضر خضراء أصفر صفراء برتقالي برتقالية وردي وردية بني بنية أسود سوداء "
    "أبيض بيضاء رمادي رمادية بنفسجي بنفسجية"
) + ")"  # fmt: skip
_NO_NOUN_AR = (
    "في من على مع إلى ذو ذات لون اللون باللون بلون شعر الشعر عيون يرتدي ترتدي يرتدون يلبس تلبس "
    "مرتديا مرتدية هو هي كان كانت"
)
_PERSON_AR = {
    "رجل": "شخص", "رجلا": "شخصا", "رجلان": "شخصان", "رجلين": "شخصين", "رجال": "أشخاص",
    "صبي": "طفل", "صبيا": "طفلا", "صبيان": "طفلان", "صبيين": "طفلين",
    "ولد": "طفل", "ولدا": "طفلا", "ولدان": "طفلان", "ولدين": "طفلين", "أولاد": "أطفال",
}  # fmt: skip
_ARABIC = _Rules(
    _Rule(
        re.compile(
            rf"\b(?!(?:{_any(_NO_NOUN_AR)})\b)(?P<noun>\w+) "
            rf"(?P<doubtful>{_COLOUR_AR}(?: و{_COLOUR_AR})*)(?!\w)"
        ),
        r"\g<noun>",
    ),
    (
        _Rule(
            re.compile(r"^(?P<doubtful>(?:رجل|امرأة) و(?:رجل|امرأة))(?= [يت]\w+ان(?!\w))"), "شخصان"
        ),
        _Rule(
            re.compile(
                r"(?<!\w)(?<!امرأة )(?P<doubtful>(?P<before>و?(?:ال)?)"
                rf"(?P<who>{'|'.join(_PERSON_AR)}))(?!\w)"
                r"(?! (?:ال|إطفاء|شرطة|أعمال|ثلج))"  # “رجل الإطفاء” is a fireman
                r"(?! و(?:ال)?(?:امرأة|سيدة|فتاة))"  # “a person and a woman”?
            ),
            lambda found: found["before"] + _PERSON_AR[found["who"]],
        ),
    ),
)

# Chinese: “红色的” before a noun, but nobody says of somebody that he wears clothes.
_COLOUR_ZH = "(?:深|浅)?(?:红|黑|白|蓝|绿|黄|灰|粉红|粉|紫|棕|橙|褐)色"
_CHINESE = _Rules(
    _Rule(re.compile(rf"(?<!是)(?P<doubtful>{_COLOUR_ZH})的(?=[^\W\d_])(?!衣)"), ""),
    (
        _Rule(re.compile("(?P<doubtful>小?[男女]孩)们"), "孩子们", re.compile("[他她]")),
        _Rule(re.compile("(?P<doubtful>小?[男女]孩)(?!子|们)"), "小孩", re.compile("[他她]")),
        _Rule(
            re.compile("(?<![名位老])(?P<doubtful>[男女](?:人|子|士))(?!汉|组|队)"),
            "人",
            re.compile("[他她]"),
        ),
    ),
)

_RULES = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "es": _SPANISH,
    "ar": _ARABIC,
    "zh": _CHINESE,
}

_NOT_NAMED = {
    code: frozenset(words.split())
    for code, words in {
        "en": "front people person group",
        "de": "gruppe leute menschen person personen",
        "fr": "côté gens groupe par-dessus personne personnes",
        "pt": "beira frente grupo pessoa pessoas pé",
        "es": "borde cima frente gente grupo persona personas pie",
        "ar": "عبر فوق معا اثنين قمة مجموعة شخص شخصان شخصين أشخاص الأشخاص الناس",
        "zh": "中 旁 人 人们",
    }.items()
}
