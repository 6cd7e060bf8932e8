"""`captionbot caption`: photos, videos and folders of them."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from bot.chat.capabilities import offered
from bot.chat.confidence import is_sure
from bot.chat.refusals import Refusal
from bot.cli.photo_files import files_of, shown
from bot.locales import native_name, say
from bot.media.sanitizer import CleanPhoto, Intake
from bot.media.sniff import container_of, is_moving
from bot.media.video import Line, Moment, VideoIntake, clock, timeline
from bot.settings import Settings, load_settings
from captioner.cli.model import (
    PhotoCaptioner,
    PhotoCaptions,
    attention_gif,
    attention_sheet,
    open_captioner,
)
from captioner.distribution import how_to_install
from captioner.errors import UsageError

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class _Opened:
    """A file and what is to be captioned of it: one photo, or the moments of a video."""

    path: Path
    photos: Sequence[Image.Image]
    moments: Sequence[Moment] = ()


@dataclass(frozen=True, kw_only=True)
class FileCaptioner:
    """Captions files and folders to standard output; the fields are the command's options."""

    beam_size: int = 5
    n_best: int = 1
    language: str | None = None
    attention_gif: Path | None = None
    attention_sheet: Path | None = None
    json: bool = False
    batch_size: int = 8
    checkpoint: Path | None = None
    device: str | None = None

    def caption_files(self, paths: Sequence[Path]) -> int:
        """Caption what is in `paths`; returns how many files failed.

        A file that fails is named on standard error, with the reason, and the others go on.
        Raises UsageError for options that contradict each other.
        """
        if paths.count(STANDARD_INPUT) > 1:
            raise UsageError("standard input (-) is one photo; give it once")
        files, unreadable = files_of(paths)
        if self.n_best > self.beam_size:
            raise UsageError(f"--n-best {self.n_best} needs --beam-size {self.n_best} or more")
        if (self.attention_gif or self.attention_sheet) and len(files) != 1:
            raise UsageError(f"an attention picture is of one photo; you gave {len(files)}")
        _check_writable("--attention-gif", self.attention_gif, ".gif")
        _check_writable("--attention-sheet", self.attention_sheet, ".png")
        for complaint in unreadable:
            typer.echo(f"captionbot: {complaint}", err=True)
        settings = load_settings()
        captioner = open_captioner(settings, self.checkpoint, self.device)
        language = _offered(self.language, captioner.languages)
        still = bool(self.attention_gif or self.attention_sheet)
        failed = len(unreadable)
        with (
            closing(_Cleaner(settings, still=still)) as cleaner,
            _progress(files=len(files)) as bars,
        ):
            bar = bars.add_task("captioning", total=len(files))
            batch: list[_Opened] = []
            for file in files:
                opened = cleaner.opened(file)
                if isinstance(opened, str):
                    failed += 1
                    with _without(bars):
                        typer.echo(f"captionbot: {shown(file)}: {opened}", err=True)
                else:
                    batch.append(opened)
                if sum(len(one.photos) for one in batch) >= self.batch_size:
                    self._caption_batch(captioner, batch, bars, language)
                    batch = []
                bars.advance(bar)
                bars.refresh()
            self._caption_batch(captioner, batch, bars, language)
        return failed

    def _caption_batch(
        self, captioner: PhotoCaptioner, batch: Sequence[_Opened], bars: Progress, language: str
    ) -> None:
        photos = [photo for opened in batch for photo in opened.photos]
        found = iter(
            captioner.caption(
                photos,
                beam_size=self.beam_size,
                n_best=self.n_best,
                languages=[language] * len(photos),
            )
            if photos
            else ()
        )
        with _without(bars):
            for opened in batch:
                captioned = [next(found) for _ in opened.photos]
                if opened.moments:
                    self._print_timeline(opened, captioned, captioner.model)
                else:
                    self._print_photo(opened, captioned[0], captioner.model)

    def _print_photo(self, opened: _Opened, captioned: PhotoCaptions, model: str) -> None:
        if self.json:
            _print_json(opened.path, _as_json(opened.path, captioned, model))
        else:
            for number, caption in enumerate(captioned.captions, 1):
                rank = f"{number}. " if self.n_best > 1 else ""
                hedge = _hedge(captioned) if number == 1 else ""
                typer.echo(f"{shown(opened.path)}: {rank}{caption.text}{hedge}")
        photo, words = opened.photos[0], captioned.captions[0].words
        if self.attention_gif:
            _write(
                self.attention_gif,
                attention_gif(photo, words, captioned.grid, language=captioned.language),
            )
        if self.attention_sheet:
            _write(
                self.attention_sheet,
                attention_sheet(photo, words, captioned.grid, language=captioned.language),
            )

    def _print_timeline(
        self, opened: _Opened, captioned: Sequence[PhotoCaptions], model: str
    ) -> None:
        said = [
            (moment.seconds, one.captions[0].text)
            for moment, one in zip(opened.moments, captioned, strict=True)
        ]
        duration = opened.moments[-1].end
        lines = timeline(said, duration)
        if self.json:
            values = {
                "video": str(opened.path),
                "duration": round(duration, 2),
                "timeline": [_line_as_json(line) for line in lines],
                "language": captioned[0].language,
                "model": model,
            }
            _print_json(opened.path, values)
        else:
            for line in lines:
                typer.echo(f"{shown(opened.path)}: {clock(line.start)} {line.caption}")


def _offered(wanted: str | None, languages: tuple[str, ...]) -> str:
    """The language of the captions. Raises UsageError for one that the model does not have."""
    if wanted is None:
        return languages[0]
    found = offered(wanted, languages)
    if found is None:
        names = ", ".join(f"{code} ({native_name(code)})" for code in languages)
        raise UsageError(f"--language {wanted!r}: this model writes captions in {names}")
    return found


def _progress(*, files: int) -> Progress:
    """A bar on standard error, where that is a terminal and there is something to wait for."""
    console = Console(stderr=True)
    return Progress(
        console=console,
        disable=not console.is_terminal or files < 2,
        auto_refresh=False,
        transient=True,
        # What is printed goes where it belongs, be that another file; see `_without`.
        redirect_stdout=False,
        redirect_stderr=False,
    )


@contextmanager
def _without(bars: Progress) -> Iterator[None]:
    """Time to print lines: the bar goes away before them and comes back below them."""
    if bars.disable:
        yield
        return
    bars.stop()
    try:
        yield
    finally:
        sys.stdout.flush()
        bars.start()


def _check_writable(option: str, picture: Path | None, ending: str) -> None:
    """Raises UsageError for a picture that could not be written where it is wanted."""
    if picture is None:
        return
    if picture.suffix.lower() != ending and not picture.is_dir():
        raise UsageError(f"{option} writes a {ending} file; {shown(picture)} has another ending")
    there = picture if picture.exists() else picture.parent
    if picture.is_dir():
        why = "it is a folder"
    elif not picture.parent.is_dir():
        why = "there is no such folder"
    elif not os.access(there, os.W_OK):
        why = "permission denied"
    else:
        return
    raise UsageError(f"{shown(picture)}: cannot be written: {why}")


def _write(path: Path, picture: bytes) -> None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise UsageError(f"{shown(path)}: cannot be written: {error.strerror}") from error


def _print_json(path: Path, values: Mapping[str, object]) -> None:
    """One line; a name that is no text, or steers terminals, is written in escapes."""
    typer.echo(json.dumps(values, ensure_ascii=not str(path).isprintable()))


class _Cleaner:
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

    def opened(self, path: Path) -> _Opened | str:
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
                return _Opened(path, [_image(photo)])
            if importlib.util.find_spec("av") is None:
                return f"videos need PyAV: {how_to_install('bot')}"
            moments = self._loop.run(self._videos.moments(data))
            images = [_image(moment.photo) for moment in moments]
            return _Opened(path, images, () if self._still else moments)
        except Refusal as refused:
            return say(refused.code, "en", **refused.args_for_text)

    def close(self) -> None:
        """End the decoding processes."""
        self._loop.run(self._intake.close())
        self._loop.run(self._videos.close())
        self._loop.close()


def _image(photo: CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg)).convert("RGB")


def _hedge(captioned: PhotoCaptions) -> str:
    """What is said after a caption that the model is not sure of."""
    return " (not sure)" if captioned.unsure else ""


def _line_as_json(line: Line) -> dict[str, object]:
    return {"start": round(line.start, 2), "end": round(line.end, 2), "caption": line.caption}


def _as_json(path: Path, captioned: PhotoCaptions, model: str) -> dict[str, object]:
    best, *others = captioned.captions
    return {
        "photo": str(path),
        "caption": best.text,
        "confidence": None if captioned.confidence is None else round(captioned.confidence, 4),
        "unsure": captioned.unsure,
        "log_prob": round(best.log_prob, 4),
        "score": round(best.rank, 4),
        "words": [
            {
                "word": word.text,
                "log_prob": round(word.log_prob, 4),
                "sure": is_sure(word),
                "certainty": word.certainty,
                "attention": list(word.attention),
            }
            for word in best.words
        ],
        "grid": list(captioned.grid),
        "alternatives": [
            {
                "caption": other.text,
                "log_prob": round(other.log_prob, 4),
                "score": round(other.rank, 4),
            }
            for other in others
        ],
        "language": captioned.language,
        "model": model,
    }
