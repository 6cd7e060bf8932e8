"""Who may use the bot: owners always, the blocked never, others as the allow-list says."""

from __future__ import annotations

import pytest

from bot.chat.access_control import AccessControl
from bot.settings import Settings


def access_control(**lists: str) -> AccessControl:
    names = {f"CAPTIONBOT_{name.upper()}": value for name, value in lists.items()}
    return AccessControl(Settings(_env_file=None, **names))  # type: ignore[call-arg, arg-type]  # by alias


def test_without_lists_everybody_may() -> None:
    everybody = access_control()
    assert everybody.may_use("telegram", person=1, chat=-100)
    assert everybody.may_use("discord", person="1")
    assert not everybody.is_owner("telegram", 1)


def test_a_blocked_person_may_not_use_it_anywhere() -> None:
    lists = access_control(block="telegram:1", allow="telegram:2, telegram:-100")
    assert not lists.may_use("telegram", person=1)
    assert not lists.may_use("telegram", person="1", chat=-100)
    assert lists.may_use("telegram", person=3, chat=-100)


def test_nobody_may_use_it_in_a_blocked_chat() -> None:
    lists = access_control(block="telegram:-100", allow="telegram:1")
    assert not lists.may_use("telegram", person=1, chat=-100)
    assert lists.may_use("telegram", person=1, chat=-200)
    assert lists.may_use("telegram", person=1)


def test_with_an_allow_list_only_those_on_it_may() -> None:
    lists = access_control(allow="telegram:1,discord:900")
    assert lists.may_use("telegram", person=1, chat=-100)
    assert not lists.may_use("telegram", person=2, chat=-100)
    assert lists.may_use("discord", person=5, chat=900)
    assert not lists.may_use("discord", person=5, chat=901)
    assert not lists.may_use("discord", person=5)


def test_an_id_counts_on_its_own_platform_alone() -> None:
    lists = access_control(allow="telegram:1", owners="telegram:7")
    assert not lists.may_use("discord", person=1)
    assert not lists.may_use("discord", person=7)
    assert not lists.is_owner("discord", 7)


def test_owners_always_may() -> None:
    lists = access_control(owners="telegram:7", block="telegram:-100", allow="discord:1")
    assert lists.may_use("telegram", person=7, chat=-100)
    assert lists.is_owner("telegram", "7")
    assert not lists.is_owner("telegram", 77)


@pytest.mark.parametrize("other", ["allow", "owners"])
def test_nobody_is_both_blocked_and_let_in(other: str) -> None:
    with pytest.raises(ValueError, match="take them out of one of the lists"):
        access_control(block="telegram:7", **{other: "telegram:7"})


def test_a_platform_that_no_list_can_name_is_open() -> None:
    assert access_control(allow="telegram:1").may_use("web", person="198.51.100.7")
