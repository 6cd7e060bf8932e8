"""deploy/Dockerfile by its linter, and what an engine would be sent.

deploy/check-dockerfile.sh builds and runs the images, which takes minutes.
"""

from __future__ import annotations

import re

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
    assert '".[${extra},otel]"' in stage
    assert _BELOW["run-packages"] == "worker-cpu-packages"
    assert "worker" not in _STAGES["run-packages"]
    assert "'.[worker,otel]'" in _STAGES["worker-gpu-packages"]


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
