"""Loads a model from a folder in transformers' layout, safetensors only, never code."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import DeviceError
from captioner.engines.torch_engine import pick_device
from captioner.engines.transformers.cross_attending import Blip, EncoderDecoder
from captioner.engines.transformers.families import Family, Florence2, Git, Prompted
from captioner.engines.transformers.hub import check_folder, weight_bytes

_SAFE: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
_BESIDE = 1.2  # what a model needs for its weights, and what it computes with
_MOST_HEADER_BYTES = 100_000_000  # of a safetensors file
_CGROUP = Path("/sys/fs/cgroup")
_OWN_CGROUP = Path("/proc/self/cgroup")
_MEMORY = Path("/proc/meminfo")

FAMILIES: dict[str, type[Family]] = {
    "blip": Blip,
    "florence2": Florence2,
    "git": Git,
    "vision-encoder-decoder": EncoderDecoder,
}

log = logging.getLogger("captioner.engines")


def load_model(folder: Path, *, device: str, name: str, dtype: torch.dtype | None = None) -> Family:
    """The model of a folder, ready to run; `name` is what operators call it.

    Without a `dtype`, it has the one that the device computes in best.

    Raises CheckpointError and DeviceError, in one sentence for people.
    """
    check_folder(folder)
    place = pick_device(device)
    dtype = dtype or precision(place)
    with _quiet():
        config = _config(folder, name)
        if config.model_type not in FAMILIES:
            _check_is_captioner(config, name)
        processor = _processor(folder, name, config.model_type)
        family = family_of(config.model_type, processor)
        if family is None:
            raise CheckpointError(
                f"{name}: CaptionBot does not know how to ask a model of the type "
                f"{config.model_type}, which has no chat template; there are "
                f"{', '.join(sorted(FAMILIES))}, and whatever has a chat template"
            )
        _check_memory(folder, place, dtype, name)
        return family(_weights(folder, place, dtype, name), processor)


def family_of(model_type: str, processor: Any) -> type[Family] | None:  # noqa: ANN401 - the library has it so
    """How models of a type are used; None if that is not known."""
    if model_type in FAMILIES:
        return FAMILIES[model_type]
    if getattr(processor, "chat_template", None) and hasattr(processor, "image_processor"):
        return Prompted
    return None


def precision(device: torch.device) -> torch.dtype:
    """bfloat16 where the device computes in it, else float32.

    That is on NVIDIA's GPUs since Ampere and on CPUs with AVX512-BF16 or AMX.
    """
    if device.type == "cuda":
        computes = torch.cuda.get_device_capability(device) >= (8, 0)
    else:
        able = torch.cpu.get_capabilities() if device.type == "cpu" else {}
        computes = bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return torch.bfloat16 if computes else torch.float32


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the bars and warnings of libraries; what matters is said in an error."""
    from transformers.utils import logging as theirs  # noqa: PLC0415 - takes long to load

    before = theirs.get_verbosity()
    bars = theirs.is_progress_bar_enabled()
    theirs.set_verbosity_error()
    theirs.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        theirs.set_verbosity(before)
        if bars:
            theirs.enable_progress_bar()


def _config(folder: Path, name: str) -> Any:  # noqa: ANN401 - any of theirs
    from transformers import AutoConfig  # noqa: PLC0415 - takes long to load

    try:
        return AutoConfig.from_pretrained(folder, **_SAFE)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{name}: {_why_unknown(folder)}") from error


def _why_unknown(folder: Path) -> str:
    try:
        brings_code = "auto_map" in json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError, TypeError, RecursionError):
        brings_code = False
    if brings_code:
        return (
            "it needs code of its repository, which is never run; choose a model whose code "
            "transformers has, such as hf:Salesforce/blip-image-captioning-base"
        )
    return (
        "its config.json is of no model that the installed transformers knows; choose another "
        "model, or update CaptionBot"
    )


def _check_is_captioner(config: Any, name: str) -> None:  # noqa: ANN401 - any of theirs
    from transformers.models.auto.modeling_auto import (  # noqa: PLC0415 - takes long to load
        MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as KNOWN,
    )

    if config.model_type not in KNOWN:
        raise CheckpointError(
            f"{name}: a model of the type {config.model_type} does not turn photos into text; "
            "choose one that does, such as hf:Salesforce/blip-image-captioning-base"
        )


def _processor(folder: Path, name: str, model_type: str) -> Any:  # noqa: ANN401 - any of theirs
    from transformers import (  # noqa: PLC0415 - takes long to load
        AutoImageProcessor,
        AutoProcessor,
        AutoTokenizer,
    )

    try:
        if model_type != "vision-encoder-decoder":
            return AutoProcessor.from_pretrained(folder, **_SAFE)
        return _Pair(
            AutoImageProcessor.from_pretrained(folder, **_SAFE),
            AutoTokenizer.from_pretrained(folder, **_SAFE),
        )
    except ImportError as error:
        wanted = re.search(r"pip install ([\w.-]+)", str(error))
        raise DeviceError(
            f"{name}: its processor needs {wanted[1] if wanted else 'a package'}, not installed "
            "here; install it where the worker runs, or choose another model"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{name}: its tokenizer or its image processor cannot be read "
            f"({type(error).__name__}); choose another model or another revision"
        ) from error


class _Pair:
    """An image processor and a tokenizer, which some models have no processor for."""

    def __init__(self, image_processor: Any, tokenizer: Any) -> None:  # noqa: ANN401 - any of theirs
        self.image_processor, self.tokenizer = image_processor, tokenizer


def _weights(folder: Path, device: torch.device, dtype: torch.dtype, name: str) -> Any:  # noqa: ANN401 - any of theirs
    from transformers import AutoModelForImageTextToText  # noqa: PLC0415 - takes long to load

    try:
        model, report = AutoModelForImageTextToText.from_pretrained(
            folder, use_safetensors=True, dtype=dtype, output_loading_info=True, **_SAFE
        )
        model = model.eval().to(device)
    except torch.cuda.OutOfMemoryError as error:
        raise _too_large(name, "the GPU's memory") from error
    except MemoryError as error:
        raise _too_large(name, "this machine's memory") from error
    except Exception as error:
        raise _unreadable(name, error) from error
    if missing := sorted(report["missing_keys"]):
        raise CheckpointError(
            f"{name}: {len(missing)} of its weights are missing, such as {missing[0][:80]}; "
            "fetch it again, or choose another model"
        )
    return model


def _check_memory(folder: Path, device: torch.device, dtype: torch.dtype, name: str) -> None:
    """Raise DeviceError where the weights do not fit, before the kernel ends the process."""
    needed: float = weight_bytes(folder) * _BESIDE
    if dtype is torch.float32 and _stored_in_half(folder, name):
        needed *= 2
    on_gpu = device.type == "cuda"
    free = float(torch.cuda.mem_get_info(device)[0]) if on_gpu else free_memory()
    where = "the GPU" if on_gpu else "this machine"
    if needed > free:
        raise DeviceError(
            f"{name} needs about {needed / 1e9:.1f} GB of memory, and {where} has "
            f"{free / 1e9:.1f} GB free; choose a smaller model, or make room"
        )


def _stored_in_half(folder: Path, name: str) -> bool:
    """Whether weights take two bytes each in their file; it is not mapped, which takes memory."""
    first = min(folder.glob("model*.safetensors"))
    try:
        with first.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(min(length, _MOST_HEADER_BYTES)))
        kinds = [one["dtype"] for key, one in header.items() if key != "__metadata__"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(name, error) from error
    return bool(kinds) and kinds[0] in {"BF16", "F16"}


def free_memory() -> float:
    """Bytes of memory that this process may still take; infinite where that is not known."""
    free = [float("inf")]
    try:
        lines = dict(line.split(":", 1) for line in _MEMORY.read_text("ascii").splitlines())
        free.append(float(lines["MemAvailable"].split()[0]) * 1024)
    except (OSError, ValueError, KeyError):
        pass
    return min(*free, *map(_left_in_group, _control_groups()))


def _control_groups() -> list[Path]:
    """The control group of this process and those around it, as systemd's service or a container.

    A container sees its own as the root.
    """
    try:
        lines = _OWN_CGROUP.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return [_CGROUP]
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    return [_CGROUP / own, *(_CGROUP / parent for parent in Path(own).parents)]


def _left_in_group(folder: Path) -> float:
    """What the limit of a control group leaves; infinite where there is none.

    What is kept of files there, such as of those just fetched, makes room by itself.
    """
    try:
        most = float((folder / "memory.max").read_text("ascii"))
        used = float((folder / "memory.current").read_text("ascii"))
        rows = (line.split() for line in (folder / "memory.stat").read_text("ascii").splitlines())
        files = sum(float(row[1]) for row in rows if row[0] in {"active_file", "inactive_file"})
    except (OSError, ValueError, IndexError):  # "max", or no control groups
        return float("inf")
    return most - max(0.0, used - files)


def _unreadable(name: str, error: Exception) -> CheckpointError:
    return CheckpointError(
        f"{name}: its weights cannot be read ({type(error).__name__}); fetch them again, or choose "
        "another model"
    )


def _too_large(name: str, where: str) -> DeviceError:
    return DeviceError(f"{name} does not fit into {where}; choose a smaller model")
