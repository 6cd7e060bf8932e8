"""deploy/Dockerfile by its linter, and what an engine would be sent.

deploy/check-dockerfile.sh builds and runs the images, which takes minutes.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, REPOSITORY, output, tool

_TEXT = (DEPLOY / "Dockerfile").read_text()
_BELOW: dict[str, str] = {
    name: base for base, name in re.findall(r"^FROM (\S+) AS (\S+)$", _TEXT, re.MULTILINE)
}
_STAGES: dict[str, str] = dict(
    re.findall(r"^FROM \S+ AS (\S+)\n(.*?)(?=^FROM |\Z)", _TEXT, re.MULTILINE | re.DOTALL)
)

each_target = pytest.mark.parametrize("target", ["bot", "worker-cpu", "worker-gpu", "run"])


def _steps(target: str) -> list[str]:
    """The instructions that make a target, from the first of the stages that it stands on."""
    steps: list[str] = []
    while target in _STAGES:
        steps = re.findall(r"^[A-Z]+ .*$", _STAGES[target], re.MULTILINE) + steps
        target = _BELOW[target]
    return steps


def test_the_linter_has_nothing_to_say() -> None:
    assert output(tool("hadolint"), DEPLOY / "Dockerfile") == ""


@each_target
def test_nothing_runs_as_root(target: str) -> None:
    users = [step for step in _steps(target) if step.startswith("USER")]
    assert users == ["USER 10001:10001"]


@each_target
def test_an_engine_can_ask_how_it_is(target: str) -> None:
    assert any(step.startswith("HEALTHCHECK") for step in _steps(target))
    assert any(step.startswith("LABEL org.opencontainers.image.") for step in _steps(target))


@each_target
def test_packages_are_the_pinned_ones(target: str) -> None:
    copied = [step for step in _steps(target) if step.startswith("COPY --from=")]
    assert len(copied) == 2, "dependencies and code"
    for made in re.findall(r"--from=(\S+)", "\n".join(copied)):
        for install in re.findall(r"pip install.*(?:\\\n.*)*", _STAGES[made]):
            assert "--constraint constraints.txt" in install or "--no-deps" in install


def test_a_cpu_computes_on_openvino_unless_asked_otherwise() -> None:
    """Neither image for CPUs has torch; a build argument, for both, changes that."""
    stage = _STAGES["worker-cpu-packages"]
    assert re.search(r"^ARG CPU_ENGINE=openvino$", stage, re.MULTILINE)
    assert '".[${extra},otel${EXTRAS:+,${EXTRAS}}]"' in stage
    assert _BELOW["run-packages"] == "worker-cpu-packages"
    assert "worker" not in _STAGES["run-packages"]
    assert '".[worker,otel${EXTRAS:+,${EXTRAS}}]"' in _STAGES["worker-gpu-packages"]


@pytest.mark.parametrize(
    ("engine", "extras", "expected"),
    [
        ("openvino", "", ["install --constraint constraints.txt .[openvino,otel]"]),
        ("openvino", "openai", ["install --constraint constraints.txt .[openvino,otel,openai]"]),
        ("openvino", "transformers",
         ["install --no-deps --index-url INDEX --constraint constraints.txt torch",
          "install --constraint constraints.txt .[openvino,otel,transformers]"]),
        ("torch", "",
         ["install --no-deps --index-url INDEX --constraint constraints.txt torch",
          "install --constraint constraints.txt .[worker,otel]"]),
    ],
)  # fmt: skip
def test_what_build_arguments_install(
    tmp_path: Path, engine: str, extras: str, expected: list[str]
) -> None:
    """The step as a shell runs it, with a pip that says what it was asked for."""
    stage = _STAGES["worker-cpu-packages"]
    step = re.search(r"^RUN --mount\S+ \\\n((?:.*\\\n)*.*)$", stage, re.MULTILINE)
    assert step is not None
    script = step[1]
    pip = tmp_path / "pip"
    pip.write_text('#!/bin/sh\necho "$@"\n')
    pip.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin", "CPU_ENGINE": engine, "EXTRAS": extras,
        "TORCH_INDEX": "INDEX",
    }  # fmt: skip
    ran = subprocess.run(
        ["sh", "-ec", script], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == expected


def test_the_base_can_be_given_by_its_digest() -> None:
    assert re.search(r"^ARG PYTHON_IMAGE=\S+python:3\.11-slim-bookworm$", _TEXT, re.MULTILINE)
    outside = {base for base in _BELOW.values() if base not in _STAGES}
    assert outside == {"${PYTHON_IMAGE}"}


def test_nothing_goes_to_the_engine_but_what_is_copied() -> None:
    rules = [
        rule
        for rule in (REPOSITORY / ".dockerignore").read_text().splitlines()
        if rule and not rule.startswith("#")
    ]
    assert rules[0] == "*"
    sent = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        name
        for step in re.findall(r"^COPY (?!--from)(.*) \S+$", _TEXT, re.MULTILINE)
        for name in step.split()
    }
    assert sent == copied
    assert all((REPOSITORY / name).exists() for name in sent)
    assert "**/.env*" in rules
