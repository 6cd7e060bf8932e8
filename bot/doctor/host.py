"""What this machine must have: room on its disks, and ports to listen on."""

from __future__ import annotations

import asyncio
import errno
import shutil
import socket
from pathlib import Path

from bot.adapters.registry import PLATFORMS
from bot.doctor.result import Finding, note, ok, problem
from bot.settings import Settings
from captioner.distribution import BUNDLED, checkpoint_path

_CHECK = "host"
_LITTLE, _TOO_LITTLE = 2e9, 200e6  # bytes: a run of training is large, a bot writes nothing
_PATIENCE = 3.0  # seconds


async def check(settings: Settings) -> list[Finding]:
    """Free space where checkpoints and runs lie, and whether the ports can be had."""
    checkpoint = checkpoint_path(settings.checkpoint or BUNDLED)
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
