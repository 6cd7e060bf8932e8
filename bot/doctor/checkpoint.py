"""Whether there is a model to caption with; reads its description alone, without torch."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.doctor import Finding, note, ok, problem
from bot.locales import ENGLISH
from bot.settings import Settings
from captioner.distribution import BUNDLED, checkpoint_path, how_to_install, shipped_names
from captioner.network import host_of, is_own_network

_CHECK = "checkpoint"
# These three are the captioner's own; its modules that define them import safetensors.
OLDEST_FORMAT_VERSION = 1
FORMAT_VERSION = 2
MAX_HEADER_BYTES = 16 * 1024 * 1024
_AGAIN = "fetch it again"


class _Bad(Exception):
    """What is wrong with the file, and what to do: two texts."""


async def check(settings: Settings) -> list[Finding]:
    """What the model is; of our own checkpoints as far as the beginning of the file tells."""
    other = _of_others(settings)
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
    if given is not None and (given / "config.json").is_file():
        return _with_package("transformers", f"{given}: a model in transformers' layout")
    return None


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
