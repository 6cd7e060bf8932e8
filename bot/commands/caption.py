"""`captionbot caption`: files and folders."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import typer
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from bot.commands.model import open_captioner
from bot.errors import UsageError
from bot.intake import Intake, Refused
from bot.settings import load_settings
from bot.texts import say
from captioner.attention_gif import attention_gif, attention_sheet
from captioner.captioner import Captioned, Captioner

PHOTO_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"}
)


@dataclass(frozen=True, kw_only=True)
class CaptionOptions:
    """What the command line said."""

    beam_size: int = 5
    n_best: int = 1
    attention_gif: Path | None = None
    attention_sheet: Path | None = None
    json: bool = False
    batch_size: int = 8
    checkpoint: Path | None = None
    device: str | None = None


def caption_files(paths: Sequence[Path], options: CaptionOptions) -> int:
    """Caption files and folders to standard output; returns how many files failed.

    A file that fails is named on standard error, with the reason, and the others go on.
    Raises UsageError for options that contradict each other.
    """
    files = [file for path in paths for file in _files(path)]
    if options.n_best > options.beam_size:
        raise UsageError(f"--n-best {options.n_best} needs --beam-size {options.n_best} or more")
    if (options.attention_gif or options.attention_sheet) and len(files) != 1:
        raise UsageError(f"an attention picture is of one photo; you gave {len(files)}")
    captioner = open_captioner(options.checkpoint, options.device)
    console = Console(stderr=True)
    failed = 0
    with (
        closing(_Cleaner()) as cleaner,
        Progress(console=console, disable=not console.is_terminal or len(files) < 2) as progress,
    ):
        bar = progress.add_task("captioning", total=len(files))
        for start in range(0, len(files), options.batch_size):
            batch = files[start : start + options.batch_size]
            photos: list[tuple[Path, Image.Image]] = []
            for file in batch:
                photo = cleaner.photo(file)
                if isinstance(photo, str):
                    failed += 1
                    typer.echo(f"captionbot: {file}: {photo}", err=True)
                else:
                    photos.append((file, photo))
            _caption_batch(captioner, photos, options)
            progress.advance(bar, len(batch))
    return failed


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    photos = sorted(p for p in path.rglob("*") if p.suffix.lower() in PHOTO_ENDINGS and p.is_file())
    if not photos:
        raise UsageError(f"{path}: no photo in this folder ({' '.join(sorted(PHOTO_ENDINGS))})")
    yield from photos


class _Cleaner:
    """Files as clean photos, decoded in a process of its own as the bots do it."""

    def __init__(self) -> None:
        settings = load_settings()
        self._loop = asyncio.Runner()
        self._max_bytes = settings.max_photo_mb * 1_000_000
        self._intake = Intake(
            max_bytes=self._max_bytes, max_pixels=settings.max_megapixels * 1_000_000
        )

    def photo(self, path: Path) -> Image.Image | str:
        """The photo, or a sentence that says why there is none."""
        try:
            with path.open("rb") as opened:
                data = opened.read(self._max_bytes + 1)
        except OSError as error:
            return error.strerror or str(error)
        try:
            clean = self._loop.run(self._intake.clean(data))
        except Refused as refused:
            return say(refused.reason, "en", **refused.args_for_text)
        return Image.open(io.BytesIO(clean.jpeg)).convert("RGB")

    def close(self) -> None:
        """End the decoding process."""
        self._loop.run(self._intake.close())
        self._loop.close()


def _caption_batch(
    captioner: Captioner, photos: Sequence[tuple[Path, Image.Image]], options: CaptionOptions
) -> None:
    found = captioner.caption(
        [photo for _, photo in photos], beam_size=options.beam_size, n_best=options.n_best
    )
    for (path, photo), captioned in zip(photos, found, strict=True):
        if options.json:
            typer.echo(json.dumps(_as_json(path, captioned, captioner.model), ensure_ascii=False))
        else:
            for caption in captioned.captions:
                typer.echo(f"{path}: {caption.text}")
        words = captioned.captions[0].words
        if options.attention_gif:
            options.attention_gif.write_bytes(attention_gif(photo, words, captioned.grid))
        if options.attention_sheet:
            options.attention_sheet.write_bytes(attention_sheet(photo, words, captioned.grid))


def _as_json(path: Path, captioned: Captioned, model: str) -> dict[str, object]:
    best, *others = captioned.captions
    return {
        "photo": str(path),
        "caption": best.text,
        "confidence": round(captioned.confidence, 4),
        "log_prob": round(best.log_prob, 4),
        "words": [{"word": w.text, "log_prob": round(w.log_prob, 4)} for w in best.words],
        "alternatives": [{"caption": c.text, "log_prob": round(c.log_prob, 4)} for c in others],
        "model": model,
    }
