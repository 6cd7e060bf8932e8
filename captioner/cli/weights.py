"""`captionbot weights`: checkpoints as files. What needs data sets, `training.cli` adds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from captioner.cli.options import settings_of
from captioner.errors import UsageError

if TYPE_CHECKING:
    from captioner.checkpoint.file import CheckpointFile

weights = typer.Typer(
    help="Fetch checkpoints, look into them, make them smaller.", no_args_is_help=True
)


@weights.command()
def pull(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            help="An https address; CAPTIONBOT_CHECKPOINT_URL otherwise.", show_default=False
        ),
    ] = "default",
    to: Annotated[
        Path | None, typer.Option(help="Where to put it; CAPTIONBOT_CHECKPOINT otherwise.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="What its SHA-256 must be, as sha256sum prints it.")
    ] = None,
) -> None:
    """Fetch a checkpoint, or go on with a fetch that broke off.

    The file that was there stays as it is until the new one is whole and checked.
    """
    from captioner.cli.model import pull_checkpoint

    pull_checkpoint(settings_of(context), url, target=to, sha256=sha256)


@weights.command()
def shrink(
    source: Annotated[Path, typer.Argument(help="A checkpoint.")],
    target: Annotated[Path, typer.Argument(help="Where to write the small one.")],
) -> None:
    """Store large weights as int8, a quarter of the bytes."""
    from captioner.checkpoint.torch_checkpoint import load_checkpoint

    if source.resolve() == target.resolve():
        raise UsageError("the small checkpoint needs another name than the large one")
    small = load_checkpoint(source)
    try:
        small.save(target, int8=True)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    typer.echo(
        f"{source}: {source.stat().st_size / 1e6:.1f} MB → "
        f"{target}: {target.stat().st_size / 1e6:.1f} MB"
    )


@weights.command("list")
def list_() -> None:
    """List the checkpoints that come with CaptionBot.

    Their names stand wherever a path may.
    """
    from captioner.checkpoint.file import read_file
    from captioner.distribution import BUNDLED, shipped

    for name, path in shipped().items():
        file = read_file(path)
        typer.echo(
            f"{name}: {file.encoder}, {len(file.vocabulary):,} words, "
            f"{', '.join([file.vocabulary.language, *file.languages])}, "
            f"{path.stat().st_size / 1e6:.1f} MB{' (default)' if path == BUNDLED else ''}"
        )


@weights.command()
def show(
    checkpoint: Annotated[
        Path | None,
        typer.Argument(help="A checkpoint or the name of one; the bundled one otherwise."),
    ] = None,
) -> None:
    """Show what a checkpoint is, as JSON.

    Model, vocabulary, preprocessing, provenance and scores.
    """
    from captioner.checkpoint.file import read_file
    from captioner.distribution import BUNDLED

    document = read_file(checkpoint or BUNDLED).describe()
    for part in (document, *document.get("languages", {}).values()):
        part["vocabulary_size"] = len(part.pop("vocabulary"))
        for words in ("function_words", "repeatable"):
            part.pop(words, None)
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


@weights.command()
def languages(
    checkpoint: Annotated[
        Path | None,
        typer.Argument(help="A checkpoint or the name of one; the bundled one otherwise."),
    ] = None,
    target: Annotated[
        Path | None, typer.Argument(help="With --keep: where to write what is left.")
    ] = None,
    keep: Annotated[str | None, typer.Option(help="Languages to keep, like en,zh.")] = None,
) -> None:
    """Show a checkpoint's languages, or leave some of them out.

    Each language is shown with the sources of its captions and their licences. Some captions may
    not be used commercially, and neither may what was learned from them.
    """
    from captioner.distribution import BUNDLED

    source = checkpoint or BUNDLED
    if keep is None:
        if target is not None:
            raise UsageError("name the languages to keep in it: --keep en,zh")
        _print_languages(source)
        return
    if target is None:
        raise UsageError("say where to write it: weights languages FILE TARGET --keep en,zh")
    _keep_languages(source, keep, target)


def _print_languages(checkpoint: Path) -> None:
    """Print the languages of a checkpoint: their words, scores, sources and licences.

    Raises CheckpointError.
    """
    from captioner.checkpoint.file import read_file

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


def _keep_languages(checkpoint: Path, keep: str, target: Path) -> None:
    """Write a checkpoint again with some of its languages only; weights stay as stored.

    Raises CheckpointError, and UsageError where the first language would be lost.
    """
    from captioner.checkpoint.file import read_file

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
    from captioner.checkpoint.file import write_file

    try:
        write_file(target, file.describe(), file.tensors)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error


def _named(code: str) -> str:
    from captioner.language.writing import WRITING

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
