"""`captionbot keys`: who may use a page that is not for everybody."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import Annotated

import typer

from captioner.errors import UsageError

keys = typer.Typer(
    help="Who may use a web page that is not for everybody: named keys and passwords.",
    no_args_is_help=True,
)

FileOption = Annotated[
    Path | None, typer.Option("--file", help="The file of keys; CAPTIONBOT_WEB_KEYS otherwise.")
]
Name = Annotated[str, typer.Argument(help="Whose it is, such as alice.", show_default=False)]


@keys.command()
def add(
    name: Name,
    per_minute: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, help="Photos a minute; CAPTIONBOT_WEB_PER_MINUTE otherwise."
        ),
    ] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password instead of making a key.")
    ] = False,
    file: FileOption = None,
) -> None:
    """Let somebody in: make a key and show it once, or take a password.

    In a browser, the name and the secret are what the page asks for; a program sends the header
    `Authorization: Bearer SECRET`. A page that runs with this file lets them in at once.
    """
    from bot.adapters.web import keys as ring

    path = _path(file)
    kept = ring.read_keys(path)
    if password:
        secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        key = ring.new_password(name, secret, per_minute=per_minute)
        ring.write_keys(path, ring.added(kept, key))
        typer.echo(f"{name} may come in with that password.", err=True)
        return
    key, secret = ring.new_key(name, per_minute=per_minute)
    ring.write_keys(path, ring.added(kept, key))
    typer.echo(f"The key of {name}, which is shown only now:", err=True)
    typer.echo(secret)


@keys.command("list")
def list_keys(
    json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    file: FileOption = None,
) -> None:
    """Who may come in; secrets are not kept and cannot be shown."""
    from bot.adapters.web import keys as ring

    path = _path(file)
    found = [
        {"name": key.name, "kind": key.kind, "per_minute": key.per_minute, "added": key.added}
        for key in ring.read_keys(path)
    ]
    if json:
        typer.echo(json_module.dumps(found, ensure_ascii=False))
        return
    if not found:
        typer.echo(f"{path} has no keys.")
    for one in found:
        limit = f", {one['per_minute']} a minute" if one["per_minute"] else ""
        typer.echo(f"{one['name']}: {one['kind']}{limit}, added {one['added']}")


@keys.command()
def remove(name: Name, file: FileOption = None) -> None:
    """Let somebody in no longer; a page that runs with this file refuses them at once."""
    from bot.adapters.web import keys as ring

    path = _path(file)
    ring.write_keys(path, ring.removed(ring.read_keys(path), name))
    typer.echo(f"{name} may come in no longer.", err=True)


def _path(file: Path | None) -> Path:
    from bot.settings import load_settings

    path = file or load_settings().web_keys
    if path is None:
        raise UsageError("set CAPTIONBOT_WEB_KEYS to a file for the keys, or give --file")
    return path
