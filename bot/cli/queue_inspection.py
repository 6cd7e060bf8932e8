"""`captionbot queue`: what is on the queue, who has it, and what was given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.settings import Settings, load_settings
from captioner.errors import UsageError
from captioner.queue import (
    DeadLetter,
    DeadLetterLost,
    HeldJob,
    InspectableQueue,
    Limits,
    Overview,
    PersonBusy,
    QueueFull,
    QueueUnavailable,
    WorkerInfo,
    open_queue,
)

_SHOWN = 20  # rows of each table


@dataclass(frozen=True, slots=True)
class _Seen:
    overview: Overview
    limit: int
    workers: list[WorkerInfo]
    held: list[HeldJob]
    dead: list[DeadLetter]


def show_queue(*, as_json: bool) -> None:
    """Print what is on the queue. Raises UsageError, SettingsError, QueueUnavailable."""

    async def look(queue: InspectableQueue) -> _Seen:
        return _Seen(
            await queue.overview(),
            queue.limits.depth,
            await queue.worker_list(),
            await queue.held(),
            await queue.dead_letters(),
        )

    seen = _with_queue(look)
    if as_json:
        typer.echo(json.dumps(_document(seen)))
    else:
        _print(seen, Console(soft_wrap=True, highlight=False))


def retry_letters(letters: Sequence[str], *, everything: bool, sure: bool) -> bool:
    """Put dead letters on the queue again; whether all of those asked for are there.

    Raises UsageError, SettingsError, QueueUnavailable.
    """

    async def retry(queue: InspectableQueue, letter: str) -> str | None:
        try:
            await queue.retry(letter)
        except (DeadLetterLost, PersonBusy, QueueFull) as error:
            return str(error)
        return None

    question = "Put {} on the queue again, so that whoever asked gets another answer"
    return _for_each(letters, everything, sure, question, retry, "on the queue again")


def drop_letters(letters: Sequence[str], *, everything: bool, sure: bool) -> bool:
    """Forget dead letters, with the photos kept of them; whether all asked for are gone.

    Raises UsageError, SettingsError, QueueUnavailable.
    """

    async def drop(queue: InspectableQueue, letter: str) -> str | None:
        return None if await queue.drop(letter) else f"there is no dead letter {letter}"

    question = "Forget {} for good, with the photos kept of them"
    return _for_each(letters, everything, sure, question, drop, "forgotten")


def _for_each(
    letters: Sequence[str],
    everything: bool,
    sure: bool,
    question: str,
    act: Callable[[InspectableQueue, str], Awaitable[str | None]],
    done: str,
) -> bool:
    if everything == bool(letters):
        raise UsageError("name dead letters, as `captionbot queue` lists them, or give --all")

    async def names(queue: InspectableQueue) -> list[str]:
        return [one.letter for one in await queue.dead_letters()] if everything else [*letters]

    chosen = _with_queue(names)
    if not chosen:
        typer.echo("There are no dead letters.")
        return True
    counted = f"{len(chosen)} dead letter{'s' if len(chosen) > 1 else ''}"
    if not sure and not _confirmed(question.format(counted)):
        typer.echo("Nothing was changed.")
        return False

    async def act_on_all(queue: InspectableQueue) -> list[str]:
        return [said for letter in chosen if (said := await act(queue, letter))]

    refused = _with_queue(act_on_all)
    for said in refused:
        typer.echo(said, err=True)
    typer.echo(f"{len(chosen) - len(refused)} of {counted} {done}.")
    return not refused


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(f"{question}?")
    except typer.Abort:  # nobody is there to say so
        typer.echo("")
        raise UsageError("nobody answered; give --yes to go on without a question") from None


# --- the queue


def _with_queue(look: Callable[[InspectableQueue], Awaitable[Any]]) -> Any:  # noqa: ANN401 - what `look` gives
    settings = load_settings()
    if settings.redis_url is None:
        raise UsageError(
            "the queue of `captionbot run` without REDIS_URL is inside that process and cannot be "
            "looked at from outside; its numbers are in /metrics of its page. With REDIS_URL "
            "everybody who has the address can look"
        )
    return asyncio.run(_in_queue(settings, look))


async def _in_queue(settings: Settings, look: Callable[[InspectableQueue], Awaitable[Any]]) -> Any:  # noqa: ANN401 - what `look` gives
    assert settings.redis_url is not None
    limits = Limits(
        depth=settings.queue_depth,
        per_person=settings.per_person,
        visibility=settings.visibility_seconds,
    )
    try:
        opened = open_queue(settings.redis_url.get_secret_value(), limits)
    except ValueError as error:
        raise UsageError(f"REDIS_URL: {error}") from error
    async with opened as queue:
        try:
            return await look(queue)
        except QueueUnavailable as error:
            raise UsageError(f"{error}; is REDIS_URL right, and does Redis run?") from error


# --- what is printed


def _document(seen: _Seen) -> dict[str, Any]:
    overview = seen.overview
    return {
        "depth": overview.depth,
        "limit": seen.limit,
        "waiting": overview.waiting,
        "held": overview.held,
        "oldest_seconds": overview.oldest,
        "lanes": list(overview.lanes),
        "workers": [asdict(worker) for worker in seen.workers],
        "jobs_held": [asdict(job) for job in seen.held],
        "dead_letters": [asdict(letter) for letter in seen.dead],
    }


def _print(seen: _Seen, console: Console) -> None:
    overview = seen.overview
    oldest = f"; the oldest came {_ago(overview.oldest)}" if overview.depth else ""
    console.print(
        f"{overview.depth} of at most {seen.limit} photos: {overview.waiting} waiting, "
        f"{overview.held} held by workers{oldest}"
    )
    if overview.depth:
        lanes = ", ".join(f"lane {n}: {count}" for n, count in enumerate(overview.lanes) if count)
        console.print(f"{lanes}  (lane 0 is everybody's first photo, and goes first)")
    if seen.workers:
        _table(
            console,
            f"Workers ({len(seen.workers)})",
            ("worker", "state", "last sign", "model"),
            [
                (
                    one.name,
                    "ready" if one.ready else "loading",
                    "?" if one.silent is None else _ago(one.silent),
                    one.model,
                )
                for one in seen.workers
            ],
            wide="model",
        )
    else:
        console.print("\nNo worker is there: photos wait until one is started.")
    if seen.held:
        _table(
            console,
            f"Held ({len(seen.held)})",
            ("job", "from", "lane", "came", "last sign", "delivery", "worker"),
            [
                (
                    one.job_id[:8] or "?",
                    one.adapter.partition(".")[0],
                    str(one.lane),
                    _ago(one.age),
                    _ago(one.silent),
                    str(one.deliveries),
                    one.worker,
                )
                for one in seen.held
            ],
            wide="worker",
        )
    _print_dead(seen.dead, console)


def _print_dead(dead: Sequence[DeadLetter], console: Console) -> None:
    if not dead:
        console.print("\nNo dead letters.")
        return
    _table(
        console,
        f"Dead letters ({len(dead)})",
        ("id", "job", "from", "given up", "photo", "why"),
        [
            (
                one.letter,
                one.job_id[:8] or "?",
                one.adapter.partition(".")[0] or "?",
                _ago(one.age),
                "kept" if one.kept else "gone",
                one.error,
            )
            for one in dead
        ],
        wide="why",
    )
    if any(one.kept for one in dead):
        console.print("Try again: captionbot queue retry ID…   Forget: captionbot queue drop ID…")
    else:
        console.print(
            "Their photos were not kept (see CAPTIONBOT_DEAD_LETTER_HOURS), so they cannot be "
            "tried again. Forget: captionbot queue drop ID…"
        )


def _table(
    console: Console,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    wide: str,
) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:  # where there is little room, only what nobody copies is broken
        table.add_column(column, no_wrap=column != wide, overflow="fold")
    for row in rows[:_SHOWN]:
        table.add_row(*map(_plain, row))
    console.print(f"\n{title}")
    console.print(table)
    if len(rows) > _SHOWN:
        console.print(f"… and {len(rows) - _SHOWN} more; --json shows all")


def _plain(text: str) -> Text:
    """What stands in Redis, as text: neither markup nor anything that moves a terminal's cursor."""
    return Text("".join(c if c.isprintable() else "?" for c in text))


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"
