"""The LSTM decoder as graphs of OpenVINO's: see `captioner.model.lstm`, whose search this is.

Its matrices stay in int8 where checkpoints store them so, and a word costs a quarter of the memory
to be read. What they are multiplied with is float32, unless OpenVINO is told to round that as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openvino import Node, Output
from openvino import opset13 as op

from captioner.checkpoint.tensor_reader import TensorReader
from captioner.model.configs import LSTMConfig

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

    def rows(self, numbers: Node) -> Node:
        """Some of the weight's rows, as an embedding gives them."""
        whole, scale = op.constant(self.whole), op.constant(self.scale[:, None])
        first = np.array(0)
        chosen = op.convert(op.gather(whole, numbers, first), np.float32)
        return op.multiply(chosen, op.gather(scale, numbers, first))


Matrix = Int8Matrix | Floats


@dataclass(frozen=True)
class DecoderGraph:
    """The decoder's weights, and what is made of them; matrices may be int8 or float32."""

    config: LSTMConfig
    weights: dict[str, Any]

    @classmethod
    def taken(cls, config: LSTMConfig, weights: TensorReader, *, exact: bool) -> DecoderGraph:
        """Takes the weights; raises CheckpointError where they do not fit.

        `exact`: float32 matrices stay what they are; else all are int8.
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
            if len(shape) == 2 and shape[0] > 1:
                taken[name] = _matrix(weights, f"decoder.{name}", shape, exact=exact)
            else:
                taken[name] = weights.take(f"decoder.{name}", shape).astype(np.float32)
        if config.tied:
            taken["output.weight"] = taken["embedding.weight"]
        return cls(config, taken)

    def start(self, annotations: Node) -> list[Node]:
        """The memory of photos (B, K, D) — projected (B, K, A), what the annotations add to gates
        (B, K, 4n) and output (B, K, m) — and the first state, hidden and cell (B, n).
        """
        w, m = self.weights, self.config.embedding_dim
        mean = op.reduce_mean(annotations, np.array([1]))  # (B, D)
        return [
            _product(annotations, w["attention.of_annotation.weight"]),
            _product(annotations, _columns(w["lstm.weight_ih"], slice(m, None))),
            _product(annotations, w["of_context.weight"]),
            op.tanh(_product(mean, w["init_hidden.weight"], w["init_hidden.bias"])),
            op.tanh(_product(mean, w["init_cell.weight"], w["init_cell.bias"])),
        ]

    def step_inputs(self) -> list[Node]:
        """How many words are wanted; words (B, W), the memory, the state (B, W, n) of `start`."""
        config = self.config
        n = config.hidden_dim
        sizes = (config.attention_dim, 4 * n, config.embedding_dim)
        return [
            op.parameter([], np.int64),
            op.parameter([-1, -1], np.int64),
            *(op.parameter([-1, -1, size], np.float32) for size in sizes),
            *(op.parameter([-1, -1, n], np.float32) for _ in range(2)),
        ]

    def step(self, inputs: list[Node], *, end: int) -> list[Output]:
        """The likeliest words (B, W, c), ascending, their log-probabilities, that of the `end`
        (B, W), alpha (B, W, K), next hidden and cell.
        """
        wanted, words, projected, of_gates, of_words, hidden, cell = inputs
        w, m = self.weights, self.config.embedding_dim
        embedded = _rows(w["embedding.weight"], words)  # (B, W, m)
        alpha = self._attention(projected, hidden)
        beta = op.sigmoid(_product(hidden, w["gate.weight"], w["gate.bias"]))
        looked = op.multiply(beta, alpha)  # (B, W, K), eqs. 6 and 13
        gates = op.add(
            op.add(
                op.matmul(looked, of_gates, False, False),
                _product(embedded, _columns(w["lstm.weight_ih"], slice(m)), w["lstm.bias_ih"]),
            ),
            _product(hidden, w["lstm.weight_hh"], w["lstm.bias_hh"]),
        )
        i, f, g, o = op.split(gates, np.array(2), 4).outputs()  # eq. 1
        kept, new = op.multiply(op.sigmoid(f), cell), op.multiply(op.sigmoid(i), op.tanh(g))
        cell = op.add(kept, new)  # eq. 2
        hidden = op.multiply(op.sigmoid(o), op.tanh(cell))  # eq. 3
        mixed = op.add(  # (B, W, m), eq. 7
            op.add(embedded, _product(hidden, w["of_hidden.weight"], w["of_hidden.bias"])),
            op.add(op.matmul(looked, of_words, False, False), op.constant(w["of_context.bias"])),
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

    def _attention(self, projected: Node, hidden: Node) -> Node:
        w = self.weights
        asked = _product(hidden, w["attention.of_hidden.weight"], w["attention.of_hidden.bias"])
        mixed = op.tanh(
            op.add(op.unsqueeze(projected, np.array(1)), op.unsqueeze(asked, np.array(2)))
        )  # (B, W, K, A)
        e = op.squeeze(_product(mixed, w["attention.energy.weight"]), np.array(3))  # eq. 4
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
