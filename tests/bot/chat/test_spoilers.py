"""What is said of a covered photo is covered, and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.media import Moment, Omitted, Part, Still, Video, encode
from bot.chat.models import Action, Place, Reply, bare, covered, pieces, shown
from bot.chat.rendering import Style, render
from bot.chat.service import CaptionService
from bot.locales import say
from captioner.queue.messages import Answer, Caption, CaptionReply, Output
from tests.bot.chat.helpers import Attached, ShakyQueue, answered, request, worked
from tests.support import photos

STYLE = Style(lambda text: text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone(Place):
    @property
    def in_company(self) -> bool:
        return False


def answer(text: str, confidence: float = 0.9) -> Answer:
    others = (Caption(text=f"{text} or so", log_prob=-2.0),)
    return Answer(captions=(Caption(text=text, log_prob=-1.0), *others), confidence=confidence)


def rendered(
    parts: tuple[Part, ...],
    *texts: str,
    place: Place | None = None,
    output: Output = Output.CAPTION,
) -> Reply:
    first, *more = map(answer, texts)
    reply = CaptionReply(
        job_id="1", adapter="x", captions=first.captions, confidence=first.confidence,
        more=tuple(more), output=output, media=b"GIF" if output is not Output.CAPTION else b"",
    )  # fmt: skip
    return render(reply, replace(place or Place(), written_parts=encode(parts)), STYLE)


def open_text(text: str) -> str:
    """What everybody reads."""
    return "".join(piece for piece, hidden in pieces(text) if not hidden)


@given(st.lists(st.tuples(st.text("ab|@ \n", min_size=1), st.booleans())), st.integers(0, 60))
def test_what_is_cut_off_stays_covered(parts: list[tuple[str, bool]], length: int) -> None:
    text = "".join(covered(piece) if hidden else piece for piece, hidden in parts)
    secret = "".join("x" if hidden else "." for piece, hidden in parts for _ in piece)
    cut = list(pieces(text[:length]))
    marks = "".join(("x" if hidden else ".") * len(piece) for piece, hidden in cut)
    assert secret.startswith(marks)
    assert bare(text) == "".join(piece for piece, _ in parts)


def test_bars_stand_around_what_is_covered() -> None:
    assert shown(f"1. {covered('a house')}\n2. a dog", "||") == "1. ||a house||\n2. a dog"
    assert shown(covered("a house")[:-3], "||") == "||a hou||"
    assert covered("") == ""


def test_mixed_album_covers_those_lines_alone() -> None:
    parts = (Still(at=0), Still(at=1, spoiler=True), Omitted(code="damaged"))
    reply = rendered(parts, "a dog", "the murderer")
    assert "a dog" in open_text(reply.text)
    assert "murderer" not in open_text(reply.text)
    assert bare(reply.text).splitlines()[1] == "2. the murderer"
    assert say("damaged") in open_text(reply.text)


@pytest.mark.parametrize("wish", [Action.CAPTION, Action.OTHERS, Action.ALT])
def test_every_answer_about_a_spoiler_is_covered(wish: Action) -> None:
    reply = rendered((Still(spoiler=True),), "the murderer", place=Place(wish=wish))
    for text in (reply.text, *reply.copies):
        assert "murderer" not in open_text(text).lower()
        assert "murderer" in bare(text).lower()


def test_scenes_of_a_covered_video() -> None:
    moments = (Moment(number=0, seconds=0), Moment(number=1, seconds=4))
    video = Video(at=0, moments=moments, duration=9, spoiler=True)
    reply = rendered((video,), "a calm sea", "the ship sinks")
    assert "sea" not in open_text(reply.text)
    assert "sinks" not in open_text(reply.text)
    assert "0:04" in open_text(reply.text)


def test_animation_and_what_screen_readers_say_of_it() -> None:
    reply = rendered((Still(spoiler=True),), "the murderer", output=Output.ATTENTION_GIF)
    assert reply.media is not None
    assert reply.media.spoiler
    assert "murderer" not in open_text(reply.text)
    assert "murderer" not in reply.media.alt
    reply = rendered((Still(),), "a dog", output=Output.ATTENTION_GIF)
    assert reply.media is not None
    assert not reply.media.spoiler
    assert "a dog" in reply.media.alt


def test_spoiler_is_not_spoken_in_company_and_that_is_said() -> None:
    parts = (Still(at=0), Still(at=1, spoiler=True))
    reply = rendered(parts, "a dog", "the murderer", place=Place(voice=True))
    assert reply.spoken == ("a dog.",)
    assert reply.text.endswith(say("spoiler-not-spoken"))
    alone = rendered(parts, "a dog", "the murderer", place=Alone(voice=True))
    assert alone.spoken == ("a dog.", "the murderer.")
    assert say("spoiler-not-spoken") not in alone.text
    silent = rendered(parts, "a dog", "the murderer")
    assert say("spoiler-not-spoken") not in silent.text


async def test_cover_travels_with_the_job(service: CaptionService, queue: ShakyQueue) -> None:
    hidden = Attached(photos.photo(seed=1), spoiler=True)
    ticket = await service.ask(request(photo=Attached(photos.photo()), more_photos=(hidden,)))
    assert ticket.spoilers == (False, True)
    await worked(queue, "a dog", confidence=0.9, more=(answer("the murderer"),))
    reply = await answered(service)
    text = render(reply, Place(written_parts=str(reply.context["written_parts"])), STYLE).text
    assert open_text(text) == "1. a dog\n2. "
    # One photo, from the cache as well.
    for dedupe in ("first", "again"):
        await service.ask(request(dedupe, photo=hidden))
        if dedupe == "first":
            await worked(queue, "the murderer")
        reply = await answered(service)
        text = render(reply, Place(written_parts=str(reply.context["written_parts"])), STYLE).text
        assert open_text(text) == ""
