"""The self-test of the model: it tells a broken model from a photo that breaks it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from PIL import Image

from captioner.errors import ModelAwayError, OperatorError, RestartError
from captioner.queue.messages import CaptionJob, CaptionReply


class ModelFailure(RestartError):
    """The model cannot continue with any photo: its process should end and be restarted."""


class ModelBrokenError(ModelFailure):
    """The model fails even at the test photo."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the model fails even at a test photo ({reason}); this worker ends, so that its "
            "supervisor restarts it: check the GPU and the checkpoint if it happens again"
        )


class Answerer(Protocol):
    """Turns jobs into replies."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply for each job."""
        ...


@cache
def self_test_job() -> CaptionJob:
    """A job that any model can do; its answer is dropped."""
    photo = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(photo, "JPEG")
    return CaptionJob(
        adapter="probe",
        photo=photo.getvalue(),
        dedupe="",
        person="",
        beam_size=1,
        n_best=1,
        id="probe",
    )


def check_model(answers: Answerer) -> None:
    """Raise ModelBrokenError if the model cannot answer the self-test.

    ModelAwayError and OperatorError say more than that, and are raised as they are.
    """
    try:
        answers.answer([self_test_job()])
    except (ModelAwayError, OperatorError):
        raise
    except Exception as error:
        raise ModelBrokenError(type(error).__name__) from error
