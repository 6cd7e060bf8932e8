"""Files of a command line as clean photos, as the bots make them of what people send."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.chat.refusals import Refusal
from bot.locales import say
from bot.media.sanitizer import CleanPhoto, Intake, Moment, VideoIntake
from bot.media.sniff import container_of, is_moving
from bot.settings import Settings
from captioner.distribution import how_to_install

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class OpenedFile:
    """A file and what is to be captioned of it: one photo, or the moments of a video."""

    path: Path
    photos: Sequence[Image.Image]
    moments: Sequence[Moment] = ()


class FileCleaner:
    """Files as clean photos, decoded in processes of their own as the bots do it.

    With `still`, an animation is the picture that it shows most of the time.
    """

    def __init__(self, settings: Settings, *, still: bool) -> None:
        self._still = still
        self._loop = asyncio.Runner()
        self._max_bytes = settings.max_photo_mb * 1_000_000
        self._intake = Intake(
            max_bytes=self._max_bytes, max_pixels=settings.max_megapixels * 1_000_000
        )
        most = {"max_moments": 1} if still else {}
        self._videos = VideoIntake(max_bytes=self._max_bytes, **most)

    def opened(self, path: Path) -> OpenedFile | str:
        """The file opened, or a sentence that says why it cannot be."""
        try:
            if path == STANDARD_INPUT:
                data = sys.stdin.buffer.read(self._max_bytes + 1)
            else:
                with path.open("rb") as file:
                    data = file.read(self._max_bytes + 1)
        except OSError as error:
            return error.strerror or str(error)
        try:
            if not is_moving(data) or (self._still and container_of(data)):
                photo = self._loop.run(self._intake.clean(data))
                return OpenedFile(path, [_image(photo)])
            if importlib.util.find_spec("av") is None:
                return f"videos need PyAV: {how_to_install('bot')}"
            moments = self._loop.run(self._videos.moments(data))
            images = [_image(moment.photo) for moment in moments]
            return OpenedFile(path, images, () if self._still else moments)
        except Refusal as refused:
            return say(refused.code, "en", **refused.args_for_text)

    def close(self) -> None:
        """End the decoding processes."""
        self._loop.run(self._intake.close())
        self._loop.run(self._videos.close())
        self._loop.close()


def _image(photo: CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg)).convert("RGB")
