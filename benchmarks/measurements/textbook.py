"""CaptionBot beside the textbook's way of doing the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.models import engines, load
from benchmarks.results import Record, ratios
from captioner.captioner import Captioner
from captioner.checkpoint.torch_checkpoint import Checkpoint, load_checkpoint
from captioner.language.writing import written
from captioner.model.decoder import LSTMDecoder, LSTMMemory, LSTMState

BATCH = 16


def _measure(bench: BenchContext) -> Record:
    pictures = [samples.small(seed) for seed in range(BATCH)]
    textbook = TextbookCaptioner(load_checkpoint(bench.checkpoint))
    ours = {engine: load(bench.checkpoint, engine=engine) for engine in engines()}
    times = side_by_side(
        {
            "textbook": lambda: textbook.caption(pictures),
            **{name: _captioning(one, pictures) for name, one in ours.items()},
        },
        rounds=bench.rounds(6),
        seconds=bench.seconds(120),
        after_round=bench.round_done,
    )
    figures = {f"textbook / {name}": ratios(times["textbook"], times[name]) for name in ours} | {
        f"{name}, a photo": in_unit(taken, "ms", BATCH) for name, taken in times.items()
    }
    missing = "" if "openvino" in ours else "the OpenVINO engine is not there"
    return Record(figures, note=missing)


def _captioning(captioner: Captioner, pictures: Sequence[Image.Image]) -> Callable[[], object]:
    return lambda: captioner.caption(pictures, beam_size=5)


MEASUREMENT = Measurement(
    name="textbook",
    title="The textbook's implementation",
    about=(
        "`benchmarks/measurements/textbook.py`, with the same weights and the same captions: one "
        "photo at a time, the encoder run for it alone, beams as a Python loop, annotations "
        "repeated for each. 16 photos, 5 beams."
    ),
    pieces={"batch 16": _measure},
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
