"""The process that decodes videos and animations: `python -m bot.media.decoder.video_worker`."""

from __future__ import annotations

import io

import av
import numpy as np
from PIL import Image

from bot.media.decoder import (
    LONGEST,
    Rejection,
    Shot,
    animation,
    encode_shots,
    photos,
    video,
    worker,
)
from bot.media.decoder.colour import Pixels, to_sdr
from bot.media.decoder.shots import Budget, Film, choose
from bot.media.decoder.worker import Limits
from bot.media.sniff import container_of

_COLOURS = ("red", "blue", "white", "black")  # of films of ours


def shots(data: bytes, limits: Limits) -> list[Shot] | Rejection:
    """The shots of a video or animation, each with its photo; raises nothing."""
    budget = Budget(limits.seconds)
    budget.start()
    try:
        film = _film(data, limits.max_pixels, budget)
        budget.stop()
        return film if isinstance(film, Rejection) else _shots(film, limits.moments)
    except (MemoryError, Image.DecompressionBombError):
        return photos.too_many(limits.max_pixels)
    except Exception:  # noqa: BLE001 - a hostile file can make a decoder raise anything
        return Rejection("damaged", {})
    finally:
        budget.stop()


def _film(data: bytes, max_pixels: int, budget: Budget) -> Film | Rejection:
    container = container_of(data)
    if container is None:
        return animation.read(data, max_pixels, budget)
    return video.read(data, container, max_pixels, budget)


def _shots(film: Film, most: int) -> list[Shot]:
    found = []
    for choice in choose(film, most):
        picture = _turned(film.samples[choice.sample].pixels, film.matrix)
        photo = photos.encoded(Image.fromarray(to_sdr(picture, film.encoding)))
        found.append(Shot(min(choice.start, LONGEST), min(choice.end, LONGEST), photo))
    return found


def _turned(picture: Pixels, matrix: tuple[int, int, int, int]) -> Pixels:
    """The picture upright, for any quarter turn and mirroring."""
    a, b, c, d = matrix
    if abs(b) + abs(c) > abs(a) + abs(d):
        picture, a, d = picture.swapaxes(0, 1), c, b
    if a < 0:
        picture = picture[:, ::-1]
    if d < 0:
        picture = picture[::-1]
    return np.ascontiguousarray(picture)


def prepare(limits: Limits) -> None:
    """Loads whatever is loaded at the first use, by opening films of ours."""
    photos.prepare(limits.max_pixels)
    frames = [Image.new("RGB", (64, 64), colour) for colour in _COLOURS]
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        buffer = io.BytesIO()
        frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=1000)
        shots(buffer.getvalue(), limits)
    film = _one_of_ours()
    for data in (film, film[: len(film) // 2]):
        shots(data, limits)


def _one_of_ours() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as opened:
        stream = opened.add_stream("mpeg4", rate=2)
        stream.width = stream.height = 64
        for colour in _COLOURS:
            frame = av.VideoFrame.from_ndarray(np.asarray(Image.new("RGB", (64, 64), colour)))
            opened.mux(stream.encode(frame))
        opened.mux(stream.encode(None))
    return buffer.getvalue()


if __name__ == "__main__":
    worker.run(
        "bot.media.decoder.video_worker",
        prepare=prepare,
        answer=lambda data, limits: encode_shots(shots(data, limits)),
    )
