"""`captionbot caption`: photos, videos and folders of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from bot.chat.capabilities import lengths_of, offered
from bot.chat.confidence import is_sure, levels
from bot.chat.questions import clean_question
from bot.chat.refusals import Refusal
from bot.cli.photo_files import STANDARD_INPUT, FileCleaner, OpenedFile, files_of, shown
from bot.locales import native_name
from bot.media.timeline import Line, clock, timeline
from bot.settings import load_settings
from captioner.capabilities import Capabilities
from captioner.cli.model import (
    PhotoCaptioner,
    PhotoCaptions,
    PromptedCaptioner,
    attention_gif,
    attention_sheet,
    load_captioner,
)
from captioner.cli.options import why_not_writable
from captioner.errors import ModelAwayError, UsageError
from captioner.queue.messages import Length

_OTHERS = "docs/models.md lists models that do"
_NO_ANSWER = "the model gave no answer"


@dataclass(frozen=True)
class _Asked:
    """What the model is asked of every photo."""

    language: str
    question: str | None


@dataclass(frozen=True, kw_only=True)
class FileCaptioner:
    """Captions files and folders to standard output; the fields are the command's options."""

    beam_size: int = 5
    n_best: int = 1
    language: str | None = None
    length: str = Length.SHORT
    question: str | None = None
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
        still = bool(self.attention_gif or self.attention_sheet)
        question = self._checked(still=still)
        if (self.attention_gif or self.attention_sheet) and len(files) != 1:
            raise UsageError(f"an attention picture is of one photo; you gave {len(files)}")
        _check_writable("--attention-gif", self.attention_gif, ".gif")
        _check_writable("--attention-sheet", self.attention_sheet, ".png")
        for complaint in unreadable:
            typer.echo(f"captionbot: {complaint}", err=True)
        settings = load_settings()
        captioner = load_captioner(settings, self.checkpoint, self.device)
        asked = _Asked(_offered(self.language, captioner.languages), question)
        _check_offered(captioner.capabilities, self.length, question=question, still=still)
        failed = len(unreadable)
        with (
            closing(FileCleaner(settings, still=still)) as cleaner,
            _progress(files=len(files)) as bars,
        ):
            bar = bars.add_task("captioning", total=len(files))
            batch: list[OpenedFile] = []
            for file in files:
                opened = cleaner.opened(file)
                if isinstance(opened, str):
                    failed += 1
                    with _without(bars):
                        typer.echo(f"captionbot: {shown(file)}: {opened}", err=True)
                else:
                    batch.append(opened)
                if sum(len(one.photos) for one in batch) >= self.batch_size:
                    failed += self._caption_batch(captioner, batch, bars, asked)
                    batch = []
                bars.advance(bar)
                bars.refresh()
            failed += self._caption_batch(captioner, batch, bars, asked)
        return failed

    def _checked(self, *, still: bool) -> str | None:
        """The question as a model gets it. Raises UsageError for options that contradict others."""
        if self.n_best > self.beam_size:
            raise UsageError(f"--n-best {self.n_best} needs --beam-size {self.n_best} or more")
        prompted = self.question is not None or self.length != Length.SHORT
        option = "--length" if self.question is None else "--question"
        if self.question is not None and self.length != Length.SHORT:
            raise UsageError("--length is of captions; leave it out where you give a --question")
        if prompted and self.n_best > 1:
            raise UsageError(f"--n-best is of short captions; leave it out where you give {option}")
        if prompted and still:
            raise UsageError(
                f"attention pictures are of short captions; leave them out where you give {option}"
            )
        if self.question is None:
            return None
        try:
            return clean_question(self.question)
        except Refusal as refused:
            raise UsageError(f"--question: {refused.message}") from None

    def _caption_batch(
        self,
        captioner: PhotoCaptioner,
        batch: Sequence[OpenedFile],
        bars: Progress,
        asked: _Asked,
    ) -> int:
        """How many files of the batch got no answer from the model."""
        photos = [photo for opened in batch for photo in opened.photos]
        try:
            said = self._said(captioner, photos, asked) if photos else []
            if said and all(one.failure is not None for one in said):
                captioner.check()  # raises, with what to do, unless these photos are the cause
        except ModelAwayError as away:
            raise UsageError(f"the model cannot be reached now: {away}") from None
        found = iter(said)
        failed = 0
        with _without(bars):
            for opened in batch:
                captioned = [next(found) for _ in opened.photos]
                if all(one.failure is not None for one in captioned):
                    failed += 1
                    typer.echo(f"captionbot: {shown(opened.path)}: {_NO_ANSWER}", err=True)
                elif opened.moments:
                    self._print_timeline(opened, captioned, captioner.model, asked.question)
                else:
                    self._print_photo(opened, captioned[0], captioner.model, asked.question)
        return failed

    def _said(
        self, captioner: PhotoCaptioner, photos: Sequence[Image.Image], asked: _Asked
    ) -> list[PhotoCaptions]:
        languages = [asked.language] * len(photos)
        if isinstance(captioner, PromptedCaptioner):
            if asked.question is not None:
                questions = [asked.question] * len(photos)
                return captioner.answer(photos, questions, languages=languages)
            if self.length != Length.SHORT:
                return captioner.write(photos, length=self.length, languages=languages)
        return captioner.caption(
            photos, beam_size=self.beam_size, n_best=self.n_best, languages=languages
        )

    def _print_photo(
        self, opened: OpenedFile, captioned: PhotoCaptions, model: str, question: str | None
    ) -> None:
        if self.json:
            _print_json(opened.path, _as_json(opened.path, captioned, model, question))
        else:
            for number, caption in enumerate(captioned.captions, 1):
                rank = f"{number}. " if self.n_best > 1 else ""
                doubt = _hedge(captioned) if number == 1 else ""
                typer.echo(f"{shown(opened.path)}: {rank}{caption.text}{doubt}")
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
        self,
        opened: OpenedFile,
        captioned: Sequence[PhotoCaptions],
        model: str,
        question: str | None,
    ) -> None:
        said = [
            (moment.seconds, one.captions[0].text)
            for moment, one in zip(opened.moments, captioned, strict=True)
            if one.captions
        ]
        duration = opened.moments[-1].end
        lines = timeline(said, duration)
        if self.json:
            values = {
                "video": str(opened.path),
                **({} if question is None else {"question": question}),
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


def _check_offered(there: Capabilities, length: str, *, question: str | None, still: bool) -> None:
    """Raises UsageError for what the model cannot do."""
    if question is not None and not there.questions:
        raise UsageError(f"--question: this model answers no questions about photos; {_OTHERS}")
    if length not in lengths_of(there):
        lengths = ", ".join(lengths_of(there))
        raise UsageError(f"--length {length}: this model writes captions of: {lengths}; {_OTHERS}")
    if still and not there.attention:
        raise UsageError("attention pictures: this model does not say where it looked")


def _print_json(path: Path, values: Mapping[str, object]) -> None:
    """One line; a name that is no text, or steers terminals, is written in escapes."""
    typer.echo(json.dumps(values, ensure_ascii=not str(path).isprintable()))


def _hedge(captioned: PhotoCaptions) -> str:
    """What is said after a caption that the model is not sure of."""
    return " (not sure)" if captioned.unsure else ""


def _line_as_json(line: Line) -> dict[str, object]:
    """A scene of a video."""
    return {"start": round(line.start, 2), "end": round(line.end, 2), "caption": line.caption}


def _as_json(
    path: Path, captioned: PhotoCaptions, model: str, question: str | None
) -> dict[str, object]:
    """The captions of a photo, or the answer to a question about it."""
    best, *others = captioned.captions
    said = (
        {"caption": best.text} if question is None else {"question": question, "answer": best.text}
    )
    return {
        "photo": str(path),
        **said,
        "confidence": None if captioned.confidence is None else round(captioned.confidence, 4),
        "unsure": captioned.unsure,
        "log_prob": round(best.log_prob, 4),
        "score": round(best.rank, 4),
        "words": [
            {
                "word": word.text,
                "log_prob": round(word.log_prob, 4),
                "sure": None if captioned.confidence is None else is_sure(word),
                "level": level,
                "certainty": word.certainty,
                "attention": list(word.attention),
            }
            for word, level in zip(
                best.words, levels(best.words, captioned.confidence), strict=True
            )
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
    if why := why_not_writable(picture):
        raise UsageError(f"{shown(picture)}: cannot be written: {why}")


def _write(path: Path, picture: bytes) -> None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise UsageError(f"{shown(path)}: cannot be written: {error.strerror}") from error
