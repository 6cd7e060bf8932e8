"""`captionbot doctor`."""

from __future__ import annotations

from typing import Annotated

import typer


def doctor(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Look at everything the bot needs, and say what to do.

    Settings, tokens and permissions, Redis, checkpoint, GPU, photos and videos, disk and ports.
    Exit status 1 if something will not work.
    """
    from bot.commands.doctor import doctor as examine

    raise typer.Exit(0 if examine(json=json) else 1)
