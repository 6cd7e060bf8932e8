"""OpenVINO on a CPU, in int8 or in float32, and no torch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial

import numpy as np
import openvino
from openvino import opset13 as op

from captioner.checkpoint.file import CheckpointFile, TensorReader
from captioner.checkpoint.metadata import CheckpointError, tensor_name
from captioner.engines.base import Encoded, Engine, Pixels, by_language, openvino_refuses
from captioner.engines.decoder_graph import DecoderGraph, StepShape
from captioner.engines.encoder_graph import make_encoder_graph
from captioner.engines.numpy_beam_search import Arrays, Grown, Whole, search
from captioner.model.configs import DecoderConfig, LSTMConfig
from captioner.model.search_types import Hypothesis, SearchConfig

# Numbers that share a scale when the decoder's are rounded to int8. On Intel, steps with groups of
# 32 take 8 % longer, on AMD the same; groups of 512 are no faster.
_GROUP = 128
# One photo and the usual beams: a step whose shapes are known beforehand takes less time.
_USUAL_BEAMS = SearchConfig.beam_size
_USUALLY_WANTED = 32  # words, what may not be said among them; more than wanted do no harm
_MEMORY = 2  # of what `DecoderGraph.start` gives, the first belong to the memory
_FIRST = ""  # the group of the first language, which has its decoder for itself

Compile = Callable[[openvino.Model, int], openvino.CompiledModel]  # with so many streams


class OpenVINOEngine(Engine):
    """A checkpoint whose decoders are LSTMs.

    Where it carries the ranges of its encoder, everything is multiplied in int8. Without them,
    everything is float32, and captions are those of torch but for rounding.

    Each photo is encoded by itself, so that nothing of it depends on its batch; where there are
    several, each core takes one, which is faster than all cores at one.

    Each group of languages has the encoder and the start of its decoder in one graph, and each
    language a step. Those of further languages are compiled when a language is first asked for.
    """

    name = "openvino"
    device = "cpu"

    def __init__(self, file: CheckpointFile) -> None:
        """Raises CheckpointError where the checkpoint is none that this engine can have."""
        if reason := openvino_refuses(file):
            raise CheckpointError(f"{file.path}: {reason}")
        self.checkpoint: CheckpointFile = replace(file, tensors={})
        self._group = _GROUP if file.activations else 0  # 0: nothing is rounded
        self._core = openvino.Core()
        first = file.vocabulary.language
        graphs, encoders, places = _graphs(file)
        self._groups = {first: _FIRST, **{code: one.group for code, one in file.languages.items()}}
        self._encoders = {
            group: _Encoder(model, self._compiled) for group, model in encoders.items()
        }
        self._steps = {
            code: _Steps(graph, self.languages[code].vocabulary.end, places, self._compiled)
            for code, graph in graphs.items()
        }
        try:
            self._encoders[_FIRST].compile()
            self._steps[first].compile()
        except RuntimeError as error:
            raise CheckpointError(f"{file.path}: OpenVINO refuses its model") from error

    def encode(self, photos: Sequence[Pixels], languages: Sequence[str]) -> list[Encoded]:
        """What the decoders start with: arrays with a photo a row."""
        return [
            Encoded(language, places, self._encoder(language)([photos[at] for at in places]))
            for language, places in by_language(languages).items()
        ]

    def _encoder(self, language: str) -> _Encoder:
        return self._encoders[self._groups[language]]

    def _search(
        self, language: str, photos: Arrays, config: SearchConfig
    ) -> list[list[Hypothesis]]:
        vocabulary = self.languages[language].vocabulary
        return search(
            self._steps[language],
            photos[:_MEMORY],
            photos[_MEMORY:],
            vocabulary.specials,
            config,
            vocabulary_size=len(vocabulary),
        )

    def _compiled(self, model: openvino.Model, streams: int) -> openvino.CompiledModel:
        return self._core.compile_model(
            model,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",  # what is not int8, on whatever CPU
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": self._group,
                "INFERENCE_NUM_THREADS": _cores(),
                "NUM_STREAMS": streams,
            },
        )


class _Encoder:
    """The encoder with the start of a decoder."""

    def __init__(self, model: openvino.Model, compiled: Compile) -> None:
        self._model, self._compiled = model, compiled

    def __call__(self, photos: Sequence[Pixels]) -> Arrays:
        """What the decoder starts with: arrays with a photo a row."""
        requests = [self._alone] if len(photos) == 1 else self._together
        rows: list[Arrays] = []
        for first in range(0, len(photos), len(requests)):
            begun = list(zip(requests, photos[first:], strict=False))
            for request, photo in begun:
                request.start_async([photo[None]])
            rows += [_waited_for(request) for request, _ in begun]
        return tuple(map(np.concatenate, zip(*rows, strict=True)))

    def compile(self) -> None:
        """Compile now what a single photo needs, not when it is needed."""
        assert self._alone is not None

    @cached_property
    def _alone(self) -> openvino.InferRequest:
        return self._compiled(self._model, 1).create_infer_request()

    @cached_property
    def _together(self) -> list[openvino.InferRequest]:
        model = self._compiled(self._model, _cores())
        return [model.create_infer_request() for _ in range(_cores())]


class _Steps:
    """The steps of a search in one language."""

    def __init__(self, graph: DecoderGraph, end: int, places: int, compiled: Compile) -> None:
        self._graph: DecoderGraph | None = graph  # until it is compiled
        self._end, self._places, self._compiled = end, places, compiled
        self._wanted = min(_USUALLY_WANTED, graph.config.vocabulary_size)

    def compile(self) -> None:
        """Compile now, not at the first step."""
        graph = self._graph
        if graph is None:
            return
        usual = StepShape(1, _USUAL_BEAMS, self._places, self._wanted)
        self._gates = graph.gates_of_words()
        self._step = self._compiled(graph.step(end=self._end), 1).create_infer_request()
        self._usual_step = _UsualStep(self._compiled(graph.step(end=self._end, shape=usual), 1))
        self._graph = None

    def __call__(self, words: Whole, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        """A step of `numpy_beam_search`."""
        self.compile()
        gates = self._gates[words]
        if words.shape == (1, _USUAL_BEAMS) and wanted <= self._wanted:
            return self._usual_step((words, gates), memory, state)
        # Alive as long as they are shared:
        given = (words, gates, *memory, *state, np.array(wanted))
        for number, array in enumerate(given):
            self._step.set_input_tensor(number, openvino.Tensor(array, shared_memory=True))
        self._step.start_async()
        likely, log_probs, ending, alpha, *after = _waited_for(self._step)
        return Grown(likely, log_probs, ending, alpha, tuple(after))


class _UsualStep:
    """The step for one photo and the usual beams, whose arrays stay where they are.

    Making new tensors and copying every output would add time to each step.
    """

    def __init__(self, model: openvino.CompiledModel) -> None:
        self._request = model.create_infer_request()
        words, gates, *memory, hidden, cell = model.inputs
        self._memory: Arrays = ()
        self._memory_numbers = range(2, 2 + len(memory))
        self._words, self._gates, self._hidden, self._cell = (
            self._request.get_tensor(port).data for port in (words, gates, hidden, cell)
        )
        self._outputs = [self._request.get_tensor(port).data for port in model.outputs]

    def __call__(self, words: Arrays, memory: Arrays, state: Arrays) -> Grown:
        """What comes out, but for alpha, holds until the next call."""
        if memory is not self._memory:  # another photo's
            for number, array in zip(self._memory_numbers, memory, strict=True):
                self._request.set_input_tensor(number, openvino.Tensor(array, shared_memory=True))
            self._memory = memory
        self._words[:], self._gates[:] = words
        self._hidden[:], self._cell[:] = state
        self._request.start_async()
        self._request.wait()
        likely, log_probs, ending, alpha, hidden, cell = self._outputs
        return Grown(likely, log_probs, ending, alpha.copy(), (hidden, cell))


def _graphs(
    file: CheckpointFile,
) -> tuple[dict[str, DecoderGraph], dict[str, openvino.Model], int]:
    """Each language's decoder, each group's encoder with the decoder's start, and the number of
    places K.

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
    cores: dict[str, DecoderGraph] = {}  # by group
    graphs = _decoders(file, weights, cores)
    weights.finish()
    encoders = {
        group: openvino.Model(core.start(annotations), [pixels], "encoder")
        for group, core in cores.items()
    }
    return graphs, encoders, annotations.get_output_shape(0)[1]


def _decoders(
    file: CheckpointFile, weights: TensorReader, cores: dict[str, DecoderGraph]
) -> dict[str, DecoderGraph]:
    """Each language's decoder; the first one of each group goes to `cores`."""
    exact = not file.activations
    first = DecoderGraph.taken(_lstm(file.decoder), weights, exact=exact)
    graphs = {file.vocabulary.language: first}
    cores[_FIRST] = first
    for code, one in file.languages.items():
        graphs[code] = DecoderGraph.taken(
            _lstm(one.decoder),
            weights,
            exact=exact,
            named=partial(tensor_name, code, one.group),
            core=cores.get(one.group),
        )
        cores.setdefault(one.group, graphs[code])
    return graphs


def _lstm(config: DecoderConfig) -> LSTMConfig:
    if not isinstance(config, LSTMConfig):
        raise TypeError("openvino_refuses said so")
    return config


def _waited_for(request: openvino.InferRequest) -> Arrays:
    request.wait()
    return tuple(tensor.data.copy() for tensor in request.output_tensors)


def _cores() -> int:
    return len(os.sched_getaffinity(0))
