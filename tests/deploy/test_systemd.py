"""deploy/systemd, by systemd's own checks."""

from __future__ import annotations

import os
import re
import shutil
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bot.adapters.registry import PLATFORMS
from tests.deploy.files import DEPLOY, output

_UNITS = DEPLOY / "systemd"
_SERVICES = sorted(path.name for path in _UNITS.glob("*.service"))
# 0 is wholly confined, 10 not at all. What CaptionBot needs (the network, torch's own machine code)
# costs 1.2.
_WORST = 15  # tenths

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, of Debian's systemd"
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The units in a folder that systemd's tools read, with programs that there are."""
    folder = tmp_path / "units"
    shutil.copytree(_UNITS, folder)
    for path in folder.rglob("*.service"):
        text = path.read_text()
        for program in ("/opt/captionbot/current/bin/captionbot", "/opt/captionbot/redis/start.sh"):
            text = text.replace(f"ExecStart={program}", "ExecStart=/bin/echo")
        path.write_text(text)
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{folder}:")
    return folder


def _instance(service: str) -> str:
    return service.replace("@.", "@1.")


def test_systemd_has_nothing_to_say(installed: Path) -> None:
    units = [installed / _instance(name) for name in _SERVICES]
    assert output("systemd-analyze", "verify", *units, installed / "captionbot.target") == ""


def test_mistakes_would_be_found(installed: Path) -> None:
    path = installed / "captionbot-web.service"
    path.write_text(path.read_text().replace("MemoryMax", "MemoryMost"))
    assert "MemoryMost" in output("systemd-analyze", "verify", path)


@pytest.mark.parametrize("service", _SERVICES)
def test_services_are_confined(installed: Path, service: str) -> None:
    said = output(
        "systemd-analyze",
        "security",
        "--no-pager",
        "--offline=true",
        f"--threshold={_WORST}",
        _instance(service),
    )
    assert "Overall exposure level" in said
    assert os.environ["SYSTEMD_UNIT_PATH"].startswith(str(installed))


def test_no_service_says_what_the_common_part_overrules() -> None:
    """Drop-ins are read last; what is different for one service belongs into a later one."""

    def said(path: Path) -> set[str]:
        return set(re.findall(r"^(\w+)=", path.read_text(), re.MULTILINE)) - {"Environment"}

    common = said(_UNITS / "captionbot-.service.d" / "50-common.conf") - {"WantedBy"}
    for name in _SERVICES:
        assert not said(_UNITS / name) & common, name


@pytest.mark.parametrize("service", ["captionbot-redis.service", "captionbot-store.service"])
def test_redis_has_no_network(installed: Path, service: str) -> None:
    assert installed.is_dir()
    command = ("systemd-analyze", "security", "--no-pager", "--offline=true")
    said = output(*command, service)
    assert re.search(r"^✓ RestrictAddressFamilies=~AF_\(INET\|INET6\)", said, re.MULTILINE)


def test_photos_wait_where_there_is_no_disk() -> None:
    """/run is memory; the queue's unit names no other folder, and may not be swapped out."""
    unit = (_UNITS / "captionbot-redis.service").read_text()
    drop_in = (_UNITS / "captionbot-redis.service.d" / "60-redis.conf").read_text()
    assert "--dir /run/captionbot-redis" in unit
    assert "MemorySwapMax=0" in unit
    assert "/var/" not in unit + drop_in
    assert re.search(r"^StateDirectory=$", drop_in, re.MULTILINE)
    store = (_UNITS / "captionbot-store.service").read_text()
    assert "--include /opt/captionbot/redis/persistent.conf" in store


def test_decoding_processes_may_confine_themselves() -> None:
    """Debian 12's systemd has Landlock in no group: refused, it would silently be missing."""
    common = (_UNITS / "captionbot-.service.d" / "50-common.conf").read_text()
    allowed = re.findall(r"^SystemCallFilter=([^~].*)$", common, re.MULTILINE)
    assert {"landlock_create_ruleset", "landlock_restrict_self"} <= set(" ".join(allowed).split())


@pytest.mark.parametrize("service", _SERVICES)
def test_all_belong_to_the_target(service: str) -> None:
    unit = RawConfigParser(strict=False)
    unit.read(_UNITS / service)
    assert unit["Install"]["WantedBy"] == "captionbot.target"


def test_each_has_a_port_of_its_own() -> None:
    ports = re.findall(
        r"CAPTIONBOT_METRICS_PORT=(\S+)", "".join(p.read_text() for p in _UNITS.glob("*.service"))
    )
    assert len(set(ports)) == len(ports) == 3 + len(PLATFORMS)  # run, page, workers
