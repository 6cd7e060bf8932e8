"""Telling a broken model from a bad photo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import for_operators, for_supervisors
from captioner.captioner import Captioner
from captioner.queue.messages import CaptionJob, CaptionReply
from captioner.worker.batch_handler import BatchHandler
from captioner.worker.self_test import ModelBrokenError, check_model, self_test_job
from tests.support.models import save_small_checkpoint
from tests.support.scripted_worker import ScriptedCaptions


def broken(_jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
    raise RuntimeError("secret")


def test_a_model_that_works_passes() -> None:
    captions = ScriptedCaptions()
    check_model(captions)
    assert captions.jobs == [self_test_job()]


def test_a_real_model_answers_the_probe(tmp_path: Path) -> None:
    answers = BatchHandler(Captioner.load(save_small_checkpoint(tmp_path / "a.safetensors")))
    (reply,) = answers.answer([self_test_job()])
    assert reply.failure is None


def test_a_broken_model_is_said_in_a_sentence_and_ends_in_failure() -> None:
    with pytest.raises(ModelBrokenError) as raised:
        check_model(ScriptedCaptions(broken))
    assert "RuntimeError" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert for_supervisors(raised.value) == str(raised.value)
    assert for_operators(raised.value) is None
    assert for_supervisors(RuntimeError("a bug")) is None
