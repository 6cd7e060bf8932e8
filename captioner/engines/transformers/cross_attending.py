"""Families with an encoder of photos and a decoder that looks at them by cross-attention."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache, EncoderDecoderCache

from captioner.engines.base import Pixels
from captioner.engines.transformers.families import (
    CAPTION_TOKENS,
    Family,
    Found,
    Search,
    found_by,
)


class PhotoKeys(DynamicCache):  # type: ignore[misc]  # transformers loads it lazily, as Any
    """Keys and values of the photos' annotations, for each layer of a decoder.

    Beams of a photo share them, so they are computed once for each photo, and nothing moves when
    beams change their places. transformers computes them for every beam and copies them at every
    token, which for BLIP costs about as much as the encoder.
    """

    def repeated(self, copies: int) -> PhotoKeys:
        """For `copies` beams of each photo."""
        if copies == 1:
            return self
        repeated = PhotoKeys()
        for number, layer in enumerate(self.layers):
            repeated.update(
                layer.keys.repeat_interleave(copies, 0),
                layer.values.repeat_interleave(copies, 0),
                number,
            )
        return repeated

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """Do nothing: beams move only among those of their photo."""


class CrossAttending(Family):
    """An encoder of photos and a decoder that looks at them by cross-attention."""

    most_tokens = CAPTION_TOKENS

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        self.grid = self._probed()

    def search(
        self, photos: Sequence[Pixels], search: Search, prompts: Sequence[str]
    ) -> list[list[Found]]:
        del prompts
        encoded = self._encoded(self._images(photos))
        keys = self._keys(encoded)
        output = self._generated(
            encoded,
            cache=EncoderDecoderCache(DynamicCache(), keys.repeated(search.beam_size)),
            pad_token_id=self._pad(),
            **search.options(),
        )
        found = found_by(output, len(photos), self.specials, self.ends)
        return self._with_attention(found, encoded, keys)

    def _keys(self, encoded: Tensor) -> PhotoKeys:
        """What the decoder's layers look at, from a pass over the first token."""
        start = torch.full((len(encoded), 1), self._start(), device=encoded.device)
        keys = PhotoKeys()
        self._decoded(start, encoded, cache=EncoderDecoderCache(DynamicCache(), keys))
        return keys

    def _with_attention(
        self, found: list[list[Found]], encoded: Tensor, keys: PhotoKeys
    ) -> list[list[Found]]:
        """The best of each photo with attention weights, from one pass over its tokens."""
        if self.grid == (0, 0):
            return found
        best = [own[0] for own in found]
        longest = max(len(one.tokens) for one in best)
        fed = torch.full((len(best), longest + 1), self._pad())
        fed[:, 0] = self._start()
        for row, one in enumerate(best):
            fed[row, 1 : 1 + len(one.tokens)] = torch.tensor(one.tokens)
        cache = EncoderDecoderCache(DynamicCache(), keys)
        output = self._decoded(
            fed.to(self.model.device), encoded, cache=cache, output_attentions=True
        )
        layers: Sequence[Tensor] = output.cross_attentions  # each (B, heads, T + 1, K)
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
        empty = torch.zeros(64, 64, 3, dtype=torch.uint8).numpy()
        with torch.inference_mode():
            encoded = self._encoded(self._images([empty]))
        for places in (encoded.shape[1], encoded.shape[1] - 1):
            side = math.isqrt(places)
            if side > 1 and side * side == places:
                return side, side
        return 0, 0

    @abstractmethod
    def _encoded(self, pixels: Tensor) -> Tensor:
        """The annotations of photos (B, K, D)."""

    @abstractmethod
    def _generated(self, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        """What `generate` returns for annotations."""

    @abstractmethod
    def _decoded(self, tokens: Tensor, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        """The output of one pass of the decoder over tokens (B, T)."""

    @abstractmethod
    def _start(self) -> int: ...
    @abstractmethod
    def _pad(self) -> int: ...


class Blip(CrossAttending):
    """BLIP."""

    def _ends(self) -> frozenset[int]:
        return frozenset([self.model.config.text_config.sep_token_id])

    def _encoded(self, pixels: Tensor) -> Tensor:
        encoded: Tensor = self.model.vision_model(pixel_values=pixels)[0]
        return encoded

    def _generated(self, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        return self.model.text_decoder.generate(
            input_ids=torch.full((len(encoded), 1), self._start(), device=encoded.device),
            encoder_hidden_states=encoded,
            eos_token_id=next(iter(self.ends)),
            **options,
        )

    def _decoded(self, tokens: Tensor, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        return self.model.text_decoder(
            input_ids=tokens, encoder_hidden_states=encoded, use_cache=True, **options
        )

    def _start(self) -> int:
        return int(self.model.config.text_config.bos_token_id)

    def _pad(self) -> int:
        return int(self.model.config.text_config.pad_token_id)


class EncoderDecoder(CrossAttending):
    """Any encoder of photos with any decoder of text, such as ViT-GPT2."""

    def __init__(self, model: Any, processor: Any) -> None:  # noqa: ANN401 - any of theirs
        super().__init__(model, processor)
        model.decoder.set_attn_implementation("eager")  # others do not tell their weights

    def _encoded(self, pixels: Tensor) -> Tensor:
        encoded: Tensor = self.model.encoder(pixel_values=pixels)[0]
        return encoded

    def _generated(self, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        from transformers.modeling_outputs import BaseModelOutput  # noqa: PLC0415 - takes long to load

        return self.model.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded),
            decoder_start_token_id=self._start(),
            **options,
        )

    def _decoded(self, tokens: Tensor, encoded: Tensor, **options: Any) -> Any:  # noqa: ANN401 - the library has it so
        return self.model(
            encoder_outputs=(encoded,), decoder_input_ids=tokens, use_cache=True, **options
        )

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


def _first_number(*candidates: int | None) -> int:
    return next(number for number in candidates if number is not None)
