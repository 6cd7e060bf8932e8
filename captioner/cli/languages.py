"""`captionbot weights languages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.errors import UsageError
from captioner.language.writing import WRITING


def print_languages(checkpoint: Path) -> None:
    """Print the languages of a checkpoint: their words, scores, sources and licences.

    Raises CheckpointError.
    """
    file = read_file(checkpoint)
    first = file.vocabulary
    typer.echo(f"{_named(first.language)}: {len(first):,} words, the first decoder")
    for code, one in file.languages.items():
        about = f"{len(one.vocabulary):,} words, decoder {one.group}{_summary(one.scores)}"
        typer.echo(f"{_named(code)}: {about}")
        for source in one.sources:
            typer.echo(f"    {source.name} ({source.licence})")
        if not one.sources:
            typer.echo("    where its captions came from is not said")


def keep_languages(checkpoint: Path, keep: str, target: Path) -> None:
    """Write a checkpoint again with some of its languages only; weights stay as stored.

    Raises CheckpointError, and UsageError where the first language would be lost.
    """
    file = read_file(checkpoint)
    codes = {code.strip() for code in keep.split(",") if code.strip()}
    first = file.vocabulary.language
    there = [first, *file.languages]
    if unknown := sorted(codes.difference(there)):
        raise UsageError(
            f"{checkpoint} has no captions in {', '.join(unknown)}; it has {', '.join(there)}"
        )
    if first not in codes:
        raise UsageError(
            f"{first} is what the first decoder of {checkpoint} says, which every checkpoint "
            f"needs; keep it too: --keep {','.join([first, *sorted(codes)])}"
        )
    kept = file.keeping(codes)
    _write(target, kept)
    named = ", ".join([first, *kept.languages])
    typer.echo(f"{target}: captions in {named}, {target.stat().st_size / 1e6:.1f} MB")


def _write(target: Path, file: CheckpointFile) -> None:
    try:
        write_file(target, file.describe(), file.tensors)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error


def _named(code: str) -> str:
    return f"{code} ({WRITING[code].name})"


def _summary(scores: Mapping[str, Any]) -> str:
    """The scores that are plain numbers, as the end of a sentence; not those of a calibration."""
    told = {name: value for name, value in scores.items() if name != "calibration"}
    found = ", ".join(f"{name} {value:.3f}" for name, value in _numbers(told))
    return f"; {found}" if found else ""


def _numbers(scores: Mapping[str, Any], depth: int = 2) -> Iterator[tuple[str, float]]:
    for name, value in scores.items():
        if isinstance(value, float):
            yield name, value
        elif isinstance(value, dict) and depth > 1:
            yield from ((f"{name} {own}", number) for own, number in _numbers(value, depth - 1))
