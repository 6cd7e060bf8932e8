"""A photo of our own, to tell a model that is broken from a photo that breaks it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from PIL import Image

from captioner.errors import RestartError
from captioner.queue.messages import CaptionJob, CaptionReply


class ModelFailure(RestartError):
    """The model cannot go on, whatever it is given: its process should end and start again."""


class ModelBrokenError(ModelFailure):
    """The model fails even at a photo of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the model fails even at a photo of our own ({reason}); this worker ends, so that "
            "whatever started it starts it again: look at the GPU or the checkpoint if that recurs"
        )


class Answers(Protocol):
    """What turns jobs into replies."""

    def answer(self, jobs: Sequence[CaptionJob]) -> list[CaptionReply]:
        """One reply a job."""
        ...


@cache
def self_test_job() -> CaptionJob:
    """A job that any model can do, and whose answer nobody gets."""
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


def check_model(answers: Answers) -> None:
    """Raises ModelBrokenError for a model that cannot answer anything."""
    try:
        answers.answer([self_test_job()])
    except Exception as error:
        raise ModelBrokenError(type(error).__name__) from error
