"""OpenVINO on a CPU, in int8 or in float32, and no torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import openvino
from openvino import opset13 as op

from captioner.checkpoint.file import CheckpointFile
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import Engine, Pixels, openvino_refuses
from captioner.engines.decoder_graph import DecoderGraph, StepShape
from captioner.engines.encoder_graphs import make_encoder_graph
from captioner.engines.numpy_beam_search import Arrays, Grown, Whole, search
from captioner.model.configs import LSTMConfig
from captioner.model.search_types import Hypothesis, SearchConfig, Specials

# Numbers that share a scale when the decoder's are rounded to int8. On Intel, steps with groups of
# 32 take 8 % longer, on AMD the same; groups of 512 are no faster.
_GROUP = 128
# One photo and the usual beams: a step whose shapes are known beforehand takes less time.
_USUAL_BEAMS = SearchConfig.beam_size
_USUALLY_WANTED = 32  # words, what may not be said among them; more than wanted do no harm
_MEMORY = 2  # of what `DecoderGraph.start` gives, the first belong to the memory


class OpenVINOEngine(Engine):
    """A checkpoint whose decoder is an LSTM.

    Where it carries the ranges of its encoder, everything is multiplied in int8. Without them,
    everything is float32, and captions are those of torch but for rounding.

    Each photo is encoded by itself, so that nothing of it depends on its batch; where there are
    several, each core takes one, which is faster than all cores at one.
    """

    name = "openvino"
    device = "cpu"

    def __init__(self, file: CheckpointFile) -> None:
        """Raises CheckpointError where the checkpoint is none that this engine can have."""
        if reason := openvino_refuses(file):
            raise CheckpointError(f"{file.path}: {reason}")
        self.checkpoint: CheckpointFile = replace(file, tensors={})
        self._group = _GROUP if file.activations else 0  # 0: nothing is rounded
        self._usually_wanted = _usually_wanted(file)
        self._core = openvino.Core()
        self._encoder, step, usual_step = _models(file)
        try:
            self._alone = self._compiled(self._encoder, together=False).create_infer_request()
            self._step = self._compiled(step, together=False).create_infer_request()
            self._usual_step = _UsualStep(self._compiled(usual_step, together=False))
        except RuntimeError as error:
            raise CheckpointError(f"{file.path}: OpenVINO refuses its model") from error

    def encode(self, photos: Sequence[Pixels]) -> Arrays:
        """What the decoder starts with: arrays with a photo a row."""
        requests = [self._alone] if len(photos) == 1 else self._together
        rows: list[Arrays] = []
        for first in range(0, len(photos), len(requests)):
            begun = list(zip(requests, photos[first:], strict=False))
            for request, photo in begun:
                request.start_async([photo[None]])
            rows += [_waited_for(request) for request, _ in begun]
        return tuple(map(np.concatenate, zip(*rows, strict=True)))

    def search(
        self, encoded: Arrays, specials: Specials, config: SearchConfig
    ) -> list[list[Hypothesis]]:
        """For each photo at least one hypothesis, best first."""
        return search(
            self._grow,
            encoded[:_MEMORY],
            encoded[_MEMORY:],
            specials,
            config,
            vocabulary_size=len(self.checkpoint.vocabulary),
        )

    def _grow(self, words: Whole, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        if words.shape == (1, _USUAL_BEAMS) and wanted <= self._usually_wanted:
            return self._usual_step(words, memory, state)
        given = (words, *memory, *state, np.array(wanted))  # alive as long as they are shared
        for number, array in enumerate(given):
            self._step.set_input_tensor(number, openvino.Tensor(array, shared_memory=True))
        self._step.start_async()
        likely, log_probs, ending, alpha, *after = _waited_for(self._step)
        return Grown(likely, log_probs, ending, alpha, tuple(after))

    @cached_property
    def _together(self) -> list[openvino.InferRequest]:
        model = self._compiled(self._encoder, together=True)
        return [model.create_infer_request() for _ in range(_cores())]

    def _compiled(self, model: openvino.Model, *, together: bool) -> openvino.CompiledModel:
        return self._core.compile_model(
            model,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",  # what is not int8, on whatever CPU
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": self._group,
                "INFERENCE_NUM_THREADS": _cores(),
                "NUM_STREAMS": _cores() if together else 1,
            },
        )


class _UsualStep:
    """The step for one photo and the usual beams, whose arrays stay where they are.

    Making new tensors and copying every output would add time to each step.
    """

    def __init__(self, model: openvino.CompiledModel) -> None:
        self._request = model.create_infer_request()
        words, *memory, hidden, cell = model.inputs
        self._memory: Arrays = ()
        self._memory_numbers = range(1, 1 + len(memory))
        self._words, self._hidden, self._cell = (
            self._request.get_tensor(port).data for port in (words, hidden, cell)
        )
        self._outputs = [self._request.get_tensor(port).data for port in model.outputs]

    def __call__(self, words: Whole, memory: Arrays, state: Arrays) -> Grown:
        """What comes out, but for alpha, holds until the next call."""
        if memory is not self._memory:  # another photo's
            for number, array in zip(self._memory_numbers, memory, strict=True):
                self._request.set_input_tensor(number, openvino.Tensor(array, shared_memory=True))
            self._memory = memory
        self._words[:], (self._hidden[:], self._cell[:]) = words, state
        self._request.start_async()
        self._request.wait()
        likely, log_probs, ending, alpha, hidden, cell = self._outputs
        return Grown(likely, log_probs, ending, alpha.copy(), (hidden, cell))


def _models(file: CheckpointFile) -> tuple[openvino.Model, openvino.Model, openvino.Model]:
    """The encoder with the decoder's start; a step of any shape, and the usual one.

    Raises CheckpointError.
    """
    weights, size = file.weights, file.preprocess.size
    encoder = make_encoder_graph(file.encoder, weights, file.preprocess, file.activations or None)
    pixels = op.parameter([1, size, size, 3], np.uint8)
    try:
        annotations = encoder.annotations(pixels)
    except KeyError as error:
        raise CheckpointError(
            f"{file.path}: the range of {error.args[0]} is missing; "
            "`captionbot weights engine` makes the ranges anew"
        ) from error
    if not isinstance(file.decoder, LSTMConfig):
        raise TypeError("openvino_refuses said so")
    decoder = DecoderGraph.taken(file.decoder, weights, exact=not file.activations)
    weights.finish()
    end = file.vocabulary.end
    usual = StepShape(
        photos=1,
        beams=_USUAL_BEAMS,
        places=annotations.get_output_shape(0)[1],
        wanted=_usually_wanted(file),
    )
    return (
        openvino.Model(decoder.start(annotations), [pixels], "encoder"),
        decoder.step(end=end),
        decoder.step(end=end, shape=usual),
    )


def _usually_wanted(file: CheckpointFile) -> int:
    return min(_USUALLY_WANTED, len(file.vocabulary))


def _waited_for(request: openvino.InferRequest) -> Arrays:
    request.wait()
    return tuple(tensor.data.copy() for tensor in request.output_tensors)


def _cores() -> int:
    return len(os.sched_getaffinity(0))
