"""`captionbot keys`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.adapters.web.keys import read_keys
from bot.cli import app
from captioner.errors import UsageError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTIONBOT_WEB_KEYS", str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def _run(*arguments: str, typed: str | None = None) -> Result:
    done = CliRunner().invoke(app, ["keys", *arguments], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_from_the_first_key_to_none(file: Path) -> None:
    assert "has no keys" in _run("list").stdout
    made = _run("add", "alice", "--per-minute", "5")
    secret = made.stdout.strip()
    assert read_keys(file)[0].opens(secret)
    assert "only now" in made.stderr
    _run("add", "bob", "--password", typed="correct horse battery\ncorrect horse battery\n")
    assert read_keys(file)[1].opens("correct horse battery")
    assert _run("list").stdout.startswith("alice: key, 5 a minute, added 20")
    listed = json.loads(_run("list", "--json").stdout)
    assert [one["name"] for one in listed] == ["alice", "bob"]
    assert "hash" not in listed[0]
    _run("remove", "alice")
    assert [key.name for key in read_keys(file)] == ["bob"]
    with pytest.raises(UsageError, match="no key named alice"):
        _run("remove", "alice")


def test_the_option_names_another_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    _run("add", "alice", "--file", str(other))
    assert read_keys(other)
    assert not file.exists()


def test_without_a_file_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CAPTIONBOT_WEB_KEYS", raising=False)
    with pytest.raises(UsageError, match="CAPTIONBOT_WEB_KEYS"):
        _run("list")
