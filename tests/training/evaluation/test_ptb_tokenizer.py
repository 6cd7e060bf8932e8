import json
import shutil
import subprocess
import time
from pathlib import Path

import pycocoevalcap.tokenizer.ptbtokenizer as java_tokenizer
import pytest

from training.evaluation.ptb_tokenizer import PUNCTUATION, ptb_tokens, tokenize

# What the Java program makes of each, less the punctuation list; noted from a run of it.
TRICKY = {
    "A dog's ball isn't the DOGS' ball .": "a dog 's ball is n't the dogs ball",
    "We cannot, can't and won't": "we can not ca n't and wo n't",
    "it’s a “quoted” ‘word’": "it 's a quoted word",
    "he'd've y'all I'm they're she'll": "he 'd 've y' all i 'm they 're she 'll",
    "a t-shirt, a tug-of-war -- and a cat - black": "a t-shirt a tug-of-war and a cat black",
    "( one in red , two in blue )": "-lrb- one in red two in blue -rrb-",
    "[a] {b}": "-lsb- a -rsb- -lcb- b -rcb-",
    "wow!!! what?! oh! no? so... far": "wow !!! what ?! oh no so far",
    "Mr. Smith of Washington D.C. on Water St. at 5 p.m.": (
        "mr. smith of washington d.c. on water st. at 5 p.m."
    ),
    "He sat. In may. Miss. is a state": "he sat in may miss. is a state",
    "a miss. is not": "a miss is not",
    "the letter P. is big": "the letter p. is big",
    "a cat lying I. The step": "a cat lying i the step",
    "in a big red truck.,": "in a big red truck.",
    "his/her 1/2 ½ of 1,000 at 10:30 or 9:00PM": "his/her 1/2 1/2 of 1,000 at 10:30 or 9:00 pm",
    "#7 costs $5.50 or 50%": "# 7 costs $ 5.50 or 50 %",
    "a 4-wheeler, the 12th 2x4 in 3.5 m": "a 4-wheeler the 12th 2x4 in 3.5 m",
    "at&t AT&T M&Ms R&B": "at & t at&t m&m s r&b",
    "rock'n'roll 'n' roll at 5 o'clock": "rock 'n' roll 'n' roll at 5 o'clock",
    "ma'am, a po'boy, O'Brien and graffiti'ed": "ma'am a po boy o'brien and graffiti'ed",
    "RIF=ding a+b *star*": "rif = ding a + b * star *",
    "see www.foo.com or http://a.b/c.": "see www.foo.com or http://a.b/c",
    "<unk> dog <3": "<unk> dog < 3",
    "gonna gotta wanna 'tis": "gon na got ta wan na 't is",
    "café — naïve … 犬 ñandú": "café naïve 犬 ñandú",
    "new.end of a sentence.and more": "new.end of a sentence.and more",
    "5'4\" tall": "5 4 tall",
    "a 🐕 runs": "a runs",
    "no. 5, no. Five": "no. 5 no five",
    " \t\n ": "",
    "": "",
    ". , ; - ' \" `": "",
}


@pytest.mark.parametrize("caption", TRICKY)
def test_tricky_captions(caption: str) -> None:
    assert " ".join(tokenize(caption)) == TRICKY[caption]


@pytest.mark.skipif(shutil.which("java") is None, reason="compares with the Java program")
def test_agrees_with_the_java_program() -> None:
    captions = [c for c in TRICKY if c.strip()]
    jar = Path(java_tokenizer.__file__).with_name("stanford-corenlp-3.4.1.jar")
    command = ["java", "-Dfile.encoding=UTF-8", "-cp", str(jar)]
    command += ["edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase"]
    ran = subprocess.run(
        command,
        input="\n".join(captions) + "\n",
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=100,
    )
    lines = ran.stdout.split("\n")[: len(captions)]
    expected = [" ".join(t for t in line.split() if t not in PUNCTUATION) for line in lines]
    assert [" ".join(tokenize(c)) for c in captions] == expected


def test_the_punctuation_list_is_the_original_one() -> None:
    assert frozenset(java_tokenizer.PUNCTUATIONS) == PUNCTUATION


def test_punctuation_is_there_before_it_is_removed() -> None:
    assert ptb_tokens('A "dog".') == ["a", "''", "dog", "''", "."]


def test_tokens_survive_a_second_round() -> None:
    for sentence in TRICKY.values():
        if "-l" not in sentence and "-r" not in sentence:
            again = " ".join(tokenize(sentence))
            assert tokenize(again) == again.split(), json.dumps(sentence)


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a-", "'", "a'", "-", "+.", "<a", "n't", "1,", "(", "w@"]
)
def test_long_hostile_text_is_linear_enough(piece: str) -> None:
    started = time.process_time()
    tokenize(piece * 2000)
    assert time.process_time() - started < 20
