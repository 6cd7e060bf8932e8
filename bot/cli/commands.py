"""`captionbot caption`, the roles of a process, and `captionbot queue`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.adapters.registry import Platform
from captioner.cli.options import BeamSize, CheckpointOption, Device


def caption(
    photos: Annotated[
        list[Path],
        typer.Argument(
            help="Photos, videos, or folders of them; - reads one from standard input.",
            show_default=False,
        ),
    ],
    beam_size: BeamSize = 5,
    n_best: Annotated[
        int, typer.Option(min=1, max=20, help="Captions for each photo, the best one first.")
    ] = 1,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of the captions, as en or de; the model's first one otherwise.",
            show_default=False,
        ),
    ] = None,
    length: Annotated[
        Literal["short", "alt", "long"],
        typer.Option(
            help="One sentence, an alt text of one or two, or a paragraph, if the model writes it."
        ),
    ] = "short",
    question: Annotated[
        str | None,
        typer.Option(
            help="Answer this question about each photo instead, if the model answers questions.",
            show_default=False,
        ),
    ] = None,
    attention_gif: Annotated[
        Path | None,
        typer.Option(help="Write an animation of where the model looked, a .gif, of one photo."),
    ] = None,
    attention_sheet: Annotated[
        Path | None, typer.Option(help="The same as a still .png, one panel a word.")
    ] = None,
    json: Annotated[  # the option is called --json
        bool, typer.Option("--json", help="One JSON object a line on standard output.")
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1, max=512, help="Photos at a time.")] = 8,
    checkpoint: CheckpointOption = None,
    device: Device = None,
) -> None:
    """Caption photos, videos, and all of them in folders.

    Of a video or an animation the key moments are captioned: a line for each, with its time.
    Exit status 1 if any file could not be captioned; each is named on standard error.
    """
    from bot.cli.caption_files import FileCaptioner

    captioner = FileCaptioner(
        beam_size=beam_size,
        n_best=n_best,
        language=language,
        length=length,
        question=question,
        attention_gif=attention_gif,
        attention_sheet=attention_sheet,
        json=json,
        batch_size=batch_size,
        checkpoint=checkpoint,
        device=device,
    )
    failed = captioner.caption_files(photos)
    raise typer.Exit(1 if failed else 0)


def _serve(role: str) -> None:
    from bot.cli.host import serve

    serve(role)


def run() -> None:
    """Everything in one process: the page, the bots, a worker.

    A chat platform is there where its token is set. The queue lives in the process unless
    REDIS_URL is set.
    """
    _serve("run")


def role_of(platform: Platform) -> Callable[[], None]:
    """The command that runs a platform's bot alone."""

    def command() -> None:
        _serve(platform.name)

    command.__name__ = platform.name
    command.__doc__ = f"The {platform.title} bot alone; needs {platform.token} and REDIS_URL."
    return command


def web() -> None:
    """The web page and the HTTP interface alone; needs REDIS_URL."""
    _serve("web")


def worker() -> None:
    """A worker alone: captions the photos of the queue at REDIS_URL."""
    _serve("worker")


queue = typer.Typer(
    help="Look at the queue: how much there is, who has it, what was given up."
    " It is the one at REDIS_URL.",
    invoke_without_command=True,
)
Letters = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]…", help="Dead letters, as `queue` lists them.")
]
AllLetters = Annotated[bool, typer.Option("--all", help="All dead letters.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether that is meant.")]


@queue.callback()
def show_queue(
    context: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Depth, lanes, workers, held photos and dead letters; never what people sent."""
    if context.invoked_subcommand is None:
        from bot.cli.queue_inspection import show_queue as show

        show(as_json=json)


@queue.command()
def retry(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Put dead letters on the queue again, where their photos were kept.

    Exit status 1 if one of them could not be.
    """
    from bot.cli.queue_inspection import retry_letters

    fine = retry_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)


@queue.command()
def drop(letters: Letters = None, everything: AllLetters = False, yes: Yes = False) -> None:
    """Forget dead letters, with the photos kept of them.

    Exit status 1 if one of them is not there.
    """
    from bot.cli.queue_inspection import drop_letters

    fine = drop_letters(letters or [], everything=everything, sure=yes)
    raise typer.Exit(0 if fine else 1)
