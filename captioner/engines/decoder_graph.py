"""The LSTM decoder as graphs of OpenVINO's: see `captioner.model.decoder`, whose search this is.

Its matrices stay in int8 where checkpoints store them so, and a word costs a quarter of the memory
to be read. What they are multiplied with is float32, unless OpenVINO is told to round that as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import Node, Output
from openvino import opset13 as op

from captioner.checkpoint.file import TensorReader
from captioner.model.configs import LSTMConfig, is_of_the_words

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Int8Matrix:
    """A linear layer's weight, with a scale for each output channel."""

    whole: NDArray[np.int8]  # (out, in)
    scale: Floats  # (out,)

    def columns(self, chosen: slice) -> Int8Matrix:
        """The weight of some of the inputs."""
        return Int8Matrix(np.ascontiguousarray(self.whole[:, chosen]), self.scale)

    def node(self) -> Node:
        """The weight as float32, which OpenVINO does not make of it before it is needed."""
        return op.multiply(
            op.convert(op.constant(self.whole), np.float32), op.constant(self.scale[:, None])
        )

    def dense(self) -> Floats:
        """The weight as float32."""
        return self.whole.astype(np.float32) * self.scale[:, None]

    def rows(self, numbers: Node) -> Node:
        """Some of the weight's rows, as an embedding gives them."""
        whole, scale = op.constant(self.whole), op.constant(self.scale[:, None])
        first = np.array(0)
        chosen = op.convert(op.gather(whole, numbers, first), np.float32)
        return op.multiply(chosen, op.gather(scale, numbers, first))


Matrix = Int8Matrix | Floats


class StepShape(NamedTuple):
    """How much goes through a step; -1 where that is not known beforehand."""

    photos: int  # B
    beams: int  # W
    places: int  # K
    wanted: int  # c, words


@dataclass(frozen=True)
class DecoderGraph:
    """The decoder's weights, and what is made of them; matrices may be int8 or float32."""

    config: LSTMConfig
    weights: dict[str, Any]

    @classmethod
    def taken(
        cls,
        config: LSTMConfig,
        weights: TensorReader,
        *,
        exact: bool,
        named: Callable[[str], str] = "decoder.{}".format,
        core: DecoderGraph | None = None,
    ) -> DecoderGraph:
        """Takes the weights; raises CheckpointError where they do not fit.

        `exact`: float32 matrices stay what they are; else all are int8. `named` says how the file
        calls each weight. What does not depend on the words is that of `core`, if there is one.
        """
        big_d, n, m, a = (
            config.annotation_dim, config.hidden_dim, config.embedding_dim, config.attention_dim,
        )  # fmt: skip
        v = config.vocabulary_size
        shapes: dict[str, tuple[int, ...]] = {
            "embedding.weight": (v, m),
            "attention.of_annotation.weight": (a, big_d),
            "attention.of_hidden.weight": (a, n),
            "attention.of_hidden.bias": (a,),
            "attention.energy.weight": (1, a),
            "gate.weight": (1, n),
            "gate.bias": (1,),
            "lstm.weight_ih": (4 * n, m + big_d),
            "lstm.weight_hh": (4 * n, n),
            "lstm.bias_ih": (4 * n,),
            "lstm.bias_hh": (4 * n,),
            "init_hidden.weight": (n, big_d),
            "init_hidden.bias": (n,),
            "init_cell.weight": (n, big_d),
            "init_cell.bias": (n,),
            "of_hidden.weight": (m, n),
            "of_hidden.bias": (m,),
            "of_context.weight": (m, big_d),
            "of_context.bias": (m,),
            "output.bias": (v,),
        }
        if not config.tied:
            shapes["output.weight"] = (v, m)
        taken: dict[str, Any] = {}
        for name, shape in shapes.items():
            if core and not is_of_the_words(name):
                taken[name] = core.weights[name]
            elif len(shape) == 2 and shape[0] > 1:
                taken[name] = _matrix(weights, named(name), shape, exact=exact)
            else:
                taken[name] = weights.take(named(name), shape).astype(np.float32)
        if config.tied:
            taken["output.weight"] = taken["embedding.weight"]
        return cls(config, taken)

    def start(self, annotations: Node) -> list[Node]:
        """The memory of photos (B, K, D) — projected (B, K, A) and what the annotations add to
        gates and output (B, K, 4n + m) — and the first state, hidden and cell (B, n).
        """
        w, m = self.weights, self.config.embedding_dim
        mean = op.reduce_mean(annotations, np.array([1]))  # (B, D)
        seen = _stacked(_columns(w["lstm.weight_ih"], slice(m, None)), w["of_context.weight"])
        return [
            _product(annotations, w["attention.of_annotation.weight"]),
            _product(annotations, seen),
            op.tanh(_product(mean, w["init_hidden.weight"], w["init_hidden.bias"])),
            op.tanh(_product(mean, w["init_cell.weight"], w["init_cell.bias"])),
        ]

    def step(self, *, end: int, shape: StepShape | None = None) -> openvino.Model:
        """A step. What goes in: words (B, W), their rows of `gates_of_words`, the memory and the
        state (B, W, n) of `start`, and how many words are wanted, c. What comes out: the likeliest
        words (B, W, c), ascending, their log-probabilities, that of the `end` (B, W), alpha
        (B, W, K), next hidden and cell.

        With a `shape` the step is for that alone, and c is no input.
        """
        config, any_shape = self.config, StepShape(-1, -1, -1, -1)
        photos, beams, places, wanted = shape or any_shape
        seen = 4 * config.hidden_dim + config.embedding_dim
        inputs = [
            op.parameter([photos, beams], np.int64),
            op.parameter([photos, beams, 4 * config.hidden_dim], self._gates_type),
            op.parameter([photos, places, config.attention_dim], np.float32),
            op.parameter([photos, places, seen], np.float32),
            *(op.parameter([photos, beams, config.hidden_dim], np.float32) for _ in range(2)),
        ]
        if shape:
            count = op.constant(np.int64(wanted))
            return openvino.Model(self._step(*inputs, wanted=count, end=end), inputs, "step")
        count = op.parameter([], np.int64)
        outputs = self._step(*inputs, wanted=count, end=end)
        return openvino.Model(outputs, [*inputs, count], "step")

    def _step(
        self,
        words: Node,
        of_word: Node,
        projected: Node,
        seen: Node,
        hidden: Node,
        cell: Node,
        *,
        wanted: Node,
        end: int,
    ) -> list[Output]:
        w, config = self.weights, self.config
        n, m, a = config.hidden_dim, config.embedding_dim, config.attention_dim
        embedded = _rows(w["embedding.weight"], words)  # (B, W, m)
        # One product in place of two: each has its price, whatever its size.
        before = _product(
            hidden,
            _stacked(w["attention.of_hidden.weight"], w["lstm.weight_hh"]),
            np.concatenate([w["attention.of_hidden.bias"], w["lstm.bias_hh"]]),
        )
        asked, of_hidden = _split(before, a, 4 * n)
        alpha = self._attention(projected, asked)
        beta = op.sigmoid(op.add(_dot(hidden, w["gate.weight"]), op.constant(w["gate.bias"])))
        looked = op.multiply(beta, alpha)  # (B, W, K), eqs. 6 and 13
        of_gates, of_words = _split(op.matmul(looked, seen, False, False), 4 * n, m)
        gates = op.add(op.add(op.convert(of_word, np.float32), of_gates), of_hidden)
        i, f, g, o = op.split(gates, np.array(2), 4).outputs()  # eq. 1
        kept, new = op.multiply(op.sigmoid(f), cell), op.multiply(op.sigmoid(i), op.tanh(g))
        cell = op.add(kept, new)  # eq. 2
        hidden = op.multiply(op.sigmoid(o), op.tanh(cell))  # eq. 3
        mixed = op.add(  # (B, W, m), eq. 7
            op.add(embedded, _product(hidden, w["of_hidden.weight"], w["of_hidden.bias"])),
            op.add(of_words, op.constant(w["of_context.bias"])),
        )
        scores = _product(mixed, w["output.weight"], w["output.bias"])  # (B, W, V), eq. 7
        log_probs = op.log_softmax(scores, 2)
        likely = op.topk(log_probs, wanted, 2, "max", "index", index_element_type="i64")
        ending = op.gather(log_probs, np.array(end), np.array(2))
        return [
            likely.output(1),
            likely.output(0),
            *(node.output(0) for node in (ending, alpha, hidden, cell)),
        ]

    def gates_of_words(self) -> NDArray[np.float16] | Floats:
        """What each word adds to the gates (V, 4n); looking it up is faster than the product.

        Beside int8 weights it is float16, otherwise float32. It is looked up outside of the graph:
        inside, each step would hold the table twice, in float32.
        """
        embedding = _dense(self.weights["embedding.weight"])
        own = slice(self.config.embedding_dim)
        weight = _columns(self.weights["lstm.weight_ih"], own)
        table: Floats = embedding @ _dense(weight).T + self.weights["lstm.bias_ih"]
        return table.astype(np.float16) if self._gates_type is np.float16 else table

    @property
    def _gates_type(self) -> type[np.float16 | np.float32]:
        int8 = isinstance(self.weights["lstm.weight_ih"], Int8Matrix)
        return np.float16 if int8 else np.float32

    def _attention(self, projected: Node, asked: Node) -> Node:
        """The weights alpha (B, W, K) of what the photos have and the beams ask for (B, W, A)."""
        mixed = op.tanh(
            op.add(op.unsqueeze(projected, np.array(1)), op.unsqueeze(asked, np.array(2)))
        )  # (B, W, K, A)
        e = op.squeeze(_dot(mixed, self.weights["attention.energy.weight"]), np.array(3))  # eq. 4
        return op.softmax(e, 2)  # (B, W, K), eq. 5


def _matrix(weights: TensorReader, name: str, shape: tuple[int, ...], *, exact: bool) -> Matrix:
    if not exact:
        return Int8Matrix(*weights.take_int8(name, shape))
    found, scale = weights.take_stored(name, shape)
    return found.astype(np.float32) if scale is None else Int8Matrix(found, scale)


def _product(x: Node, weight: Matrix, bias: Floats | None = None) -> Node:
    """A linear layer."""
    matrix = weight.node() if isinstance(weight, Int8Matrix) else op.constant(weight)
    y = op.matmul(x, matrix, False, True)
    return y if bias is None else op.add(y, op.constant(bias))


def _columns(weight: Matrix, chosen: slice) -> Matrix:
    if isinstance(weight, Int8Matrix):
        return weight.columns(chosen)
    return np.ascontiguousarray(weight[:, chosen])


def _rows(weight: Matrix, numbers: Node) -> Node:
    if isinstance(weight, Int8Matrix):
        return weight.rows(numbers)
    return op.gather(op.constant(weight), numbers, np.array(0))


def _stacked(*weights: Matrix) -> Matrix:
    """One weight that gives the outputs of several."""
    int8 = [weight for weight in weights if isinstance(weight, Int8Matrix)]
    if len(int8) == len(weights):
        return Int8Matrix(
            np.concatenate([weight.whole for weight in int8]),
            np.concatenate([weight.scale for weight in int8]),
        )
    return np.concatenate([_dense(weight) for weight in weights])


def _dense(weight: Matrix) -> Floats:
    return weight.dense() if isinstance(weight, Int8Matrix) else weight


def _split(x: Node, *sizes: int) -> list[Output]:
    """The last numbers of x (B, W, …) in parts of these sizes."""
    outputs: list[Output] = op.variadic_split(x, np.array(2), np.array(sizes)).outputs()
    return outputs


def _dot(x: Node, weight: Floats) -> Node:
    """A linear layer of one output, which OpenVINO's matrix products take far longer for."""
    return op.reduce_sum(op.multiply(x, op.constant(weight[0])), np.array([-1]), keep_dims=True)
