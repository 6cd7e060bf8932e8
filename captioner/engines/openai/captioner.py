"""Captions by a vision model behind an address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import numpy as np
from PIL import Image

from captioner.base import (
    LENGTHS,
    MOST_CHARACTERS,
    MOST_TOKENS,
    QUESTION,
    SHORT,
    PhotoCaptions,
    PromptedCaptioner,
)
from captioner.capabilities import Capabilities
from captioner.engines.base import DeviceError, Pixels
from captioner.engines.openai.client import AnswerError, ChatClient, Endpoint, SilentError
from captioner.errors import ModelAwayError
from captioner.language.writing import ENGLISH, as_sentence, plain_text
from captioner.prompts import Prompts, shipped_prompts
from captioner.queue.messages import Caption, Failure

log = logging.getLogger("captioner.engines")


class OpenAICaptioner(PromptedCaptioner):
    """A model that is asked over HTTP. It tells neither where it looked nor how sure it is."""

    engine = "openai"
    log_probs = False

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        languages: Sequence[str] = (ENGLISH,),
        prompts: Prompts | None = None,
        concurrency: int = 4,
    ) -> None:
        """`concurrency` photos of a batch are asked about at the same time.

        `prompts` are what it is asked, ours if none are given.
        """
        self._client = ChatClient(endpoint)
        self._endpoint = endpoint
        self._concurrency = self.most_at_once = concurrency
        self.seconds_a_photo = endpoint.timeout
        self.device, self.model = endpoint.host, endpoint.model
        self._prompts = prompts or shipped_prompts()
        known = self._prompts.languages
        self.capabilities = Capabilities(
            languages=tuple(one for one in languages if one in known) or (ENGLISH,),
            attention=False,
            confidence=False,
            questions=True,
            lengths=LENGTHS,
            alternatives=False,
            sends_photos_to=(endpoint.host,) if endpoint.outside else (),
        )

    @property
    def identity(self) -> str:
        """The model's name, and which prompts it is asked with, where they are not ours."""
        return f"{self.model} {self._prompts.mark}".rstrip()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def check(self) -> None:
        """Ask about a test photo.

        Raises DeviceError, in a sentence for the operator, if no photo will be answered until they
        do something, and ModelAwayError if it may go by itself.
        """
        self._client.check_address()
        gradient = np.array(Image.radial_gradient("L").convert("RGB"))
        try:
            text = self._prompts.text(SHORT, ENGLISH)
            self._client.ask(gradient, text, most_tokens=MOST_TOKENS[SHORT])
        except SilentError as error:
            raise ModelAwayError(f"{self._endpoint.host}: {error}") from error
        except AnswerError as error:
            raise DeviceError(
                f"{self._endpoint.host} does not describe a test photo ({error}); see whether "
                f"{self._endpoint.model!r} is a model that takes photos"
            ) from error

    def describe(self) -> dict[str, Any]:
        return {
            "name": self.model,
            "engine": self.engine,
            "host": self._endpoint.host,
            "capabilities": asdict(self.capabilities),
        }

    def pixels(self, photo: Image.Image) -> Pixels:
        return np.array(photo.convert("RGB"))

    def caption(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        beam_size: int = 5,
        n_best: int = 1,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        if not 1 <= n_best <= beam_size:
            raise ValueError(f"n_best must be 1…beam_size ({beam_size}), not {n_best}")
        return self._asked(photos, SHORT, languages)

    def write(
        self,
        photos: Sequence[Image.Image | Pixels],
        *,
        length: str,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        return self._asked(photos, length, languages)

    def answer(
        self,
        photos: Sequence[Image.Image | Pixels],
        questions: Sequence[str],
        *,
        languages: Sequence[str | None] | None = None,
    ) -> list[PhotoCaptions]:
        return self._asked(photos, QUESTION, languages, questions)

    def _asked(
        self,
        photos: Sequence[Image.Image | Pixels],
        purpose: str,
        languages: Sequence[str | None] | None,
        questions: Sequence[str] = (),
    ) -> list[PhotoCaptions]:
        spoken = self.languages_for(photos, languages)
        texts = [
            self._prompts.text(purpose, language, question=questions[at] if questions else "")
            for at, language in enumerate(spoken)
        ]
        arrays = [p if isinstance(p, np.ndarray) else self.pixels(p) for p in photos]

        def one(photo: Pixels, text: str) -> str | AnswerError:
            try:
                return self._client.ask(photo, text, most_tokens=MOST_TOKENS[purpose])
            except AnswerError as error:
                return error

        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="asking") as pool:
            answers = _all_of(pool, one, arrays, texts)
        silent = [answer for answer in answers if isinstance(answer, SilentError)]
        if silent and len(silent) == len(answers):  # whoever asks finds out whose fault it is
            raise ModelAwayError(f"{self._endpoint.host}: {silent[0]}") from silent[0]
        return [
            self._said(answer, language, purpose)
            for answer, language in zip(answers, spoken, strict=True)
        ]

    def _said(self, answer: str | AnswerError, language: str, purpose: str) -> PhotoCaptions:
        if isinstance(answer, AnswerError):
            log.warning("%s: no caption of a photo: %s", self._endpoint.host, answer)
            answer = ""
        said = as_sentence(plain_text(answer, most=MOST_CHARACTERS[purpose]))
        if not said:
            return PhotoCaptions((), None, (0, 0), language=language, failure=Failure.INTERNAL)
        return PhotoCaptions((Caption(text=said, log_prob=0.0),), None, (0, 0), language=language)


def _all_of(
    pool: ThreadPoolExecutor,
    function: Callable[[Pixels, str], str | AnswerError],
    *arguments: Sequence[Any],
) -> list[str | AnswerError]:
    """The results in order; of several errors, the first one, when none is under way any more."""
    futures = [pool.submit(function, *own) for own in zip(*arguments, strict=True)]
    try:
        return [future.result() for future in futures]
    except (ModelAwayError, DeviceError):
        for future in futures:
            future.cancel()
        raise
