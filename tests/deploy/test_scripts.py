"""The shell scripts of deploy/: what shellcheck says of them, and what install.sh says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, output, tool

_SCRIPTS = sorted(path for path in DEPLOY.rglob("*.sh"))
_INSTALL = DEPLOY / "install.sh"


def test_shellcheck_has_nothing_to_say() -> None:
    assert len(_SCRIPTS) >= 4
    assert output(tool("shellcheck"), *_SCRIPTS) == ""


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_started(script: Path) -> None:
    assert script.stat().st_mode & 0o111 == 0o111


def _dry(*options: str, status: int = 0) -> str:
    return output(_INSTALL, "--dry-run", *options, status=status)


def test_help_says_all_options() -> None:
    said = output(_INSTALL, "--help")
    text = _INSTALL.read_text()
    options = {line.split(")")[0].strip() for line in text.splitlines() if line[4:6] == "--"}
    assert {"--roles", "--dry-run", "--uninstall"} <= options
    assert all(option in said for option in options)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--what"], "unknown option --what"),
        (["--roles", "telegram,spam"], "there is no spam"),
        (["--roles", "run,web"], "run is all of the others"),
        (["--roles", "worker", "--workers", "0"], "a number from 1 to 9"),
        (["--extras", "torch"], "it is transformers or openai, not torch"),
        (["--purge"], "--purge goes with --uninstall"),
        (["--redis-url-file", "/nowhere"], "/nowhere cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused(options: list[str], reason: str) -> None:
    assert reason in _dry(*options, status=2)


class TestWithoutDoingIt:
    def test_everything_in_one_process(self) -> None:
        said = _dry()
        assert "units: captionbot-run.service\n" in said
        assert "redis-server" not in said
        assert "(openvino,bot,otel)" in said
        assert "torch" not in said

    @pytest.mark.parametrize(
        ("options", "index"),
        [
            (["--torch"], "https://download.pytorch.org/whl/cpu"),
            (["--torch-index", "https://packages.example/cpu"], "https://packages.example/cpu"),
            (["--torch-index", "pypi"], None),
        ],
    )
    def test_torch_in_its_place(self, options: list[str], index: str | None) -> None:
        said = _dry(*options)
        assert "(worker,bot,otel)" in said
        assert ("--index-url" in said) is (index is not None)
        assert index is None or f"--no-deps --index-url {index} --constraint" in said

    @pytest.mark.parametrize(
        ("options", "extras", "torch"),
        [
            (["--extras", "transformers"], "(openvino,transformers,bot,otel)", True),
            (["--extras", "transformers", "--gpu"], "(worker,transformers,bot,otel)", False),
            (["--extras", "openai"], "(openvino,openai,bot,otel)", False),
        ],
    )
    def test_packages_of_a_model_that_others_made(
        self, options: list[str], extras: str, torch: bool
    ) -> None:
        said = _dry(*options)
        assert extras in said
        assert ("download.pytorch.org/whl/cpu" in said) is torch

    def test_roles_of_their_own(self) -> None:
        said = _dry("--roles", "web,worker", "--workers", "2")
        for unit in ("web", "worker@1", "worker@2", "redis", "store"):
            assert f"captionbot-{unit}.service" in said
        assert "captionbot-worker@3" not in said

    def test_a_worker_for_a_redis_elsewhere(self, tmp_path: Path) -> None:
        address = tmp_path / "address"
        address.write_text("rediss://captionbot:a-secret-password@host:6379/0\n")
        said = _dry("--roles", "worker", "--gpu", "--redis-url-file", str(address))
        assert "a-secret-password" not in said
        # Its units are copied, and none of them is switched on.
        enabled = next(line for line in said.splitlines() if "quiet enable" in line)
        assert enabled.split()[-1] == "captionbot-worker@1.service"
        assert "60-gpu.conf" in said
        assert "download.pytorch.org" not in said
        assert "(worker,otel)" in said

    def test_away_with_it(self) -> None:
        said = _dry("--uninstall")
        assert "rm -rf /opt/captionbot" in said
        assert "rm -rf /etc/captionbot" not in said
        assert "rm -rf /etc/captionbot" in _dry("--uninstall", "--purge")


def test_every_unit_is_installed() -> None:
    said = _dry()
    systemd = DEPLOY / "systemd"
    for unit in [*systemd.glob("*.service"), *systemd.glob("*.target")]:
        assert f"{unit} /etc/systemd/system/" in said
    drop_ins = [*systemd.glob("*.service.d/*.conf")]
    assert len(drop_ins) == 3
    for drop_in in drop_ins:
        assert f"{drop_in} /etc/systemd/system/{drop_in.relative_to(systemd)}\n" in said
