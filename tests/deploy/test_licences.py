"""constraints.txt pins all there is, and THIRD_PARTY.md lists what runs, in those versions."""

from __future__ import annotations

import re
import runpy
import tomllib

from packaging.utils import canonicalize_name

from tests.deploy.files import DEPLOY, REPOSITORY

_ROW = re.compile(r"^\| (?:\[([^]]+)\]\(\S+\)|(\S+)) \| (\S+) \| (.+) \|$", re.MULTILINE)
_UNPINNED = {"captionbot-selfhosted", "setuptools"}  # ourselves, and what `pip freeze` leaves out


def _listed() -> dict[str, str]:
    text = (REPOSITORY / "THIRD_PARTY.md").read_text()
    return {
        canonicalize_name(linked or plain): version
        for linked, plain, version, _ in _ROW.findall(text)
        if version != "version"
    }


def _pinned() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text().split()
    return {canonicalize_name(name): version for name, version in (x.split("==") for x in lines)}


def _closure(*extras: str) -> set[str]:
    found: set[str] = runpy.run_path(str(DEPLOY / "licences.py"))["closure"](set(extras))
    return found - _UNPINNED


def test_everything_is_pinned() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    everything = _closure(*project["optional-dependencies"].keys() - {"bench"})
    assert {"scipy", "pytest", "async-timeout"} <= everything
    assert everything <= _pinned().keys(), "make lock"


def test_everything_that_runs_is_listed() -> None:
    runs = _closure("bot", "worker", "openvino", "otel")
    assert {"aiohttp", "pillow", "torch", "python-telegram-bot"} <= runs
    assert runs <= _listed().keys(), "make licences"


def test_everything_listed_is_pinned() -> None:
    pinned, listed = _pinned(), _listed()
    assert {name: pinned.get(name) for name in listed.keys() - _UNPINNED} == {
        name: version for name, version in listed.items() if name not in _UNPINNED
    }, "make licences"
