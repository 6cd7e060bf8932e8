"""A sentence on each part of a profile: what it is, and what would make it smaller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.measurements import profile as parts
from benchmarks.measurements.profile import BETWEEN, WHOLE
from benchmarks.results import Pieces, Statistic
from captioner.telemetry.tracing import Stage

LEAST = 3.0  # per cent; smaller parts are added up

EXPLAINED: Mapping[str, str] = {
    parts.PIXELS: "Resizing by Pillow, once a photo; in a worker it runs beside the "
    "model, while that has the batch before.",
    parts.ENCODER: "The ResNet in int8, one photo a call; the floor under everything, and only a "
    "smaller encoder or image lowers it.",
    parts.CONVOLUTIONS: "The floor: the ResNet's convolutions in float32 by oneDNN, with batch "
    "norm folded into them. The int8 engine is what lowers it.",
    parts.OTHER_LAYERS: "Additions, ReLU and pooling between the convolutions, bound by memory, "
    "and the calls themselves.",
    parts.START: "The annotations' projections, made once a photo so that no step has to touch "
    "the largest matrices.",
    parts.STEPS: "One run of the decoder's graph a word, for all beams; mostly the output layer, "
    "which reads its whole matrix for every word, and the choice of the likeliest words.",
    parts.PRODUCTS: "The output layer over the whole vocabulary and the LSTM's gates, once a word; "
    "for one photo it is reading their matrices from memory that takes the time, which a batch "
    "shares.",
    parts.THE_REST: "Attention's tanh and softmax, the gates' sigmoids, and what it costs to call "
    "some thirty small operators a word.",
    parts.SEARCH: "Finding the best continuations of all beams, and moving the beams' states, once "
    "a word.",
    parts.SENTENCES: "Reading hypotheses back from leaf to root and turning numbers to words, "
    "attention included.",
    Stage.INTAKE: "Decoding the foreign file in a process of its own and writing the small JPEG; "
    "JPEGs are opened at a fraction of their size already.",
    Stage.WAITING: "On the queue until a worker that is idle has it: one round trip.",
    Stage.DECODE: "Opening the small JPEG in the worker; under load that happens beside the model.",
    Stage.MODEL: "The caption itself, which the other profiles divide.",
    Stage.REPLY: "From the reply on its stream to the answer at the person's connection.",
    BETWEEN: "Receiving 200 kB by HTTP, admission, the worker's transaction, and the ways of a "
    "photo between four processes.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a profile."""

    part: str
    share: Statistic  # per cent
    sentence: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of something goes."""

    what: str
    whole: Statistic | None  # None where it was not measured
    rows: tuple[Row, ...] = ()  # the largest first
    rest: float = 0.0  # per cent, of parts that are small
    why_not: str = ""


def profiles(pieces: Pieces) -> list[Profile]:
    """The profiles that were made."""
    return [
        _profile(what, piece.record.figures)
        if piece.record.figures
        else Profile(what, None, why_not=piece.record.skipped)
        for what, piece in pieces.items()
    ]


def _profile(what: str, figures: Mapping[str, Statistic]) -> Profile:
    shares = {part: share for part, share in figures.items() if part != WHOLE}
    large = {part: share for part, share in shares.items() if share.median >= LEAST}
    rows = (Row(part, share, EXPLAINED[part]) for part, share in large.items())
    rest = sum(share.median for part, share in shares.items() if part not in large)
    return Profile(what, figures[WHOLE], tuple(rows), rest)
