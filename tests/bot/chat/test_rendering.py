"""Answers in words: doubts are said once, and scenes have times only where those differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.media import Meant, Moment, Omitted, Part, Still, Video, encode
from bot.chat.models import Action, Place, Reply, covered
from bot.chat.rendering import Style, render
from bot.chat.speech import in_language
from bot.locales import say
from captioner.queue.messages import Answer, Caption, CaptionReply, Length

STYLE = Style(lambda text: text)


def rendered(
    parts: tuple[Part, ...],
    *answers: tuple[str, float],
    language: str | None = None,
    **place: object,
) -> Reply:
    made = [
        Answer(
            captions=(
                Caption(text=text, log_prob=-1.0),
                Caption(text=f"{text} or so", log_prob=-2.0),
            ),
            confidence=confidence,
        )
        for text, confidence in answers
    ]
    reply = CaptionReply(
        job_id="1",
        adapter="x",
        captions=made[0].captions,
        confidence=made[0].confidence,
        more=tuple(made[1:]),
        language=language,
    )
    where = replace(Place(**place), written_parts=encode(parts))  # type: ignore[arg-type]  # what a test gives
    return render(reply, where, STYLE)


def video(*starts: float, duration: float) -> Video:
    moments = tuple(Moment(number=n, seconds=at) for n, at in enumerate(starts))
    return Video(at=0, moments=moments, duration=duration)


ALBUM = (Still(at=0), Still(at=1), Still(at=2))


def test_one_doubt_is_said_where_it_is() -> None:
    reply = rendered(ALBUM, ("a dog", 0.9), ("a cat", 0.1), ("a cow", 0.9))
    assert reply.text == f"1. a dog\n2. {say('unsure', caption='a cat')}\n3. a cow"


def test_several_doubts_are_said_once() -> None:
    reply = rendered(ALBUM, ("a dog", 0.1), ("a cat", 0.9), ("a cow", 0.1))
    assert reply.text == f"1. a dog\n2. a cat\n3. a cow\n{say('unsure-of', numbers='1, 3')}"
    assert reply.spoken == ("a dog.", "a cat.", "a cow.", say("unsure-of", numbers="1, 3"))


def test_numbers_are_those_of_the_lines() -> None:
    parts = (Omitted(code="damaged"), Still(at=1), Still(at=2))
    reply = rendered(parts, ("a dog", 0.1), ("a cat", 0.1))
    assert reply.text.splitlines()[-1] == say("unsure-of", numbers="2, 3")


def test_doubts_about_scenes_are_named_by_their_times() -> None:
    reply = rendered((video(0, 4, duration=9),), ("a calm sea", 0.1), ("a tall tree", 0.1))
    assert reply.text.splitlines() == [
        "0:00–0:04 a calm sea",
        "0:04–0:09 a tall tree",
        say("unsure-of", numbers="0:00, 0:04"),
    ]


def test_other_captions_have_one_doubt_too() -> None:
    reply = rendered(ALBUM[:2], ("a dog", 0.1), ("a cat", 0.1), wish=Action.OTHERS)
    assert reply.text.count(say("unsure-of", numbers="1, 2")) == 1
    assert say("unsure", caption="a dog") not in reply.text


def test_doubts_are_read_aloud_in_english() -> None:
    reply = rendered(ALBUM[:2], ("a dog", 0.1), ("a cat", 0.1), lang="de")
    assert (
        in_language(reply.text, "en") == f"1. a dog\n2. a cat\n{say('unsure-of', numbers='1, 2')}"
    )


@pytest.mark.parametrize(("lang", "language"), [("en", "ar"), ("ar", "en"), ("de", "en")])
def test_what_runs_the_other_way_is_marked_within_a_sentence(lang: str, language: str) -> None:
    caption = {"ar": "كلب يجري.", "en": "A dog runs."}[language]
    mixed = "ar" in (lang, language)
    shown = f"\u2068{caption}\u2069" if mixed else caption
    sure, unsure = (
        rendered(ALBUM[:1], (caption, how), lang=lang, language=language) for how in (0.9, 0.1)
    )
    assert sure.text == caption, "alone it needs no marks, which people would copy"
    assert unsure.text == say("unsure", lang, caption=shown)
    assert (unsure.language, unsure.spoken) == (
        language,
        (say("unsure", language, caption=caption),),
    )


def test_alt_text_is_in_the_language_of_the_caption() -> None:
    reply = rendered(ALBUM[:1], ("Ein Hund.", 0.9), lang="en", language="de", wish=Action.ALT)
    assert reply.copies == (f"Ein Hund. {say('alt-text-sure', 'de')}",)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Still(), "It is red."),
        (Meant(at=1), say("answer-photo", number=2, caption="It is red.")),
        (Meant(seconds=67.0), say("answer-moment", time="1:07", caption="It is red.")),
        (Meant(spoiler=True), say("answer-photo", number=1, caption=covered("It is red."))),
    ],
)
def test_an_answer_says_what_it_is_about(part: Part, text: str) -> None:
    reply = rendered((part,), ("It is red.", 0.9), wish=Action.QUESTION)
    assert reply.text == text
    assert reply.spoken == (() if covered("It is red.") in text else ("It is red.",))


def test_an_answer_that_runs_the_other_way_is_marked_within_a_sentence() -> None:
    reply = rendered((Meant(),), ("إنه أحمر.", 0.9), wish=Action.QUESTION, language="ar")
    assert reply.text == say("answer-photo", number=1, caption="\u2068إنه أحمر.\u2069")


def test_an_alt_text_that_a_model_wrote_stays_as_it_is() -> None:
    said = "There is possibly a man. A photo of a dog."
    reply = rendered(ALBUM[:1], (said, 0.9), wish=Action.ALT, length=Length.ALT)
    assert reply.copies == (f"{said} {say('alt-text-sure')}",)


def test_scenes_of_one_second_have_no_times() -> None:
    reply = rendered((video(0, 0.5, duration=0.9),), ("a calm sea", 0.9), ("a tall tree", 0.9))
    assert reply.text == "a calm sea\na tall tree"
    assert [look.label for look in reply.looks] == ["1", "2"]
    assert [look.moment for look in reply.looks] == [0, 1]


def test_last_second_has_one_time() -> None:
    reply = rendered((video(0, 1, duration=1.5),), ("a calm sea", 0.9), ("a tall tree", 0.9))
    assert reply.text == "0:00–0:01 a calm sea\n0:01 a tall tree"
