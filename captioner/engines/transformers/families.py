"""The families of models that are known; here those that read a photo as a part of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

from captioner.engines.base import Pixels
from captioner.engines.prompts import LENGTHS, prompt
from captioner.engines.transformers.cross_attending import Blip, EncoderDecoder
from captioner.engines.transformers.family import CAPTION_TOKENS, Family
from captioner.engines.transformers.generation import Search, found_by
from captioner.engines.transformers.words import Found


class Git(Family):
    """GIT: photos are read as if they were the beginning of the text."""

    most_tokens = CAPTION_TOKENS

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self._encoder = OncePerPhoto(model.git.image_encoder)
        model.git.image_encoder = self._encoder

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        del prompts
        self._encoder.copies = search.beam_size
        output = self.model.generate(pixel_values=self._images(photos), **search.options())
        return found_by(output, len(photos), self.specials)


class OncePerPhoto(nn.Module):
    """An encoder that gets each photo `copies` times in a row, once a beam, and reads it once."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.copies = encoder, 1

    def forward(self, pixel_values: Tensor, **options: Any) -> Any:  # noqa: ANN401 - theirs
        output = self.encoder(pixel_values[:: self.copies], **options)
        hidden = output.last_hidden_state.repeat_interleave(self.copies, 0)
        output.last_hidden_state = hidden
        return output


class Prompted(Family):
    """Models with a chat template, such as Qwen-VL, LLaVA or SmolVLM: they follow prompts."""

    lengths = LENGTHS
    questions = True
    languages = True

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self.tokenizer.padding_side = "left"  # so that every text ends where its answer begins
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def prompt(self, purpose: str, language: str, question: str) -> str:
        return prompt(purpose, language, question=self._words_alone(question))

    def _words_alone(self, question: str) -> str:
        """The question without what the tokenizer takes for signs of its own.

        "<image>" would stand for one photo more, which fails the whole batch, and the end of a
        turn for the end of the question.
        """
        signs = {str(sign) for sign in self.tokenizer.added_tokens_decoder.values()}
        signs |= set(self.tokenizer.all_special_tokens)
        for sign in sorted(signs, key=len, reverse=True):  # one may be a part of another
            question = question.replace(sign, " ")  # a space: none comes together of two halves
        return question

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        texts = [
            self.processor.apply_chat_template(
                [
                    {
                        "role": "user",
                        "content": [{"type": "image"}, {"type": "text", "text": text}],
                    }
                ],
                add_generation_prompt=True,
                tokenize=False,
            )
            for text in prompts
        ]
        return self._generated(photos, texts, search)

    def _generated(
        self, photos: Sequence[Pixels], texts: Sequence[str], search: Search
    ) -> list[list[Found]]:
        inputs = self.processor(
            images=[[photo] for photo in photos],
            text=list(texts),
            padding=True,
            return_tensors="pt",
        ).to(self.model.device, dtype=self.model.dtype)
        output = self.model.generate(
            **inputs, pad_token_id=self.tokenizer.pad_token_id, **search.options()
        )
        return found_by(output, len(photos), self.specials)


_FLORENCE_TASKS = {
    "short": "<CAPTION>",
    "alt": "<DETAILED_CAPTION>",
    "long": "<MORE_DETAILED_CAPTION>",
}


class Florence2(Prompted):
    """Florence-2, which knows a task for each length, and English."""

    questions = False
    languages = False

    def prompt(self, purpose: str, language: str, question: str) -> str:
        del language, question
        return _FLORENCE_TASKS[purpose]

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        return self._generated(photos, prompts, search)


FAMILIES: dict[str, type[Family]] = {
    "blip": Blip,
    "florence2": Florence2,
    "git": Git,
    "vision-encoder-decoder": EncoderDecoder,
}


def family_of(model_type: str, processor: Any) -> type[Family] | None:  # noqa: ANN401 - theirs
    """How models of a type are used; None if that is not known."""
    if model_type in FAMILIES:
        return FAMILIES[model_type]
    if getattr(processor, "chat_template", None) and hasattr(processor, "image_processor"):
        return Prompted
    return None


__all__ = ["FAMILIES", "Family", "Prompted", "family_of"]
