"""Words for animals, people, numbers and colours in each language, in groups that mean the same.

A group has the same name in all languages, so that a French caption can be compared with English
ones. German stems marked `+` stand for all their endings. Words that fit more than one group
("Mädchen" is singular and plural) are left out of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache


class WordKind(StrEnum):
    """What the words of a group are about."""

    NUMBER = "number"
    PERSON = "person"
    COLOUR = "colour"
    ANIMAL = "animal"
    ACTIVITY = "activity"  # of English alone
    PLACE = "place"  # as well


_GERMAN_ENDINGS = ("", "e", "er", "es", "en", "em")
# What Arabic writes together with the word behind it: "and", "with", "to" and the article.
_ARABIC_PREFIX = re.compile(r"^و?(?:بال|لل|كال|ال|ب|ل)?(?=\w{2})")

Groups = Mapping[str, str]  # words, separated by spaces, by the name of what they mean

_WORDS: Mapping[str, Mapping[WordKind, Groups]] = {
    "en": {
        WordKind.NUMBER: {
            "one": "one man woman boy girl person child lady guy dog",
            "two": "two couple both pair",
            "three": "three",
            "four": "four",
            "many": "five six seven eight several many group crowd people men women boys girls "
            "children dogs",
        },
        WordKind.PERSON: {
            "man": "man men guy guys gentleman",
            "woman": "woman women lady ladies",
            "boy": "boy boys",
            "girl": "girl girls",
            "baby": "baby babies infant toddler",
        },
        WordKind.COLOUR: {
            "red": "red", "blue": "blue", "green": "green", "yellow": "yellow",
            "orange": "orange", "pink": "pink", "purple": "purple violet", "brown": "brown tan",
            "black": "black", "white": "white", "grey": "grey gray silver",
            "blonde": "blonde blond",
        },
        WordKind.ANIMAL: {
            "dog": "dog dogs puppy puppies greyhound greyhounds", "cat": "cat cats kitten",
            "horse": "horse horses pony", "bird": "bird birds duck ducks seagull",
            "cow": "cow cows bull", "sheep": "sheep goat goats", "elephant": "elephant",
            "fish": "fish", "monkey": "monkey", "rabbit": "rabbit",
        },
        WordKind.ACTIVITY: {
            "run": "run runs running races racing", "walk": "walk walks walking",
            "sit": "sit sits sitting seated", "stand": "stand stands standing",
            "jump": "jump jumps jumping leaps leaping", "swim": "swim swims swimming",
            "climb": "climb climbs climbing", "ride": "ride rides riding",
            "swing": "swing swings swinging", "ski": "ski skis skiing",
            "surf": "surf surfs surfing", "skate": "skateboard skateboards skateboarding",
            "lie": "lie lies lying laying", "dance": "dance dances dancing",
            "slide": "slide slides sliding", "fly": "fly flies flying",
            "sleep": "sleep sleeps sleeping", "eat": "eat eats eating",
            "kick": "kick kicks kicking", "throw": "throw throws throwing",
            "catch": "catch catches catching",
        },
        WordKind.PLACE: {
            "water": "water ocean sea lake river pool beach wave waves", "snow": "snow snowy ice",
            "grass": "grass grassy field lawn", "street": "street road sidewalk city",
            "mountain": "mountain mountains cliff rock rocks", "sand": "sand desert dirt",
            "forest": "forest woods trees", "room": "room kitchen indoors bed couch",
        },
    },
    "de": {
        WordKind.NUMBER: {
            "one": "mann frau junge person kind hund dame herr",
            "two": "zwei beide beiden paar pärchen 2",
            "three": "drei 3",
            "four": "vier 4",
            "many": "fünf sechs sieben acht mehrere mehreren viele vielen gruppe menschenmenge "
            "menschen leute personen männer frauen jungs kinder hunde",
        },
        WordKind.PERSON: {
            "man": "mann männer männern mannes herr herren kerl",
            "woman": "frau frauen dame damen",
            "boy": "junge jungen jungs bub",
            "girl": "mädchen",
            "baby": "baby babys kleinkind säugling",
        },
        WordKind.COLOUR: {
            "red": "rot+", "blue": "blau+ hellblau+ dunkelblau+", "green": "grün+",
            "yellow": "gelb+", "orange": "orange orangen+ orangefarben+", "pink": "rosa pink+",
            "purple": "lila violett+", "brown": "braun+ hellbraun+ dunkelbraun+",
            "black": "schwarz+", "white": "weiß+ weiss+", "grey": "grau+ silber+ silbern+",
            "blonde": "blond+",
        },
        WordKind.ANIMAL: {
            "dog": "hund hunde hunden hundes welpe welpen windhund windhunde windhunden",
            "cat": "katze katzen kätzchen kater",
            "horse": "pferd pferde pferden pferdes pony ponys",
            "bird": "vogel vögel vögeln ente enten möwe möwen",
            "cow": "kuh kühe kühen bulle bullen rind rinder stier stiere",
            "sheep": "schaf schafe schafen ziege ziegen", "elephant": "elefant elefanten",
            "fish": "fisch fische fischen", "monkey": "affe affen",
            "rabbit": "hase hasen kaninchen",
        },
    },
    "fr": {
        WordKind.NUMBER: {
            "one": "homme femme garçon fille personne enfant chien dame",
            "two": "deux couple paire",
            "three": "trois",
            "four": "quatre",
            "many": "cinq six sept huit plusieurs nombreux nombreuses groupe foule gens hommes "
            "femmes garçons filles personnes enfants chiens",
        },
        WordKind.PERSON: {
            "man": "homme hommes monsieur messieurs",
            "woman": "femme femmes dame dames",
            "boy": "garçon garçons garçonnet",
            "girl": "fille filles fillette fillettes",
            "baby": "bébé bébés bambin",
        },
        WordKind.COLOUR: {
            "red": "rouge rouges", "blue": "bleu bleue bleus bleues",
            "green": "vert verte verts vertes", "yellow": "jaune jaunes",
            "orange": "orange oranges", "pink": "rose roses",
            "purple": "violet violette violets violettes mauve",
            "brown": "brun brune bruns brunes marron beige", "black": "noir noire noirs noires",
            "white": "blanc blanche blancs blanches", "grey": "gris grise grises argenté argentée",
            "blonde": "blond blonde blonds blondes",
        },
        WordKind.ANIMAL: {
            "dog": "chien chiens chienne chiennes chiot chiots lévrier lévriers",
            "cat": "chat chats chatte chaton chatons",
            "horse": "cheval chevaux poney poneys jument",
            "bird": "oiseau oiseaux canard canards mouette mouettes",
            "cow": "vache vaches taureau taureaux veau",
            "sheep": "mouton moutons brebis chèvre chèvres", "elephant": "éléphant éléphants",
            "fish": "poisson poissons", "monkey": "singe singes", "rabbit": "lapin lapins",
        },
    },
    "pt": {
        WordKind.NUMBER: {
            "one": "homem mulher menino menina garoto garota pessoa criança cachorro",
            "two": "dois duas casal par ambos ambas",
            "three": "três",
            "four": "quatro",
            "many": "cinco seis sete oito vários várias muitos muitas grupo multidão pessoas "
            "homens mulheres meninos meninas garotos garotas crianças cachorros",
        },
        WordKind.PERSON: {
            "man": "homem homens rapaz rapazes senhor senhores",
            "woman": "mulher mulheres moça moças senhora senhoras",
            "boy": "menino meninos garoto garotos",
            "girl": "menina meninas garota garotas",
            "baby": "bebê bebês",
        },
        WordKind.COLOUR: {
            "red": "vermelho vermelha vermelhos vermelhas", "blue": "azul azuis",
            "green": "verde verdes", "yellow": "amarelo amarela amarelos amarelas",
            "orange": "laranja laranjas alaranjado alaranjada", "pink": "rosa",
            "purple": "roxo roxa roxos roxas lilás", "brown": "marrom marrons bege",
            "black": "preto preta pretos pretas negro negra negros negras",
            "white": "branco branca brancos brancas",
            "grey": "cinza cinzas prateado prateada grisalho grisalhos",
            "blonde": "loiro loira loiros loiras",
        },
        WordKind.ANIMAL: {
            "dog": "cachorro cachorros cachorrinho cachorrinhos cão cães cadela",
            "cat": "gato gatos gata gatinho", "horse": "cavalo cavalos égua pônei pôneis",
            "bird": "pássaro pássaros ave aves pato patos gaivota gaivotas",
            "cow": "vaca vacas touro touros boi bois",
            "sheep": "ovelha ovelhas carneiro carneiros cabra cabras bode",
            "elephant": "elefante elefantes", "fish": "peixe peixes", "monkey": "macaco macacos",
            "rabbit": "coelho coelhos",
        },
    },
    "es": {
        WordKind.NUMBER: {
            "one": "hombre mujer niño niña chico chica persona perro señora",
            "two": "dos pareja par ambos ambas",
            "three": "tres",
            "four": "cuatro",
            "many": "cinco seis siete ocho varios varias muchos muchas grupo multitud gente "
            "personas hombres mujeres niños niñas chicos chicas perros",
        },
        WordKind.PERSON: {
            "man": "hombre hombres tipo señor señores caballero",
            "woman": "mujer mujeres señora señoras dama damas",
            "boy": "niño chico muchacho",
            "girl": "niña niñas chica chicas muchacha muchachas",
            "baby": "bebé bebés",
        },
        WordKind.COLOUR: {
            "red": "rojo roja rojos rojas", "blue": "azul azules", "green": "verde verdes",
            "yellow": "amarillo amarilla amarillos amarillas",
            "orange": "naranja naranjas anaranjado anaranjada", "pink": "rosa rosado rosada",
            "purple": "morado morada morados moradas púrpura violeta",
            "brown": "marrón marrones café castaño castaña beige",
            "black": "negro negra negros negras", "white": "blanco blanca blancos blancas",
            "grey": "gris grises plateado plateada",
            "blonde": "rubio rubia rubios rubias",
        },
        WordKind.ANIMAL: {
            "dog": "perro perros perra perrito cachorro cachorros galgo galgos",
            "cat": "gato gatos gata gatito", "horse": "caballo caballos yegua poni ponis",
            "bird": "pájaro pájaros ave aves pato patos gaviota gaviotas",
            "cow": "vaca vacas toro toros", "sheep": "oveja ovejas cordero cabra cabras",
            "elephant": "elefante elefantes", "fish": "pez peces", "monkey": "mono monos",
            "rabbit": "conejo conejos",
        },
    },
    "ar": {
        WordKind.NUMBER: {
            "one": "رجل امرأة صبي فتاة شخص طفل طفلة كلب ولد سيدة",
            "two": "اثنان اثنين اثنتان اثنتين زوجان زوجين رجلان رجلين امرأتان امرأتين طفلان طفلين "
            "كلبان كلبين شخصان شخصين صبيان صبيين فتاتان فتاتين ولدان ولدين",
            "three": "ثلاثة ثلاث",
            "four": "أربعة أربع",
            "many": "خمسة خمس ستة سبعة عدة العديد مجموعة حشد ناس رجال نساء أطفال أولاد فتيات كلاب "
            "أشخاص",
        },
        WordKind.PERSON: {
            "man": "رجل رجلا رجلان رجلين رجال",
            "woman": "امرأة إمرأة امرأتان امرأتين نساء سيدة سيدتان سيدات",
            "boy": "صبي صبيا صبيان صبيين ولد ولدان ولدين أولاد",
            "girl": "فتاة فتاتان فتاتين فتيات بنت بنات",
            "baby": "رضيع رضيعا رضيعة",
        },
        WordKind.COLOUR: {
            "red": "أحمر حمراء", "blue": "أزرق زرقاء", "green": "أخضر خضراء",
            "yellow": "أصفر صفراء", "orange": "برتقالي برتقالية", "pink": "وردي وردية",
            "purple": "أرجواني أرجوانية بنفسجي بنفسجية", "brown": "بني بنية",
            "black": "أسود سوداء", "white": "أبيض بيضاء",
            "grey": "رمادي رمادية فضي فضية", "blonde": "أشقر شقراء",
        },
        WordKind.ANIMAL: {
            "dog": "كلب كلبا كلبان كلبين كلاب جرو جراء كلبة", "cat": "قط قطة قطط قطان",
            "horse": "حصان حصانا خيل خيول أحصنة", "bird": "طائر طيور بطة بط نورس نوارس عصفور",
            "cow": "بقرة بقر أبقار ثور", "sheep": "خروف خراف أغنام غنم نعجة ماعز",
            "elephant": "فيل فيلة", "fish": "سمكة سمك أسماك", "monkey": "قرد قرود",
            "rabbit": "أرنب أرانب",
        },
    },
    "zh": {  # found within words, the longest first: "小男孩", "女孩子们"
        WordKind.NUMBER: {
            "one": "一个 一只 一名 一位 一条 一匹",
            "two": "两个 两只 两名 两位 两条 两匹 二人 两人 一对 俩",
            "three": "三个 三只 三名 三位 三条 三匹 三人",
            "four": "四个 四只 四名 四位 四条 四匹 四人",
            "many": "五个 六个 七个 八个 五只 六只 一群 一些 许多 很多 几个 几只 几名 多个 "
            "多名 人群 们",
        },
        WordKind.PERSON: {
            "man": "男人 男子 男士 男的",
            "woman": "女人 女子 女士 女的 妇女 妇人",
            "boy": "男孩 男童 男生",
            "girl": "女孩 女童 女生 姑娘",
            "baby": "婴儿 宝宝",
        },
        WordKind.COLOUR: {
            "red": "红色 红衣 红", "blue": "蓝色 蓝", "green": "绿色 绿", "yellow": "黄色 黄",
            "orange": "橙色 橘色 橙 橘红色", "pink": "粉色 粉红色 粉红", "purple": "紫色 紫",
            "brown": "棕色 褐色 棕 褐", "black": "黑色 黑", "white": "白色 白",
            "grey": "灰色 灰 银色", "blonde": "金发",
        },
        WordKind.ANIMAL: {
            "dog": "狗 犬", "cat": "猫", "horse": "马", "bird": "鸟 鸭 海鸥", "cow": "牛",
            "sheep": "羊", "elephant": "大象", "fish": "鱼", "monkey": "猴", "rabbit": "兔",
        },
    },
}  # fmt: skip
# Chinese words with the sign of a group that mean something else, or a number of no things.
_NOT_MEANT = (
    "斑马线 大马路 马路 马拉松 马戏 河马 斑马 马上 木马 马甲 马桶 马尾 牛仔 "
    "牛奶 蜗牛 犀牛 斗牛士 钓鱼 鱼竿 鱼网 鳄鱼 鲨鱼 美人鱼 热狗 海狗 羊毛 "
    "羊皮 羊驼 山羊胡 牧羊 鸟笼 黑人 黑夜 黑暗 黑板 白人 白天鹅 白天 白云 "
    "明白 空白 翻白眼 红绿灯 红灯 西红柿 口红 红包 绿灯 绿地 绿草 绿树 绿茵 "
    "绿色植物 黄昏 昏黄 枯黄 黄土 蓝天 蓝牙 灰尘 棕榈 "
)


@cache
def word_groups(language: str, kind: WordKind) -> Mapping[str, str]:
    """{word: name of its group}; empty for a language that is not known here."""
    groups = _WORDS.get(language, {}).get(kind, {})
    return {
        form: name
        for name, words in groups.items()
        for word in words.split()
        for form in _forms(word)
    }


def _forms(word: str) -> Iterable[str]:
    return (word[:-1] + ending for ending in _GERMAN_ENDINGS) if word.endswith("+") else (word,)


def groups_in(words: Collection[str], language: str, kind: WordKind) -> set[str]:
    """The groups of a kind that a caption's words, in lower case, belong to."""
    groups = word_groups(language, kind)
    if language == "zh":
        return _groups_within("".join(words), groups)
    if language == "ar":
        words = [*words, *(_ARABIC_PREFIX.sub("", word) for word in words)]
    return {groups[word] for word in words if word in groups}


def _groups_within(text: str, groups: Mapping[str, str]) -> set[str]:
    for word in _NOT_MEANT.split():
        text = text.replace(word, " ")
    found = set()
    for word in sorted(groups, key=len, reverse=True):
        if word in text:
            found.add(groups[word])
            text = text.replace(word, " ")
    return found
