"""Where a model's files are: in a folder, or in a repository of the Hugging Face Hub.

Of a repository, safetensors and what lies beside them are fetched into the Hub's cache.
huggingface_hub does the fetching: where a connection breaks, it goes on in the middle of a file. If
that fails or the process ends, whole files are kept and the one in hand begins anew. The files lie
where other programs find them too (HF_HOME). HF_TOKEN opens what is gated.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from captioner.checkpoint.metadata import CheckpointError
from captioner.network import NOT_NOW, FetchError, TryAgain

_PREFIX = "hf:"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,99}", re.ASCII)
_CONFIG = "config.json"
# Of a repository, what a model is read from: never code, pickles, or another framework's weights.
WEIGHTS = re.compile(r"model(?:-\d{5}-of-\d{5})?\.safetensors")
PICKLES = re.compile(r".*\.(?:bin|pt|pth|pkl|ckpt)")
_BESIDE = re.compile(r"[\w.-]+\.(?:json|txt|model|jinja|tiktoken)", re.ASCII)


@dataclass(frozen=True)
class HubModel:
    """A model of the Hub."""

    repository: str  # "owner/name"
    revision: str | None = None  # a commit, a tag or a branch; None: what was fetched first

    def __str__(self) -> str:
        return _PREFIX + self.repository + (f"@{self.revision}" if self.revision else "")


def hub_model(checkpoint: Path | str | None) -> HubModel | None:
    """The model of the Hub that `hf:owner/name[@revision]` names; None for anything else.

    Raises CheckpointError if it begins with `hf:` and names none.
    """
    text = str(checkpoint or "")
    if not text.startswith(_PREFIX):
        return None
    repository, at, revision = text.removeprefix(_PREFIX).partition("@")
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise CheckpointError(
            f"{text[:120]}: a model of the Hugging Face Hub is written hf:owner/name, or "
            "hf:owner/name@revision"
        )
    if at and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise CheckpointError(f"{text[:120]}: behind the @ belongs a commit, a tag or a branch")
    return HubModel(repository, revision or None)


def is_model_folder(checkpoint: Path | None) -> bool:
    """Whether it is a folder in transformers' layout."""
    return checkpoint is not None and (checkpoint / _CONFIG).is_file()


def needed(names: Iterable[str], *, where: str) -> list[str]:
    """Of a repository's files those that a model is read from.

    Raises CheckpointError if they are no model, or if its weights are only pickles.
    """
    top = [name for name in names if "/" not in name]
    weights = [name for name in top if WEIGHTS.fullmatch(name)]
    if _CONFIG not in top:
        raise CheckpointError(
            f"{where}: no model of transformers is there (no {_CONFIG}); choose another model"
        )
    if not weights:
        if any(PICKLES.fullmatch(name) for name in top):
            raise CheckpointError(
                f"{where}: its weights are pickles, which can run code when they are loaded; "
                "choose a revision or a model that has model.safetensors"
            )
        raise CheckpointError(f"{where}: no model.safetensors is there; choose another model")
    return sorted({*weights, *(name for name in top if _BESIDE.fullmatch(name))})


def check_folder(folder: Path) -> None:
    """Raise CheckpointError if a folder's files are no model, or pickles alone."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be read: {error.strerror}") from error
    needed(names, where=str(folder))


def weight_bytes(folder: Path) -> int:
    """How large the weights are, as they are stored."""
    return sum(path.stat().st_size for path in folder.iterdir() if WEIGHTS.fullmatch(path.name))


_MAIN = "main"
_PATIENCE = 30.0  # seconds for what the Hub says of a model
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts

log = logging.getLogger("captionbot")


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Which Hub is asked, and where models are kept; None: as huggingface_hub has it."""

    endpoint: str | None = None
    token: str | None = field(default=None, repr=False)
    cache: Path | None = None


def fetched_folder(model: HubModel, cache: Path | None = None) -> Path | None:
    """The folder of a model that was fetched before; None if it is not there, or not whole.

    Without a revision it is the one that was fetched first: it stays the same until somebody names
    another.
    """
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - of an extra

    config = try_to_load_from_cache(
        model.repository, "config.json", cache_dir=cache, revision=model.revision or _MAIN
    )
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return folder if (folder / "model.safetensors").is_file() else None
    shards = set(json.loads(index.read_text("utf-8")).get("weight_map", {}).values())
    return folder if shards and all((folder / name).is_file() for name in shards) else None


@dataclass(frozen=True, kw_only=True)
class HubFetch:
    """What to fetch from the Hub, and how long to try."""

    model: HubModel
    hub: Hub = Hub()
    progress: Callable[[int, int | None], None] = lambda _done, _total: None  # bytes
    tries: int | None = 6  # None: until it is there
    pause: float = _FIRST_PAUSE

    async def run(self) -> Path:
        """The folder with the model's files.

        Raises FetchError or CheckpointError, in one sentence, where trying again would not help.
        """
        folder = await asyncio.to_thread(fetched_folder, self.model, self.hub.cache)
        if folder is not None:
            return folder
        failures, pause = 0, self.pause
        while True:
            try:
                return await _in_thread(self._attempt)
            except TryAgain as error:
                failures += 1
                if self.tries is not None and failures >= self.tries:
                    raise FetchError(
                        f"{self.model}: {error}; try again later, or set CAPTIONBOT_CHECKPOINT to "
                        "a folder that holds a model"
                    ) from error
                log.warning("%s: %s; going on in %.0f s", self.model, error, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _attempt(self, stopped: threading.Event) -> Path:
        try:
            return self._fetched(stopped)
        except (FetchError, CheckpointError, TryAgain, _StoppedError):
            raise
        except Exception as error:
            raise self._understood(error) from error

    def _understood(self, error: Exception) -> Exception:
        """What an error of huggingface_hub amounts to, in a sentence; the error if that is open."""
        import httpx2  # noqa: PLC0415 - of an extra
        from huggingface_hub import errors as theirs  # noqa: PLC0415 - of an extra

        if isinstance(error, theirs.LocalEntryNotFoundError) and error.__cause__ is not None:
            return self._understood(cast("Exception", error.__cause__))
        response = getattr(error, "response", None)
        status = response.status_code if response is not None else None
        match error:
            case theirs.GatedRepoError():
                why = (
                    "its owner lets only some people have it; accept its terms at "
                    f"https://huggingface.co/{self.model.repository}, and set HF_TOKEN to a token "
                    "of yours that may read it"
                )
            case theirs.RevisionNotFoundError():
                why = "the model has no such revision; name another one behind the @"
            case theirs.OfflineModeIsEnabled():
                why = (
                    "it was not fetched yet, and HF_HUB_OFFLINE forbids to fetch it; unset that, "
                    "or set CAPTIONBOT_CHECKPOINT to a folder"
                )
            case theirs.HfHubHTTPError() if status in NOT_NOW:
                return TryAgain(f"the Hub answered {status}")
            case theirs.HfHubHTTPError() if status in {401, 404}:
                why = (
                    "there is no such model, or it is private; see whether its name is right, or "
                    "set HF_TOKEN to a token that may read it"
                )
            case theirs.HfHubHTTPError():
                why = f"the Hub answered {status}; see whether HF_ENDPOINT and HF_TOKEN are right"
            case httpx2.HTTPError() | TimeoutError() | ConnectionError():
                return TryAgain(f"no connection to the Hub ({type(error).__name__})")
            case theirs.FileMetadataError() | ValueError():
                why = (
                    "what answered is no Hub; see whether HF_ENDPOINT is right, and whether a "
                    "proxy answers instead"
                )
            case OSError() if error.errno is None:  # their check of a file's size
                return TryAgain("what came is not whole")
            case OSError():
                why = f"cannot be written ({error.strerror}); set HF_HOME to a folder with room"
            case _:
                return error
        return FetchError(f"{self.model}: {why}")

    def _fetched(self, stopped: threading.Event) -> Path:
        from huggingface_hub import (  # noqa: PLC0415 - of an extra
            HfApi,
            hf_hub_download,
            try_to_load_from_cache,
        )

        repository, revision = self.model.repository, self.model.revision or _MAIN
        hub = self.hub
        info = HfApi(endpoint=hub.endpoint, token=hub.token).model_info(
            repository, revision=revision, files_metadata=True, timeout=_PATIENCE
        )
        sizes = {one.rfilename: one.size or 0 for one in info.siblings or ()}
        names = needed(sizes, where=str(self.model))
        names.sort(key=lambda name: (bool(WEIGHTS.fullmatch(name)), name))  # the large ones last
        missing = (
            name
            for name in names
            if not isinstance(
                try_to_load_from_cache(repository, name, cache_dir=hub.cache, revision=info.sha),
                str,
            )
        )
        _make_room(self.model, sum(sizes[name] for name in missing), hub.cache)
        total, done = sum(sizes[name] for name in names), 0
        folders = set()
        for name in names:
            bar = _bar_class(self.progress, done, total, stopped)
            file = hf_hub_download(
                repository, name, cache_dir=hub.cache, revision=revision, endpoint=hub.endpoint,
                token=hub.token, tqdm_class=bar,
            )  # fmt: skip
            folders.add(Path(file).parent)
            done += sizes[name]
            self.progress(done, total)
        if len(folders) > 1:
            raise TryAgain("it was changed meanwhile")
        log.info(
            "%s is there; to have this very one everywhere, set CAPTIONBOT_CHECKPOINT=hf:%s@%s",
            self.model, repository, info.sha,
        )  # fmt: skip
        return folders.pop()


def _make_room(model: HubModel, missing: int, cache: Path | None) -> None:
    from huggingface_hub.constants import HF_HUB_CACHE  # noqa: PLC0415 - of an extra

    folder = cache or Path(HF_HUB_CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < missing:
        raise FetchError(
            f"{model} takes {missing / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB free; "
            "make room, or set HF_HOME to another place"
        )


def _bar_class(
    progress: Callable[[int, int | None], None], done: int, total: int, stopped: threading.Event
) -> type[Any]:
    """What huggingface_hub tells the progress of a file, when `done` bytes of others are there."""
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415 - of an extra

    class Bar(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library has it so
            options = {key: options[key] for key in ("total", "initial") if key in options}
            super().__init__(*args, **options, disable=True)  # type: ignore[no-untyped-call]  # the library has no types
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
