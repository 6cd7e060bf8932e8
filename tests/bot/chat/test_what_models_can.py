"""What is offered below a caption depends on what the model that wrote it can do."""

from __future__ import annotations

from dataclasses import replace

from bot.adapters.discord.replies import DiscordPlace, compose
from bot.adapters.telegram.messenger import TelegramPlace, under_answer
from bot.adapters.web.serializers import describe
from bot.chat.alt_text import alt_text
from bot.chat.media import Still, encode
from bot.chat.models import Action, Reply
from bot.chat.rendering import Style, render
from bot.locales import say
from captioner.queue.messages import Caption, CaptionReply
from tests.support.jobs import make_job, make_reply

PLACE = TelegramPlace(chat=1, message=2, lang="en", person=3, written_parts=encode((Still(),)))


def said(reply: CaptionReply) -> Reply:
    return render(reply, PLACE, Style(escape=str))


SEVERAL = tuple(Caption(text=text, log_prob=-1.0) for text in ("a dog runs", "a dog is running"))


def own() -> CaptionReply:
    """A reply by a model that says all there is."""
    return make_reply(make_job(), captions=SEVERAL)


def without_attention() -> CaptionReply:
    """A reply by a model that says neither where it looked nor how sure it is."""
    return make_reply(make_job(), captions=SEVERAL, grid=(0, 0), confidence=None)


def one_alone() -> CaptionReply:
    """A reply by a model that gives one caption, and says nothing of it."""
    return make_reply(make_job(), grid=(0, 0), confidence=None)


def telegram_buttons(reply: CaptionReply) -> list[str]:
    markup = under_answer(PLACE, said(reply), "")
    assert markup is not None
    return [str(button.callback_data) for row in markup.inline_keyboard for button in row]


async def discord_buttons(reply: CaptionReply) -> list[str]:
    shown = compose(said(reply), DiscordPlace(channel=1, message=1, person=3)).view
    assert shown is not None
    return [str(getattr(item, "custom_id", "")).split(":")[1] for item in shown.children]


def test_telegram_offers_only_what_the_model_gives() -> None:
    assert telegram_buttons(own()) == ["show:gif", "show:sheet", "others", "speech", "delete:3"]
    assert telegram_buttons(without_attention()) == ["others", "speech", "delete:3"]
    assert telegram_buttons(one_alone()) == ["speech", "delete:3"]


async def test_discord_offers_only_what_the_model_gives() -> None:
    all_of_them = ["attention_gif", "attention_sheet", "others", "speech", "delete"]
    assert await discord_buttons(own()) == all_of_them
    assert await discord_buttons(without_attention()) == all_of_them[2:]
    assert await discord_buttons(one_alone()) == all_of_them[3:]


def test_who_asks_for_other_captions_all_the_same_is_told() -> None:
    others = replace(PLACE, wish=Action.OTHERS)
    assert render(one_alone(), others, Style(escape=str)).text == say("no-alternatives")


def test_a_model_that_does_not_say_how_sure_it_is_is_not_doubted() -> None:
    assert said(without_attention()).text == "a dog runs"
    assert said(make_reply(make_job(), confidence=0.1)).text != "a dog runs"


def test_an_alt_text_does_not_claim_what_nobody_knows() -> None:
    reply = without_attention()
    assert alt_text(reply.captions[0], reply.confidence) == (
        "A dog runs. (Described by a program.)"
    )


def test_the_http_interface_says_that_it_does_not_know() -> None:
    told = describe("x" * 24, without_attention())
    assert (told["confidence"], told["unsure"], told["grid"]) == (None, False, [0, 0])
    assert {word["sure"] for word in told["words"]} <= {None}
    assert {word["level"] for word in told["words"]} <= {None}
    assert (told["attention_gif"], told["attention_sheet"]) == (None, None)
    assert describe("x" * 24, own())["attention_gif"].endswith("/attention.gif")


def test_the_http_interface_says_how_far_to_trust_each_word() -> None:
    reply = make_reply(make_job(), confidence=0.6)
    best = reply.captions[0]
    certainties = (None, 0.9, 0.1)
    words = tuple(
        replace(word, certainty=one, sure=None if one is None else one > 0.8)
        for word, one in zip(best.words, certainties, strict=True)
    )
    told = describe("x" * 24, replace(reply, captions=(replace(best, words=words),)))
    assert [word["level"] for word in told["words"]] == [None, "sure", "doubtful"]
    assert told["alt_text"].endswith("not sure of: runs.)")
