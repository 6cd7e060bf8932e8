"""Refusals as problem documents."""

from typing import Any

import pytest

from bot.adapters.web.problems import KINDS, Problem
from bot.chat.refusals import Refusal, RefusalCode, http_code, http_kinds
from bot.locales import languages
from captioner.queue.messages import Failure
from tests.bot.test_locales import FIGURES

GIVEN: dict[str, Any] = {**FIGURES}


def test_every_refusal_that_a_photo_can_meet_has_a_problem() -> None:
    given: dict[str, Any] = {
        "kind": "svg",
        "limit": 20,
        "width": 3,
        "height": 4,
        "smallest": 32,
    }
    for code in RefusalCode:
        if http_code(code) not in http_kinds():
            continue
        problem = Problem.of(Refusal(code, retry_after=7, **given))
        assert problem.code == code.replace("-", "_")
        assert problem.detail("en") != problem.detail("de")
    assert {failure.value for failure in Failure} <= KINDS.keys()


def test_a_refusal_that_only_chats_know_is_an_error_of_ours() -> None:
    problem = Problem.of(Refusal(RefusalCode.PHOTO_EXPIRED))
    assert (problem.status, problem.code) == (500, "internal")


def test_who_is_told_to_come_back_is_told_when() -> None:
    for code, (status, _) in KINDS.items():
        headers = Problem(code, **GIVEN).response("en").headers
        assert ("Retry-After" in headers) == (status in {429, 503}), code
    assert Problem("not_ready", retry_after=0.2).response("en").headers["Retry-After"] == "1"
    assert Problem("not_ready", retry_after=7.5).response("en").headers["Retry-After"] == "8"


@pytest.mark.parametrize("lang", languages())
def test_every_problem_is_said_in_every_language(lang: str) -> None:
    for code in KINDS:
        document = Problem(code, **GIVEN).document(lang)
        assert document["code"] == code
        assert document["title"]
        assert document["detail"]
        if lang != "en":
            english = Problem(code, **GIVEN).document("en")
            assert document["title"] != english["title"]
            assert document["detail"] != english["detail"]
