"""The scripted worker that other tests stand on does what they take for granted."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from captioner.queue import Limits
from captioner.queue.memory import MemoryQueue
from captioner.queue.messages import Failure, Output
from tests.support.jobs import make_job
from tests.support.scripted_worker import COLOURS, jpeg, scripted_reply, scripted_worker


async def test_a_photo_gets_its_colour() -> None:
    async with MemoryQueue(Limits()) as queue, scripted_worker(queue) as captions:
        await queue.submit(make_job(photo=jpeg("blue")))
        (delivery,) = await queue.take_replies("telegram", "bot", wait=60)
        assert [c.text for c in delivery.reply.captions] == [
            "a blue picture",
            "a picture that is blue",
            "something blue",
        ]
    assert (captions.batches, len(captions.jobs)) == ([1], 1)


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_is_told_from_the_others(colour: str) -> None:
    reply = scripted_reply(make_job(photo=jpeg(colour)))
    assert reply.captions[0].text == f"a {colour} picture"
    for word in reply.captions[0].words:
        assert len(word.attention) == reply.grid[0] * reply.grid[1]
        assert sum(word.attention) == pytest.approx(1)


@pytest.mark.parametrize(
    ("output", "kind", "frames"),
    [(Output.ATTENTION_GIF, "GIF", 3), (Output.ATTENTION_SHEET, "PNG", 1)],
)
def test_the_media_can_be_opened(output: Output, kind: str, frames: int) -> None:
    reply = scripted_reply(make_job(photo=jpeg("red"), output=output))
    assert reply.media_type == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(reply.media)) as image:
        assert image.format == kind
        assert getattr(image, "n_frames", 1) == frames


def test_what_is_no_photo_is_said_to_be_none() -> None:
    assert scripted_reply(make_job(photo=b"no photo")).failure is Failure.BAD_PHOTO
