"""How each architecture is given photos, and what it tells of where it looked."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from captioner.engines.base import Pixels
from captioner.engines.prompts import LENGTHS, QUESTION, prompt
from captioner.engines.transformers.generation import Search, found_by
from captioner.engines.transformers.words import Found

_CAPTION = 40  # tokens; models that only write captions write short ones


class Family(ABC):
    """Models that are used alike."""

    lengths: tuple[str, ...] = LENGTHS[:1]
    questions = False
    languages = False  # writes in the language that it is asked to
    most_tokens = 1000  # of a text
    grid: tuple[int, int] = (0, 0)  # of attention weights; (0, 0): it gives none

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        self.model, self.processor = model, processor
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self.specials = frozenset(self.tokenizer.all_special_ids)

    @abstractmethod
    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        """For each photo what is found, best first; the best with attention, if there is any."""

    def prompt(self, purpose: str, language: str, question: str) -> str:
        """What the model is asked for a length or a question; "" if it is asked nothing."""
        del purpose, language, question
        return ""

    def _images(self, photos: Sequence[Pixels]) -> Tensor:
        """The photos as the model takes them (B, 3, height, width)."""
        process = getattr(self.processor, "image_processor", self.processor)
        pixels: Tensor = process(list(photos), return_tensors="pt")["pixel_values"]
        return pixels.to(self.model.device, self.model.dtype)


class _CrossAttending(Family):
    """An encoder of photos and a decoder that looks at them by cross-attention."""

    most_tokens = _CAPTION

    def _with_attention(self, found: list[list[Found]], encoded: Tensor) -> list[list[Found]]:
        """The best of each photo with attention weights, from one pass over its tokens."""
        if self.grid == (0, 0):
            return found
        best = [own[0] for own in found]
        longest = max(len(one.tokens) for one in best)
        fed = torch.full((len(best), longest + 1), self._pad())
        fed[:, 0] = self._start()
        for row, one in enumerate(best):
            fed[row, 1 : 1 + len(one.tokens)] = torch.tensor(one.tokens)
        layers = self._cross_attentions(fed.to(self.model.device), encoded)
        used = layers[len(layers) // 2 :]  # the later ones say more of places
        alphas = torch.stack([layer.float().mean(1) for layer in used]).mean(0)  # (B, T + 1, K)
        places = self.grid[0] * self.grid[1]
        alphas = alphas[..., alphas.shape[-1] - places :]  # the encoder's [CLS] is no place
        alphas = (alphas / alphas.sum(-1, keepdim=True).clamp(min=1e-12)).cpu()
        # What is predicted at a place is the token behind it.
        return [
            [replace(own[0], alphas=alphas[row, : len(own[0].tokens)].numpy()), *own[1:]]
            for row, own in enumerate(found)
        ]

    def _probed(self) -> tuple[int, int]:
        """The grid of the encoder's annotations, from its output for an empty photo."""
        process = getattr(self.processor, "image_processor", self.processor)
        empty = torch.zeros(64, 64, 3, dtype=torch.uint8).numpy()
        pixels = process([empty], return_tensors="pt")["pixel_values"]
        with torch.inference_mode():
            encoded = self._encoded(pixels.to(self.model.device, self.model.dtype))
        for places in (encoded.shape[1], encoded.shape[1] - 1):
            side = math.isqrt(places)
            if side > 1 and side * side == places:
                return side, side
        return 0, 0

    @abstractmethod
    def _encoded(self, pixels: Tensor) -> Tensor:
        """The annotations of photos (B, K, D)."""

    @abstractmethod
    def _cross_attentions(self, tokens: Tensor, encoded: Tensor) -> Sequence[Tensor]:
        """Each layer's weights (B, heads, T, K)."""

    @abstractmethod
    def _start(self) -> int: ...
    @abstractmethod
    def _pad(self) -> int: ...


class Blip(_CrossAttending):
    """BLIP."""

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self.grid = self._probed()

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        del prompts
        encoded = self._encoded(self._images(photos))
        output = self.model.text_decoder.generate(
            input_ids=torch.full((len(photos), 1), self._start(), device=encoded.device),
            encoder_hidden_states=encoded,
            eos_token_id=self.model.config.text_config.sep_token_id,
            pad_token_id=self._pad(),
            **search.options(),
        )
        return self._with_attention(found_by(output, len(photos), self.specials), encoded)

    def _encoded(self, pixels: Tensor) -> Tensor:
        encoded: Tensor = self.model.vision_model(pixel_values=pixels)[0]
        return encoded

    def _cross_attentions(self, tokens: Tensor, encoded: Tensor) -> Sequence[Tensor]:
        output = self.model.text_decoder(
            input_ids=tokens, encoder_hidden_states=encoded, output_attentions=True
        )
        layers: Sequence[Tensor] = output.cross_attentions
        return layers

    def _start(self) -> int:
        return int(self.model.config.text_config.bos_token_id)

    def _pad(self) -> int:
        return int(self.model.config.text_config.pad_token_id)


class EncoderDecoder(_CrossAttending):
    """Any encoder of photos with any decoder of text, such as ViT-GPT2."""

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        model.decoder.set_attn_implementation("eager")  # others do not tell their weights
        self.grid = self._probed()

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        del prompts
        from transformers.modeling_outputs import BaseModelOutput  # noqa: PLC0415 - heavy

        encoded = self._encoded(self._images(photos))
        output = self.model.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded),
            decoder_start_token_id=self._start(),
            pad_token_id=self._pad(),
            **search.options(),
        )
        return self._with_attention(found_by(output, len(photos), self.specials), encoded)

    def _encoded(self, pixels: Tensor) -> Tensor:
        encoded: Tensor = self.model.encoder(pixel_values=pixels)[0]
        return encoded

    def _cross_attentions(self, tokens: Tensor, encoded: Tensor) -> Sequence[Tensor]:
        output = self.model(
            encoder_outputs=(encoded,), decoder_input_ids=tokens, output_attentions=True
        )
        layers: Sequence[Tensor] = output.cross_attentions
        return layers

    def _start(self) -> int:
        return _first_number(
            self.model.generation_config.decoder_start_token_id,
            getattr(self.model.config, "decoder_start_token_id", None),
            self.model.config.decoder.bos_token_id,
        )

    def _pad(self) -> int:
        return _first_number(
            self.model.generation_config.pad_token_id,
            self.tokenizer.pad_token_id,
            self.model.config.decoder.eos_token_id,
            0,
        )


class Git(Family):
    """GIT: photos are read as if they were the beginning of the text."""

    most_tokens = _CAPTION

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
        return prompt(purpose, language, question=question)

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


def _first_number(*candidates: int | None) -> int:
    return next(number for number in candidates if number is not None)


__all__ = ["FAMILIES", "QUESTION", "Family", "Prompted", "family_of"]
