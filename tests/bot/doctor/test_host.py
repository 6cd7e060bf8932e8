"""What the doctor says of this machine: its GPU, its disks, its ports, what it can open."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.adapters.web.keys import new_key, write_keys
from bot.doctor import Finding, host, media
from bot.media.sanitizer import Intake
from tests.bot.doctor.helpers import NOTE, OK, PROBLEM, examine, one, problems, settings
from tests.support.redis_server import free_port

# --- what a worker computes on


def driver(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A machine whose NVIDIA driver says what a script says."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


async def of_device(wanted: str = "auto") -> list[Finding]:
    return await examine(settings(CAPTIONBOT_DEVICE=wanted), ("device",))


async def test_without_a_gpu_it_is_cpu_only_and_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(tmp_path, monkeypatch, "echo no devices were found; exit 9")
    assert one(await of_device(), "CPU only").level is OK
    assert one(await of_device("cuda:0"), "no GPU was found").level is PROBLEM


async def test_gpus_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver(tmp_path, monkeypatch, "echo 'Loopback 9000, 81559, 80000'; echo 'Loopback 1, 9000, 12'")
    monkeypatch.setattr("bot.doctor.host.metadata.version", lambda _name: "2.0")
    found = await of_device()
    assert one(found, "Loopback 9000, 80000 of 81559 MiB free").level is OK
    assert one(found, "Loopback 1, 12 of 9000 MiB free").level is NOTE
    assert problems(await of_device("cuda:1")) == []
    assert one(await of_device("cuda:2"), "the last GPU is cuda:1").level is PROBLEM
    assert one(await of_device("cpu"), "the GPU is not used").level is NOTE
    monkeypatch.setattr("bot.doctor.host.metadata.version", lambda _name: "2.0+cpu")
    assert one(await of_device("cuda"), "built for CPUs only").level is PROBLEM
    assert one(await of_device(), "built for CPUs only").level is NOTE


@pytest.mark.parametrize("script", ["echo nonsense", "printf '\\377\\376, 1, x'", "exit 127"])
async def test_a_driver_that_makes_no_sense(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    driver(tmp_path, monkeypatch, script)
    assert one(await of_device(), "CPU only").level is OK


async def test_a_driver_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver(tmp_path, monkeypatch, "exec sleep 600")
    monkeypatch.setattr(host, "_DRIVER_PATIENCE", 0.2)
    assert one(await of_device(), "CPU only").level is OK


async def test_a_host_without_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "find_spec", lambda _name: None)
    assert one(await of_device("cuda"), "no worker's packages").level is OK


async def of_engine(engine: str, wanted: str = "auto") -> list[Finding]:
    return await examine(settings(CAPTIONBOT_ENGINE=engine, CAPTIONBOT_DEVICE=wanted), ("device",))


async def test_a_host_with_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "find_spec", lambda name: name == "openvino" or None)
    monkeypatch.setattr("bot.doctor.host.metadata.version", lambda _name: "2.0")
    for engine in ("auto", "openvino"):
        assert one(await of_engine(engine), "CPU only, with OpenVINO 2.0").level is OK
        assert one(await of_engine(engine, "cuda"), "computes on the CPU").level is PROBLEM
    monkeypatch.setattr(host, "find_spec", lambda name: name == "torch" or None)
    assert one(await of_engine("openvino"), "OpenVINO is not installed").level is PROBLEM


# --- disks and ports


async def of_host(**values: str) -> list[Finding]:
    return await examine(settings(**values), ("host",))


@pytest.mark.parametrize(
    ("free", "level"), [(0, PROBLEM), (199_000_000, PROBLEM), (10**9, NOTE), (10**10, OK)]
)
async def test_disks(monkeypatch: pytest.MonkeyPatch, free: int, level: object) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    found = [f for f in await of_host() if "are free on" in f.text]
    assert {f.level for f in found} == {level}


async def test_a_checkpoint_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = await of_host(CAPTIONBOT_CHECKPOINT=str(tmp_path / "a" / "b" / "c.safetensors"))
    assert any(f"on the disk of {tmp_path}" in f.text for f in found)


async def test_where_models_of_the_hub_are_kept(tmp_path: Path) -> None:
    (tmp_path / "hf").mkdir()
    found = await of_host(CAPTIONBOT_CHECKPOINT="hf:owner/name", HF_HOME=str(tmp_path / "hf"))
    assert any(f"on the disk of {tmp_path / 'hf'}" in f.text for f in found)


async def test_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_PATIENCE", 0.2)
    port = free_port()
    found = await of_host(CAPTIONBOT_WEB_PORT=str(port))
    assert one(found, f"the port of the page is free: 127.0.0.1:{port}").level is OK
    found = await of_host(CAPTIONBOT_WEB_PORT="0", CAPTIONBOT_METRICS_PORT=str(port))
    assert one(found, f"the port of metrics is free: 127.0.0.1:{port}").level is OK
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        hook = {
            "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/", "TELEGRAM_WEBHOOK_SECRET": "s" * 16,
        }  # fmt: skip
        found = await of_host(CAPTIONBOT_WEB_PORT="0", CAPTIONBOT_WEBHOOK_PORT=number, **hook)
    told = one(found, f"Telegram's webhook cannot be served at 127.0.0.1:{number}")
    assert told.level is PROBLEM
    assert "CAPTIONBOT_WEBHOOK_PORT" in told.advice
    assert one(found, "the port of the page is free").level is OK


async def test_an_address_that_is_none() -> None:
    told = one(await of_host(CAPTIONBOT_WEB_HOST="no.such.host.invalid"), "is no address")
    assert told.advice == "correct CAPTIONBOT_WEB_HOST"
    assert problems(await of_host(CAPTIONBOT_WEB_HOST="192.0.2.1"))


# --- photos, videos, speech


@pytest.mark.parametrize("data", [media.JPEG, media.HEIC])
async def test_the_samples_are_what_they_seem(data: bytes) -> None:
    async with Intake() as intake:
        photo = await intake.clean(data)
    assert (photo.width, photo.height) == (64, 64)


async def test_media_are_really_opened() -> None:
    found = await examine(settings(), ("media",))
    assert problems(found) == []
    for what in ("a photo was", "an iPhone's photo was", "a video was"):
        assert one(found, what).level is OK
    assert one(found, "pillow-heif").level is OK


async def test_media_that_do_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "JPEG", media.JPEG[:200])
    monkeypatch.setattr(media, "MP4", media.HEIC)
    told = problems(await examine(settings(), ("media",)))
    assert [text[:30] for text in told] == [
        "a photo cannot be opened here ", "a video cannot be opened here ",
    ]  # fmt: skip


async def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "find_spec", lambda name: None if name == "av" else object())
    found = await examine(settings(), ("media",))
    assert problems(found) == ["av is not installed: no videos and voice messages"]
    assert one(found, "a photo was opened").level is OK


async def test_no_espeak_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.media.shutil.which", lambda _name: None)
    assert one(await examine(settings(), ("media",)), "espeak-ng is not installed").level is NOTE


# --- settings


async def test_settings_that_are_odd_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o644)
    found = await examine(
        settings(CAPTIONBOT_WEB_HOST="0.0.0.0"),
        ("configuration",),
    )
    assert {f.level for f in found} == {NOTE}
    assert one(found, "nobody is an owner")
    assert one(found, ".env can be read").advice == "chmod 600 .env"
    assert one(found, "no proxy is trusted")
    (tmp_path / ".env").chmod(0o600)
    (fine,) = await examine(settings(CAPTIONBOT_OWNERS="telegram:1"), ("configuration",))
    assert fine.level is OK


async def test_what_is_kept_longer_than_people_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    longer = {"CAPTIONBOT_CACHE_HOURS": "36", "CAPTIONBOT_DEAD_LETTER_HOURS": "1.5"}
    found = await examine(settings(CAPTIONBOT_OWNERS="telegram:1", **longer), ("configuration",))
    assert {f.level for f in found} == {NOTE}
    assert one(found, "captions for 36 hours")
    assert one(found, "given up for 1.5 hours")
    shorter = settings(CAPTIONBOT_OWNERS="telegram:1", CAPTIONBOT_CACHE_HOURS="2")
    (fine,) = await examine(shorter, ("configuration",))
    assert fine.level is OK


async def test_keys_that_let_nobody_in_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "keys.json"
    asked = settings(CAPTIONBOT_OWNERS="telegram:1", CAPTIONBOT_WEB_KEYS=str(file))

    async def found() -> Finding:
        (finding,) = await examine(asked, ("configuration",))
        return finding

    assert (await found()).level is PROBLEM
    assert "captionbot keys add" in (await found()).advice
    write_keys(file, [new_key("alice")[0]])
    assert (await found()).level is OK
    file.write_text("[]")
    assert (await found()).level is PROBLEM
    assert "keys.json" in (await found()).text
