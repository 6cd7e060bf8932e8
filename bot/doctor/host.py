"""What this machine must have: settings that make sense together, room on disks, ports, a device.

torch takes seconds to import, so it is not asked about GPUs.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import socket
import stat
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from bot.adapters.registry import PLATFORMS
from bot.adapters.web.keys import read_keys
from bot.doctor import Finding, note, ok, problem
from bot.settings import Settings
from captioner.distribution import BUNDLED, checkpoint_path, how_to_install
from captioner.errors import UsageError

_CHECK, _DEVICE, _SETTINGS = "host", "device", "settings"
_FILE = Path(".env")
_LITTLE, _TOO_LITTLE = 2e9, 200e6  # bytes: a run of training is large, a bot writes nothing
_PATIENCE = 3.0  # seconds
_DRIVER_PATIENCE = 20.0  # seconds; a driver that sleeps takes a few to wake up
_TOLD_HOURS = 24  # how long captions are kept, as /privacy says
_LITTLE_MEMORY = 2000  # MiB of a GPU's memory
_PROGRAM = "nvidia-smi"
_QUESTION = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")
_ELSEWHERE = ok(_DEVICE, "the model computes elsewhere: this host needs no GPU for it")


async def check(settings: Settings) -> list[Finding]:
    """Free space where checkpoints and runs lie, and whether the ports can be had."""
    checkpoint = _place_of_model(settings)
    places = {folder: path for path in (checkpoint, Path("runs")) if (folder := _existing(path))}
    found = [_space(folder) for folder in _one_a_disk([*places])]
    ports = [("the page", settings.web_host, settings.web_port, "CAPTIONBOT_WEB_PORT")]
    by_name = {field.alias: name for name, field in type(settings).model_fields.items()}
    for platform in PLATFORMS:
        for setting, port in platform.ports(settings).items():
            if port is not None:
                host = getattr(settings, by_name[f"{setting.removesuffix('PORT')}HOST"])
                ports.append((f"{platform.title}'s webhook", host, port, setting))
    if settings.metrics_port is not None:
        ports.append(
            ("metrics", settings.metrics_host, settings.metrics_port, "CAPTIONBOT_METRICS_PORT")
        )
    return [*found, *[await _port(*port) for port in ports]]


def _place_of_model(settings: Settings) -> Path:
    """The checkpoint, or where models of the Hub are kept."""
    if str(settings.checkpoint).startswith("hf:"):
        home = settings.hf_home or Path.home() / ".cache" / "huggingface"
        return home.expanduser() / "hub"
    return checkpoint_path(settings.checkpoint or BUNDLED)


def _existing(path: Path) -> Path:
    """The folder that a file is in or will be made in."""
    folder = path.absolute().parent
    while not folder.is_dir():
        folder = folder.parent
    return folder


def _one_a_disk(folders: list[Path]) -> list[Path]:
    return [*{folder.stat().st_dev: folder for folder in reversed(folders)}.values()][::-1]


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:.1f} GB are free on the disk of {folder}"
    if free < _TOO_LITTLE:
        return problem(_CHECK, text, "make room: a checkpoint does not fit there")
    if free < _LITTLE:
        return note(_CHECK, text, "make room before training there")
    return ok(_CHECK, text)


async def _port(what: str, host: str, port: int, setting: str) -> Finding:
    where = f"{host}:{port}"
    try:
        await asyncio.to_thread(_try_to_listen, host, port)
    except socket.gaierror:
        return problem(_CHECK, f"{host} is no address of {what}", f"correct {setting[:-4]}HOST")
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_ours(host, port):
            return ok(_CHECK, f"CaptionBot is serving at {where} already")
        return problem(_CHECK, f"{what} cannot be served at {where} ({error.strerror})",
                       f"set {setting} to another port, or stop what uses this one")  # fmt: skip
    return ok(_CHECK, f"the port of {what} is free: {where}")


def _try_to_listen(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


async def _is_ours(host: str, port: int) -> bool:
    """Whether whoever listens there says that it is CaptionBot."""
    at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - names it, binds nothing
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(at, port)
            try:
                writer.write(
                    b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                said = await reader.read(4096)
            finally:
                writer.close()
                await writer.wait_closed()
    except (OSError, TimeoutError):
        return False
    return b"\r\nserver: captionbot" in said.lower()


# --- what a worker computes on


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU as its driver tells of it; memory in MiB."""

    name: str
    memory: int
    free: int


async def check_device(settings: Settings) -> list[Finding]:
    """The GPUs, and whether the packages and CAPTIONBOT_DEVICE fit them."""
    if settings.engine in {"openai", "openvino"}:
        return [_ELSEWHERE if settings.engine == "openai" else _of_openvino(settings.device)]
    if find_spec("torch") is None:
        if settings.engine == "auto" and find_spec("openvino"):
            return [_of_openvino(settings.device)]
        return [ok(_DEVICE, "no worker's packages: this host is for bots, and needs no GPU")]
    version, wanted = metadata.version("torch"), settings.device
    gpus = await _gpus()
    if not gpus:
        if wanted.startswith("cuda"):
            return [
                problem(
                    _DEVICE,
                    f"CAPTIONBOT_DEVICE is {wanted}, and no GPU was found",
                    "install NVIDIA's driver, or set CAPTIONBOT_DEVICE to auto",
                )
            ]
        both = f" and OpenVINO {metadata.version('openvino')}" if find_spec("openvino") else ""
        return [ok(_DEVICE, f"CPU only, with torch {version}{both}: no GPU was found")]
    return _fitting(gpus, wanted, version)


def _of_openvino(wanted: str) -> Finding:
    if wanted.startswith("cuda"):
        return problem(
            _DEVICE,
            f"OpenVINO computes on the CPU, and CAPTIONBOT_DEVICE is {wanted}",
            "set CAPTIONBOT_DEVICE to cpu, or install torch and set CAPTIONBOT_ENGINE to auto",
        )
    if find_spec("openvino") is None:
        return problem(
            _DEVICE,
            "CAPTIONBOT_ENGINE is openvino, and OpenVINO is not installed",
            f"{how_to_install('openvino')}; or set it to auto",
        )
    return ok(_DEVICE, f"CPU only, with OpenVINO {metadata.version('openvino')}")


def _fitting(gpus: list[Gpu], wanted: str, version: str) -> list[Finding]:
    found = [
        (ok if gpu.free >= _LITTLE_MEMORY else note)(
            _DEVICE, f"{gpu.name}, {gpu.free} of {gpu.memory} MiB free, with torch {version}"
        )
        for gpu in gpus
    ]
    number = int(wanted.partition(":")[2] or 0) if wanted.startswith("cuda") else 0
    if number >= len(gpus):
        found.append(
            problem(
                _DEVICE,
                f"CAPTIONBOT_DEVICE is {wanted}, and the last GPU is cuda:{len(gpus) - 1}",
                "set it to one of them",
            )
        )
    if version.endswith("+cpu") and wanted != "cpu":
        say = problem if wanted.startswith("cuda") else note
        found.append(
            say(
                _DEVICE,
                "this torch is built for CPUs only and does not use the GPU",
                f"install torch from PyPI: {how_to_install('worker')}",
            )
        )
    if wanted == "cpu":
        found.append(
            note(_DEVICE, "CAPTIONBOT_DEVICE is cpu: the GPU is not used", "set it to auto")
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
        async with asyncio.timeout(_DRIVER_PATIENCE):
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


# --- settings


async def check_settings(settings: Settings) -> list[Finding]:
    """What is odd about settings that are each right by themselves."""
    found = []
    if not settings.owners:
        found.append(
            note(_SETTINGS, "nobody is an owner: /stats answers no one", "set CAPTIONBOT_OWNERS")
        )
    if settings.web_host not in {"127.0.0.1", "::1", "localhost"} and not settings.trusted_proxies:
        found.append(
            note(
                _SETTINGS,
                "the page can be reached from other machines, and no proxy is trusted",
                "put a proxy with TLS in front of it and name it in CAPTIONBOT_TRUSTED_PROXIES, "
                "or everybody behind it counts as one person",
            )
        )
    found += _check_promises(settings)
    if settings.web_keys is not None:
        found += _check_keys(settings.web_keys)
    if _readable_by_others(_FILE):
        found.append(note(_SETTINGS, ".env can be read by other users", "chmod 600 .env"))
    return found or [ok(_SETTINGS, "all settings are understood")]


def _check_promises(settings: Settings) -> list[Finding]:
    """Whether things are kept longer than people are told."""
    kept = []
    if settings.cache_hours > _TOLD_HOURS:
        kept.append(f"captions for {settings.cache_hours:g} hours, and people are told a day")
    if settings.dead_letter_hours:
        kept.append(
            f"photos that were given up for {settings.dead_letter_hours:g} hours, and people are "
            "told that photos are deleted once they are answered"
        )
    return [note(_SETTINGS, f"the queue keeps {what}", "tell people about it") for what in kept]


def _check_keys(path: Path) -> list[Finding]:
    """Whether anybody can come in where the page asks for a key."""
    try:
        keys = read_keys(path)
    except UsageError as error:
        return [problem(_SETTINGS, str(error), "correct CAPTIONBOT_WEB_KEYS, or the file")]
    if not keys:
        what = f"{path} has no keys: nobody can use the page"
        return [problem(_SETTINGS, what, "make one: captionbot keys add NAME")]
    return [ok(_SETTINGS, f"the page asks for a key, and there are {len(keys)}")]


def _readable_by_others(path: Path) -> bool:
    """A group may read what belongs to root: so it is for a service with a user of its own."""
    try:
        known = path.stat()
    except OSError:
        return False
    by_a_group = known.st_mode & stat.S_IRGRP and known.st_uid == os.getuid()
    return bool(known.st_mode & stat.S_IROTH or by_a_group)
