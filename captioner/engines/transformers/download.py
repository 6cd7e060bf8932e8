"""Fetches a model from the Hugging Face Hub into its cache: safetensors and what lies beside them.

huggingface_hub does the fetching: it goes on where it was after a break, checks what came, and
keeps the files where other programs find them too (HF_HOME). HF_TOKEN opens what is gated.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captioner.checkpoint.download.http_response import FetchError, TryAgain
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.transformers.source import WEIGHTS, HubModel, needed

_MAIN = "main"
_PATIENCE = 30.0  # seconds for what the Hub says of a model
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts
_NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})

log = logging.getLogger("captionbot")


def fetched_folder(model: HubModel) -> Path | None:
    """The folder of a model that was fetched before; None if it is not there, or not whole.

    Without a revision it is the one that was fetched first: it stays the same until somebody names
    another.
    """
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - of an extra

    config = try_to_load_from_cache(
        model.repository, "config.json", revision=model.revision or _MAIN
    )
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return folder if (folder / "model.safetensors").is_file() else None
    import json  # noqa: PLC0415 - seldom

    shards = set(json.loads(index.read_text("utf-8")).get("weight_map", {}).values())
    return folder if shards and all((folder / name).is_file() for name in shards) else None


@dataclass(frozen=True, kw_only=True)
class HubFetch:
    """What to fetch from the Hub, and how long to try."""

    model: HubModel
    progress: Callable[[int, int | None], None] = lambda _done, _total: None  # bytes
    tries: int | None = 6  # None: until it is there
    pause: float = _FIRST_PAUSE

    async def run(self) -> Path:
        """The folder with the model's files.

        Raises FetchError or CheckpointError, in one sentence, where trying again would not help.
        """
        if (folder := await asyncio.to_thread(fetched_folder, self.model)) is not None:
            return folder
        failures, pause = 0, self.pause
        while True:
            try:
                return await _in_thread(self._attempt)
            except TryAgain as error:
                failures += 1
                if self.tries is not None and failures >= self.tries:
                    raise FetchError(f"{self.model}: {error}; try again later") from error
                log.warning("%s: %s; going on in %.0f s", self.model, error, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _attempt(self, stopped: threading.Event) -> Path:
        import httpx2  # noqa: PLC0415 - of an extra
        from huggingface_hub.errors import (  # noqa: PLC0415 - as well
            GatedRepoError,
            HfHubHTTPError,
            LocalEntryNotFoundError,
            OfflineModeIsEnabled,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )

        try:
            return self._fetched(stopped)
        except (FetchError, CheckpointError):
            raise
        except GatedRepoError as error:
            raise FetchError(
                f"{self.model}: its owner lets only some people have it; accept its terms at "
                f"https://huggingface.co/{self.model.repository}, and set HF_TOKEN to a token of "
                "yours that may read it"
            ) from error
        except RepositoryNotFoundError as error:
            raise FetchError(
                f"{self.model}: there is no such model, or it is private; see whether its name is "
                "right, or set HF_TOKEN to a token that may read it"
            ) from error
        except RevisionNotFoundError as error:
            raise FetchError(
                f"{self.model}: the model has no such revision; name another one behind the @"
            ) from error
        except OfflineModeIsEnabled as error:
            raise FetchError(
                f"{self.model}: it was not fetched yet, and HF_HUB_OFFLINE forbids to fetch it; "
                "unset that, or set CAPTIONBOT_CHECKPOINT to a folder"
            ) from error
        except HfHubHTTPError as error:
            status = error.response.status_code
            if status in _NOT_NOW:
                raise TryAgain(f"the Hub answered {status}") from error
            raise FetchError(f"{self.model}: the Hub answered {status}") from error
        except (httpx2.HTTPError, LocalEntryNotFoundError, TimeoutError, ConnectionError) as error:
            raise TryAgain(f"no connection to the Hub ({type(error).__name__})") from error
        except OSError as error:
            raise FetchError(
                f"{self.model}: cannot be written ({error.strerror or type(error).__name__}); set "
                "HF_HOME to a folder with room"
            ) from error

    def _fetched(self, stopped: threading.Event) -> Path:
        from huggingface_hub import HfApi, hf_hub_download  # noqa: PLC0415 - of an extra

        revision = self.model.revision or _MAIN
        info = HfApi().model_info(
            self.model.repository, revision=revision, files_metadata=True, timeout=_PATIENCE
        )
        sizes = {one.rfilename: one.size or 0 for one in info.siblings or ()}
        names = needed(sizes, where=str(self.model))
        names.sort(key=lambda name: (bool(WEIGHTS.fullmatch(name)), name))  # the large ones last
        total = sum(sizes[name] for name in names)
        _make_room(self.model, total)
        bar = _bar_class(self.progress, total, stopped)
        folders = {
            Path(
                hf_hub_download(self.model.repository, name, revision=revision, tqdm_class=bar)
            ).parent
            for name in names
        }
        if len(folders) > 1:
            raise TryAgain("it was changed meanwhile")
        log.info(
            "%s is there; to have this very one everywhere, set CAPTIONBOT_CHECKPOINT=hf:%s@%s",
            self.model, self.model.repository, info.sha,
        )  # fmt: skip
        return folders.pop()


def _make_room(model: HubModel, total: int) -> None:
    from huggingface_hub.constants import HF_HUB_CACHE  # noqa: PLC0415 - of an extra

    folder = Path(HF_HUB_CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < total:
        raise FetchError(
            f"{model} takes {total / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB free; make "
            "room, or set HF_HOME to another place"
        )


def _bar_class(progress: Callable[[int, int | None], None], total: int, stopped: Any) -> type[Any]:  # noqa: ANN401 - an event
    """What huggingface_hub tells its progress, all files of a model together."""
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415 - of an extra

    done = 0

    class Bar(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - theirs
            options = {key: options[key] for key in ("total", "initial") if key in options}
            super().__init__(*args, **options, disable=True)  # type: ignore[no-untyped-call]  # theirs
            self.update(options.get("initial") or 0)

        def update(self, n: float | None = 1) -> bool | None:
            nonlocal done
            if stopped.is_set():
                raise _StoppedError
            done += int(n or 0)
            progress(min(done, total), total)
            return None

    return Bar


class _StoppedError(Exception):
    """Nobody waits for the model any more."""


async def _in_thread(function: Callable[[threading.Event], Path]) -> Path:
    """The function's result, from a thread that does not keep the process alive.

    If the task is cancelled, the function's event is set.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Path] = loop.create_future()
    stopped = threading.Event()

    def settle(result: Path | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        elif result is not None:
            future.set_result(result)

    def work() -> None:
        result, error = None, None
        try:
            result = function(stopped)
        except Exception as raised:  # noqa: BLE001 - whoever waits is to know, not this thread
            error = raised
        if not stopped.is_set():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="hub", daemon=True).start()
    try:
        return await future
    finally:
        stopped.set()
