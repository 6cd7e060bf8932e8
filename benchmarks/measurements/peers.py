"""CaptionBot beside what does the same: a textbook's captioner, and what people would use instead.

In each, at the same number of words and beams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from PIL import Image
from torch import Tensor

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, Times, in_unit, side_by_side
from benchmarks.models import engines, load
from benchmarks.results import Record, ratios
from benchmarks.samples import WORDS
from captioner.checkpoint.torch_checkpoint import Checkpoint, load_checkpoint
from captioner.language.writing import written
from captioner.model.decoder import LSTMDecoder, LSTMMemory, LSTMState

BATCH = 16
BEAMS = 3
_BEAMS_OF_TEXTBOOK = 5
_TOKENS = WORDS + 1  # the end is one as well


def _beside(
    bench: BenchContext,
    other: str,
    caption: Callable[[], object],
    pictures: Sequence[Image.Image],
    *,
    beams: int,
    rounds: int,
    seconds: float,
) -> Times:
    """The times of the other one, and of each of our engines."""
    ours = {
        engine: partial(load(bench.checkpoint, engine=engine).caption, pictures, beam_size=beams)
        for engine in engines()
    }
    return side_by_side(
        {other: caption, **ours},
        rounds=bench.rounds(rounds),
        seconds=bench.seconds(seconds),
        after_round=bench.round_done,
    )


def _record(times: Times, other: str, called: str, photos: int = 1) -> Record:
    """What each took for a photo, and the other one's time in ours."""
    ours = [name for name in times if name != other]
    return Record(
        {f"{other} / {name}": ratios(times[other], times[name]) for name in ours}
        | {called.format(name): in_unit(taken, "ms", photos) for name, taken in times.items()},
        note="" if "openvino" in ours else "the OpenVINO engine is not there",
    )


def _textbook(bench: BenchContext) -> Record:
    pictures = [samples.small(seed) for seed in range(BATCH)]
    textbook = TextbookCaptioner(load_checkpoint(bench.checkpoint), beam_size=_BEAMS_OF_TEXTBOOK)
    times = _beside(
        bench, "textbook", partial(textbook.caption, pictures), pictures,
        beams=_BEAMS_OF_TEXTBOOK, rounds=6, seconds=120,
    )  # fmt: skip
    return _record(times, "textbook", "{}, a photo", BATCH)


def _peer(bench: BenchContext, peer: str, caption: Callable[[], object]) -> Record:
    pictures = [samples.small()]
    times = _beside(bench, peer, caption, pictures, beams=BEAMS, rounds=10, seconds=90)
    return _record(times, peer, "{}")


def _blip(bench: BenchContext) -> Record:
    from transformers import BlipConfig, BlipForConditionalGeneration  # noqa: PLC0415 - takes long to load

    model = BlipForConditionalGeneration(BlipConfig()).eval()
    size = model.config.vision_config.image_size
    return _peer(bench, "BLIP-base", _generating(model, size))


def _vit_gpt2(bench: BenchContext) -> Record:
    from transformers import (  # noqa: PLC0415 - takes long to load
        GPT2Config,
        VisionEncoderDecoderConfig,
        VisionEncoderDecoderModel,
        ViTConfig,
    )

    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(ViTConfig(), GPT2Config())
    config.decoder_start_token_id = config.pad_token_id = config.decoder.bos_token_id
    model = VisionEncoderDecoderModel(config=config).eval()
    return _peer(bench, "ViT-GPT2", _generating(model, model.config.encoder.image_size))


def _generating(model: torch.nn.Module, size: int) -> Callable[[], object]:
    """One photo's caption, from an image that lies ready."""
    image = torch.randn(1, 3, size, size)

    def generate() -> object:
        with torch.inference_mode():
            return model.generate(  # type: ignore[operator]  # of transformers' mixin
                pixel_values=image,
                num_beams=BEAMS,
                min_new_tokens=_TOKENS,
                max_new_tokens=_TOKENS,
            )

    return generate


TEXTBOOK = Measurement(
    name="textbook",
    title="The textbook's implementation",
    about=(
        "`benchmarks/measurements/peers.py`, with the same weights and the same captions: one "
        "photo at a time, the encoder run for it alone, beams as a Python loop, annotations "
        "repeated for each. 16 photos, 5 beams."
    ),
    pieces={"batch 16": _textbook},
)

PEERS = Measurement(
    name="peers",
    title="What people would use instead",
    about=(
        "BLIP-base captioning (384 pixels) and ViT-GPT2 (224 pixels) of `transformers`, with "
        "random weights from their configurations, which cost what trained ones do: one image "
        f"that lies ready, {_TOKENS} tokens, {BEAMS} beams, float32. Beside it CaptionBot's "
        "full-size model from a decoded photo, as many words and beams."
    ),
    pieces={"BLIP-base": _blip, "ViT-GPT2": _vit_gpt2},
)


@dataclass(frozen=True)
class _Beam:
    words: tuple[int, ...]  # with the start
    log_prob: float
    state: LSTMState


class TextbookCaptioner:
    """A captioner for checkpoints with an LSTM decoder."""

    def __init__(self, checkpoint: Checkpoint, *, beam_size: int = 5) -> None:
        """Raises TypeError for a checkpoint with another decoder."""
        if not isinstance(checkpoint.decoder, LSTMDecoder):
            raise TypeError("the textbook's captioner is for LSTM decoders")
        self._checkpoint, self._decoder = checkpoint, checkpoint.decoder
        self._beam_size = beam_size
        self._specials = checkpoint.vocabulary.specials

    def caption(self, photos: Sequence[Image.Image]) -> list[str]:
        """The best caption of each photo."""
        return [self._one(photo) for photo in photos]

    @torch.inference_mode()
    def _one(self, photo: Image.Image) -> str:
        preprocess = self._checkpoint.preprocess
        image = preprocess.normalise(preprocess.to_pixels(photo).unsqueeze(0))  # (1, 3, H, W)
        annotations = self._checkpoint.encoder(image)  # (1, K, D)
        repeated = annotations.repeat(self._beam_size, 1, 1)  # (beams, K, D)
        _, first = self._decoder.start(annotations)
        beams = [_Beam((self._specials.start,), 0.0, first)]
        finished: list[_Beam] = []
        for _ in range(self._checkpoint.generation.max_length):
            grown = self._grown(beams, repeated)
            finished += [beam for beam in grown if beam.words[-1] == self._specials.end]
            beams = [beam for beam in grown if beam.words[-1] != self._specials.end]
            if not beams:
                break
        finished += [self._ended(beam, repeated[:1]) for beam in beams]
        words = max(finished, key=self._rank).words[1:-1]
        return written([self._checkpoint.vocabulary.words[word] for word in words])

    def _grown(self, beams: Sequence[_Beam], repeated: Tensor) -> list[_Beam]:
        """The best continuations, as many as there may be beams."""
        candidates: list[_Beam] = []
        for beam, own in zip(beams, repeated, strict=False):
            log_probs, state = self._step(beam, own.unsqueeze(0))
            allowed = self._specials.forbid(log_probs, torch.tensor(beam.words))
            best, words = allowed.topk(self._beam_size)
            candidates += [
                _Beam((*beam.words, int(word)), beam.log_prob + float(gain), state)
                for gain, word in zip(best, words, strict=True)
            ]
        candidates.sort(key=lambda beam: beam.log_prob, reverse=True)
        return candidates[: self._beam_size]

    def _ended(self, beam: _Beam, annotations: Tensor) -> _Beam:
        """A beam of the greatest length, with the end that it has to take."""
        log_probs, state = self._step(beam, annotations)
        gain = float(log_probs[self._specials.end])
        return _Beam((*beam.words, self._specials.end), beam.log_prob + gain, state)

    def _step(self, beam: _Beam, annotations: Tensor) -> tuple[Tensor, LSTMState]:
        memory = LSTMMemory(annotations, self._decoder.attention.project(annotations))
        scores, _, state = self._decoder.step(torch.tensor([[beam.words[-1]]]), memory, beam.state)
        return torch.log_softmax(scores[0, 0].float(), dim=0), state

    def _rank(self, beam: _Beam) -> float:
        power = self._checkpoint.generation.length_power
        return float(beam.log_prob / (len(beam.words) - 1) ** power)
