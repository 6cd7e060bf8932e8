"""`captionbot queue`."""

from __future__ import annotations

from typing import Annotated

import typer

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
