"""The file of keys: what it holds, who a secret belongs to, and what is refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from bot.adapters.web.keys import (
    added,
    new_key,
    new_password,
    read_keys,
    removed,
    write_keys,
)
from captioner.errors import UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_key_opens_with_its_secret_alone(file: Path) -> None:
    alice, secret = new_key("alice", per_minute=5)
    bob, other = new_key("bob")
    write_keys(file, added(added(read_keys(file), alice), bob))
    kept = read_keys(file)
    assert [(key.name, key.kind, key.per_minute) for key in kept] == [
        ("alice", "key", 5),
        ("bob", "key", None),
    ]
    assert kept[0].opens(secret)
    assert kept[1].opens(other)
    for wrong in ("", other, secret[:-1], secret + "x", kept[0].hash):
        assert not kept[0].opens(wrong)


def test_a_password_opens_and_two_of_the_same_look_different(file: Path) -> None:
    one = new_password("one", "correct horse battery")
    two = new_password("two", "correct horse battery")
    assert one.hash != two.hash
    write_keys(file, [one, two])
    for key in read_keys(file):
        assert key.kind == "password"
        assert key.opens("correct horse battery")
        assert not key.opens("correct horse batterY")
        assert not key.opens("correct horse battery" * 100)


def test_no_secret_is_in_the_file_and_others_cannot_read_it(file: Path) -> None:
    key, secret = new_key("alice")
    write_keys(file, [key, new_password("bob", "correct horse battery")])
    text = file.read_text()
    assert secret not in text
    assert "correct horse" not in text
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0
    file.chmod(0o600)
    write_keys(file, [key])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_passwords_of_a_wrong_length_are_refused(password: str) -> None:
    with pytest.raises(UsageError, match="10 to 200"):
        new_password("alice", password)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "-a", "x" * 65, "ä\n"])
def test_names_that_a_browser_or_a_person_could_mistake_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a key's name"):
        new_key(name)


def test_names_are_there_once_and_what_is_removed_is_gone(file: Path) -> None:
    key, _ = new_key("alice")
    with pytest.raises(UsageError, match="already"):
        added([key], new_key("alice")[0])
    assert removed([key], "alice") == []
    with pytest.raises(UsageError, match="no key named bob"):
        removed([key], "bob")


@pytest.mark.parametrize(
    "content", ["", "[]", "{", json.dumps({"keys": [{"name": "a"}]}), json.dumps({"key": []})]
)
def test_other_files_are_refused_by_name(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(UsageError, match=r"keys\.json"):
        read_keys(file)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert read_keys(tmp_path / "none" / "keys.json") == []
    with pytest.raises(UsageError, match="cannot be written"):
        write_keys(tmp_path / "none" / "keys.json", [])
