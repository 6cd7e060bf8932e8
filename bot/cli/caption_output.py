"""What `captionbot caption` prints: lines, or one JSON object for each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from bot.chat.confidence import is_sure, levels
from bot.media.timeline import Line
from captioner.cli.model import PhotoCaptions


def print_json(path: Path, values: Mapping[str, object]) -> None:
    """One line; a name that is no text, or steers terminals, is written in escapes."""
    typer.echo(json.dumps(values, ensure_ascii=not str(path).isprintable()))


def hedge(captioned: PhotoCaptions) -> str:
    """What is said after a caption that the model is not sure of."""
    return " (not sure)" if captioned.unsure else ""


def line_as_json(line: Line) -> dict[str, object]:
    """A scene of a video."""
    return {"start": round(line.start, 2), "end": round(line.end, 2), "caption": line.caption}


def as_json(
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
