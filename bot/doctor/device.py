"""What a worker here would compute on; torch takes seconds to import, so it is not asked."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

from bot.doctor.result import Finding, note, ok, problem
from bot.settings import Settings
from captioner.distribution import how_to_install

_CHECK = "device"
_PATIENCE = 20.0  # seconds; a driver that sleeps takes a few to wake up
_LITTLE = 2000  # MiB of a GPU's memory
_PROGRAM = "nvidia-smi"
_QUESTION = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")


_ELSEWHERE = ok(_CHECK, "the model computes elsewhere: this host needs no GPU for it")


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU as its driver tells of it; memory in MiB."""

    name: str
    memory: int
    free: int


async def check(settings: Settings) -> list[Finding]:
    """The GPUs, and whether the packages and CAPTIONBOT_DEVICE fit them."""
    if settings.engine in {"openai", "openvino"}:
        return [_ELSEWHERE if settings.engine == "openai" else _of_openvino(settings.device)]
    if find_spec("torch") is None:
        if settings.engine == "auto" and find_spec("openvino"):
            return [_of_openvino(settings.device)]
        return [ok(_CHECK, "no worker's packages: this host is for bots, and needs no GPU")]
    version, wanted = metadata.version("torch"), settings.device
    gpus = await _gpus()
    if not gpus:
        if wanted.startswith("cuda"):
            return [
                problem(
                    _CHECK,
                    f"CAPTIONBOT_DEVICE is {wanted}, and there is no GPU to be seen",
                    "install NVIDIA's driver, or set CAPTIONBOT_DEVICE to auto",
                )
            ]
        both = f" and OpenVINO {metadata.version('openvino')}" if find_spec("openvino") else ""
        return [ok(_CHECK, f"CPU only, with torch {version}{both}: no GPU is to be seen")]
    return _fitting(gpus, wanted, version)


def _of_openvino(wanted: str) -> Finding:
    if wanted.startswith("cuda"):
        return problem(
            _CHECK,
            f"OpenVINO computes on the CPU, and CAPTIONBOT_DEVICE is {wanted}",
            "set CAPTIONBOT_DEVICE to cpu, or install torch and set CAPTIONBOT_ENGINE to auto",
        )
    if find_spec("openvino") is None:
        return problem(
            _CHECK,
            "CAPTIONBOT_ENGINE is openvino, and OpenVINO is not installed",
            f"{how_to_install('openvino')}; or set it to auto",
        )
    return ok(_CHECK, f"CPU only, with OpenVINO {metadata.version('openvino')}")


def _fitting(gpus: list[Gpu], wanted: str, version: str) -> list[Finding]:
    found = [
        (ok if gpu.free >= _LITTLE else note)(
            _CHECK, f"{gpu.name}, {gpu.free} of {gpu.memory} MiB free, with torch {version}"
        )
        for gpu in gpus
    ]
    number = int(wanted.partition(":")[2] or 0) if wanted.startswith("cuda") else 0
    if number >= len(gpus):
        found.append(
            problem(
                _CHECK,
                f"CAPTIONBOT_DEVICE is {wanted}, and there are {len(gpus)} GPUs, from 0 on",
                "set it to one of them",
            )
        )
    if version.endswith("+cpu") and wanted != "cpu":
        say = problem if wanted.startswith("cuda") else note
        found.append(
            say(
                _CHECK,
                "this torch is built for CPUs only and does not use the GPU",
                f"install torch from PyPI: {how_to_install('worker')}",
            )
        )
    if wanted == "cpu":
        found.append(
            note(_CHECK, "CAPTIONBOT_DEVICE is cpu: the GPU is not used", "set it to auto")
        )
    return found


async def _gpus() -> list[Gpu]:
    """The GPUs that NVIDIA's driver knows; [] where there is no driver, or it does not answer."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return []
    process = await asyncio.create_subprocess_exec(
        program, *_QUESTION, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await process.communicate()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        return []
    lines = said.decode("utf-8", "replace").splitlines() if process.returncode == 0 else []
    return [gpu for line in lines if (gpu := _gpu(line))]


def _gpu(line: str) -> Gpu | None:
    name, *figures = (part.strip() for part in line.split(","))
    if len(figures) != 2 or not all(figure.isdecimal() for figure in figures):
        return None
    return Gpu(name, int(figures[0]), int(figures[1]))
