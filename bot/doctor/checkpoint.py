"""Whether there is a model to caption with, what the workers can do, and where they send photos.

Of a checkpoint its description alone is read, without torch. Where no worker can be asked,
languages are those of the checkpoint's file.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.chat.capabilities import offered
from bot.doctor import Finding, note, ok, problem
from bot.locales import ENGLISH
from bot.settings import Settings
from captioner.capabilities import Capabilities
from captioner.distribution import BUNDLED, checkpoint_path, how_to_install, shipped_names
from captioner.fonts import missing_fonts
from captioner.network import host_of, is_own_network
from captioner.queue import QueueUnavailable, open_queue
from captioner.queue.base import Workers

_CHECK, _PHOTOS, _LANGUAGES = "checkpoint", "photos", "languages"
_PATIENCE = 5.0  # seconds that a queue may take to tell of its workers
# These three are the captioner's own; its modules that define them import safetensors.
OLDEST_FORMAT_VERSION = 1
FORMAT_VERSION = 2
MAX_HEADER_BYTES = 16 * 1024 * 1024
_AGAIN = "fetch it again"


class _Bad(Exception):
    """What is wrong with the file, and what to do: two texts."""


async def check(settings: Settings) -> list[Finding]:
    """What the model is; of our own checkpoints as far as the beginning of the file tells."""
    other = await asyncio.to_thread(_of_others, settings)
    return [other] if other is not None else await _own(settings)


async def _own(settings: Settings) -> list[Finding]:
    """The checkpoint's name, size and format."""
    path = checkpoint_path(settings.checkpoint or BUNDLED)
    worker = find_spec("safetensors") and (find_spec("torch") or find_spec("openvino"))
    if not path.is_file():
        if settings.checkpoint_url:
            return [note(_CHECK, f"{path}: not there yet; a worker fetches it when it starts")]
        text = f"{path}: no such checkpoint" if settings.checkpoint else "no checkpoint is bundled"
        advice = f"set CAPTIONBOT_CHECKPOINT to a file or to one of these names: {shipped_names()}"
        if worker or settings.checkpoint:
            return [problem(_CHECK, text, advice)]
        return [note(_CHECK, f"{text}, and none is needed where no worker runs")]
    try:
        return [ok(_CHECK, await asyncio.to_thread(_described, path))]
    except _Bad as bad:
        text, advice = bad.args
        return [problem(_CHECK, f"{path}: {text}", advice)]
    except OSError as error:
        return [problem(_CHECK, f"{path} cannot be read ({error.strerror})", "check its owner")]


def _of_others(settings: Settings) -> Finding | None:
    """What there is to say of a model that others made; None for a checkpoint of our own."""
    if settings.engine == "openai":
        if settings.openai_url is None:
            return problem(
                _CHECK,
                "CAPTIONBOT_ENGINE is openai, and there is no address of a model",
                "set CAPTIONBOT_OPENAI_URL and CAPTIONBOT_OPENAI_MODEL",
            )
        host = host_of(settings.openai_url)
        whose = "on your own network"
        if not is_own_network(settings.openai_url):
            whose = "outside of your own network: every photo is sent there, and people are told so"
        where = f"{settings.openai_model} at {host}, {whose}"
        return _with_package("openai", f"{where}; a worker asks it about a test photo first")
    given = settings.checkpoint
    if given is not None and str(given).startswith("hf:"):
        text = f"{given}: a model of the Hugging Face Hub; a worker fetches it when it starts"
        return _with_package("transformers", text)
    if given is not None and given.is_dir():
        return _of_folder(given)
    return None


def _of_folder(folder: Path) -> Finding:
    """What there is to say of a folder that transformers should read."""
    if not (folder / "config.json").is_file():
        text = f"{folder}: no model of transformers is there (no config.json)"
        return problem(_CHECK, text, "set CAPTIONBOT_CHECKPOINT to a folder that holds a model")
    try:
        weights = sorted(folder.glob("model*.safetensors"))
        if not weights:
            raise _Bad(
                "no model.safetensors is there", "choose a model that has it: no other is read"
            )
        for path in weights:
            _header(path)
        size = sum(path.stat().st_size for path in weights) / 1e6
    except _Bad as bad:
        text, advice = bad.args
        return problem(_CHECK, f"{folder}: {text}", advice)
    except OSError as error:
        return problem(_CHECK, f"{folder} cannot be read ({error.strerror})", "check its owner")
    text = f"{folder}: a model in transformers' layout, {size:.1f} MB of weights"
    return _with_package("transformers", text)


def _with_package(name: str, text: str) -> Finding:
    """A model for which a worker needs a package, which need not be there where none runs."""
    if find_spec(name) is not None:
        return ok(_CHECK, text)
    return note(
        _CHECK, f"{text}; {name} is not installed here", f"for a worker: {how_to_install(name)}"
    )


def languages(settings: Settings) -> tuple[str, ...]:
    """The languages that the checkpoint's captions can be in; none where it cannot be read."""
    path = checkpoint_path(settings.checkpoint or BUNDLED)
    try:
        about = _about(_header(path))
    except (_Bad, OSError):
        return ()
    further = about.get("languages")
    codes = (about.get("language", ENGLISH), *(further if isinstance(further, dict) else ()))
    return tuple(code for code in codes if isinstance(code, str))


def _described(path: Path) -> str:
    header = _header(path)
    about = _about(header)
    version = about.get("format_version")
    if type(version) is not int or not OLDEST_FORMAT_VERSION <= version <= FORMAT_VERSION:
        raise _Bad(
            f"its format is {str(version)[:20]}, this version reads {OLDEST_FORMAT_VERSION} to "
            f"{FORMAT_VERSION}",
            "update CaptionBot, or use another checkpoint",
        )
    words = about.get("vocabulary")
    if not isinstance(words, list) or not isinstance(about.get("encoder"), str):
        raise _Bad("its description lacks parts", _AGAIN)
    kinds = {tensor.get("dtype") for tensor in header.values()}
    form = "int8" if "I8" in kinds else "full"
    return (
        f"{_name(about, path)}: {about['encoder']}, {len(words)} words, format {version}, "
        f"{form} weights, {path.stat().st_size / 1e6:.1f} MB{_languages(about)}"
    )


def _languages(about: Mapping[str, Any]) -> str:
    """Which languages there are beside that of the first decoder, as the end of a sentence."""
    further = about.get("languages", {})
    if not isinstance(further, dict):
        raise _Bad("its description lacks parts", _AGAIN)
    codes = ", ".join(str(code)[:10] for code in [*further][:40])
    return f"; captions also in {codes}" if codes else ""


def _header(path: Path) -> dict[str, Any]:
    """The safetensors header: which tensors there are and where, and the metadata."""
    with path.open("rb") as opened:
        size = os.fstat(opened.fileno()).st_size
        start = opened.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
            raise _Bad("not a safetensors file, or damaged", _AGAIN)
        try:
            header = json.loads(opened.read(length))
        except (ValueError, RecursionError):
            header = None
    if not isinstance(header, dict):
        raise _Bad("not a safetensors file, or damaged", _AGAIN)
    ends = [_end(tensor) for name, tensor in header.items() if name != "__metadata__"]
    if not ends or max(ends) != size - 8 - length:
        raise _Bad("incomplete: weights are missing at its end", _AGAIN)
    return header


def _end(tensor: object) -> int:
    offsets = tensor.get("data_offsets") if isinstance(tensor, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or type(offsets[1]) is not int:
        raise _Bad("not a safetensors file, or damaged", _AGAIN)
    return offsets[1]


def _about(header: Mapping[str, Any]) -> dict[str, Any]:
    metadata = header.get("__metadata__")
    text = metadata.get("captionbot") if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise _Bad("a safetensors file, but no CaptionBot checkpoint", "use another one")
    try:
        about = json.loads(text)
    except (ValueError, RecursionError):
        about = None
    if not isinstance(about, dict):
        raise _Bad("its description is not JSON", _AGAIN)
    return about


def _name(about: Mapping[str, Any], path: Path) -> str:
    provenance = about.get("provenance")
    configuration = provenance.get("configuration") if isinstance(provenance, dict) else None
    name = configuration.get("name") if isinstance(configuration, dict) else None
    return str(name)[:100] if name else path.stem


# --- workers


async def check_photos(settings: Settings) -> list[Finding]:
    """Whether photos leave the operator's network; nothing where no queue can be asked."""
    workers = await _workers_there(settings)
    if workers is None:
        return []
    hosts = workers.sends_photos_to
    if hosts is None:
        return [
            note(
                _PHOTOS,
                "no worker has said yet where photos go: until one does, a bot that starts now "
                "tells people that it does not know",
                "start a worker",
            )
        ]
    if not hosts:
        return [ok(_PHOTOS, "they go to your workers and nowhere else, and people are told so")]
    return [
        note(
            _PHOTOS,
            f"they are sent to {', '.join(hosts)}, outside of your own network, and people are "
            "told so",
        )
    ]


async def check_languages(settings: Settings) -> list[Finding]:
    """A fixed language is one of the model's; nothing is said where all is as usual."""
    of_file = await asyncio.to_thread(languages, settings)
    fixed = settings.caption_language
    found = [] if fixed == "auto" else [await _check_fixed_language(settings, fixed, of_file)]
    fonts = [
        note(
            _LANGUAGES,
            f"no font on this host has {script.name}: attention pictures show boxes",
            f"on Debian and Ubuntu: apt install {script.package}, where the worker runs",
        )
        for script in missing_fonts(of_file)
    ]
    return found + fonts


async def _check_fixed_language(
    settings: Settings, fixed: str, of_file: tuple[str, ...]
) -> Finding:
    workers = await _workers_there(settings)
    declared = workers.capabilities if workers else ()
    languages = Capabilities.of_all(declared).languages if declared else of_file
    setting = f"CAPTIONBOT_CAPTION_LANGUAGE={fixed}"
    if not languages:
        return note(_LANGUAGES, f"{setting}: no worker is there that says whether it has it")
    if offered(fixed, languages):
        return ok(_LANGUAGES, f"{setting}: the model has it")
    return problem(
        _LANGUAGES,
        f"{setting}: the model writes captions in {', '.join(languages)}",
        "set it to one of these, or to auto",
    )


async def _workers_there(settings: Settings) -> Workers | None:
    """The workers on the queue; None where there is no queue, or it cannot be asked."""
    if settings.redis_url is None:
        return None
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            open_queue(settings.redis_url.get_secret_value()) as queue,
        ):
            return await queue.workers()
    except (QueueUnavailable, TimeoutError, ValueError):  # the check of Redis says what is wrong
        return None
