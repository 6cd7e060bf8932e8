"""Photos, videos and animations, in the decoding processes with the limits of real ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache, partial

from PIL import Image

from bot.chat.refusals import Refusal
from bot.locales import say
from bot.media.sanitizer import CleanPhoto, Intake, Moment, VideoIntake
from tests.fuzz.target import Outcome, Target, sentence
from tests.support import photos, videos
from tests.support.photos import drawing, encoded, photo

_SIZE = (48, 32)


def _still(format: str, mode: str = "RGB", **save: object) -> bytes:  # noqa: A002 - Pillow's word
    return encoded(drawing(*_SIZE, seed=3).convert(mode), format, **save)


def _pages(format: str) -> bytes:  # noqa: A002 - Pillow's word
    first, *others = (drawing(*_SIZE, seed=n) for n in range(3))
    return encoded(first, format, save_all=True, append_images=others)


@cache
def photo_seeds() -> dict[str, tuple[bytes, ...]]:
    """Photos of every format that intake takes, small, in the kinds that cameras and programs make.

    They are drawn and encoded here, so what they are depends on the versions of the encoders.
    """
    return {
        "jpeg": (
            _still("JPEG"), _still("JPEG", progressive=True), _still("JPEG", "CMYK"),
            _still("JPEG", "L"), photos.rotated(6), _pages("MPO"),
            photo(*_SIZE, icc_profile=photos.swapped_profile()),
        ),
        "png": (
            _still("PNG"), _still("PNG", "RGBA"), _still("PNG", "LA"), _still("PNG", "P"),
            _still("PNG", "1"), photos.grey_16_bits(9, 32, 24), photos.animated("PNG"),
            photos.palette_with_transparency(),
        ),
        "webp": (_still("WEBP"), _still("WEBP", lossless=True), _still("WEBP", "RGBA"),
                 photos.animated("WEBP")),
        "gif": (_still("GIF", "P"), photos.animated("GIF"),
                photos.palette_with_transparency("GIF")),
        "bmp": (_still("BMP"), _still("BMP", "P"), _still("BMP", "1"), _still("BMP", "RGBA")),
        "tiff": (
            _still("TIFF"), *(_still("TIFF", compression=f"tiff_{c}")
                              for c in ("lzw", "deflate", "jpeg", "adobe_deflate")),
            _still("TIFF", "1", compression="group4"), _still("TIFF", compression="packbits"),
            _pages("TIFF"), encoded(Image.new("LAB", _SIZE, (128, 90, 20)), "TIFF"),
            encoded(drawing(*_SIZE).convert("L").convert("F"), "TIFF"),
        ),
        "heif": (_still("HEIF"), _still("HEIF", "RGBA"), _still("HEIF", "L")),
        "avif": (_still("AVIF"), _still("AVIF", "RGBA")),
    }  # fmt: skip


@cache
def film_seeds() -> dict[str, tuple[bytes, ...]]:
    """Videos of every container and codec that chats send, and animations."""
    shots = videos.scenes(2, (64, 48))
    short = partial(videos.video, shots, 0.4, fps=5)
    return {
        "mp4": (short(), short(coding=videos.HEVC_10_BITS), short(sound=True),
                short(movflags="frag_keyframe+empty_moov")),
        "mov": (short(format="mov"),),
        "webm": (short(format="webm"), short(format="webm", coding=videos.VP9)),
        "matroska": (short(format="matroska"), short(format="matroska", coding=videos.AV1)),
        "avi": (short(format="avi"),),
        "animation": tuple(
            videos.animation(kind, videos.scenes(3, (48, 32)), 200)
            for kind in ("GIF", "WEBP", "PNG", "AVIF")
        ),
    }  # fmt: skip


def _refusal(refused: Refusal) -> Outcome:
    sentence(say(refused.code.value, None, **refused.args_for_text))
    return Outcome("refused", refused.code.value)


def _glanced(glance: Callable[[bytes], None], data: bytes) -> Outcome | None:
    try:
        glance(data)
    except Refusal as refused:
        return _refusal(refused)
    return None


def _photo_outcome(intake: Intake, payload: bytes) -> Outcome:
    answer = intake.understood(payload)
    if isinstance(answer, Refusal):
        return _refusal(answer)
    _check(answer)
    return Outcome("accepted")


def _check(clean: CleanPhoto) -> None:
    """What comes out is always a plain small JPEG of ours."""
    with Image.open(io.BytesIO(clean.jpeg)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == (
            "JPEG", "RGB", (clean.width, clean.height)
        )  # fmt: skip
        assert max(image.size) <= 512
        assert not image.getexif()
        assert "icc_profile" not in image.info


def _film_outcome(intake: VideoIntake, payload: bytes) -> Outcome:
    answer: list[Moment] | Refusal = intake.understood(payload)
    if isinstance(answer, Refusal):
        return _refusal(answer)
    for moment in answer:
        _check(moment.photo)
    return Outcome("accepted")


def _arguments(kind: str, of: Sequence[str]) -> tuple[str, ...]:
    """Those of the real process, for the one that measures."""
    return ("-m", "tests.fuzz.decoding", kind, *of[2:])


def _photo_target(name: str, share: int) -> Target:
    intake = Intake()
    return Target(
        name=name,
        group="photos",
        seeds=lambda: photo_seeds()[name],
        share=share,
        arguments=lambda: _arguments("photos", intake.arguments()),
        before=partial(_glanced, intake.check),
        understood=partial(_photo_outcome, intake),
    )


def _film_target(name: str, share: int) -> Target:
    intake = VideoIntake()
    return Target(
        name=name,
        group="films",
        seeds=lambda: film_seeds()[name],
        share=share,
        arguments=lambda: _arguments("films", intake.arguments()),
        before=partial(_glanced, intake.check),
        understood=partial(_film_outcome, intake),
    )


_PHOTOS = tuple(
    _photo_target(name, share)
    for name, share in {
        "jpeg": 15, "png": 15, "webp": 10, "gif": 10, "bmp": 8, "tiff": 15, "heif": 12, "avif": 10,
    }.items()
)  # fmt: skip
_FILMS = tuple(
    _film_target(name, share)
    for name, share in {
        "mp4": 10, "mov": 5, "webm": 8, "matroska": 8, "avi": 6, "animation": 10,
    }.items()
)  # fmt: skip
TARGETS = (*_PHOTOS, *_FILMS)
