"""Each way of training a decoder learns, and resumes exactly, on made-up annotation vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from torch import Tensor

from captioner.model.decoder import Decoder
from tests.support.features import shape_decoder, shape_stage, vocabulary_of
from training.loop import Stage, Stopped, train_stage

SCHEDULED = {"scheduled_sampling": {"most": 0.3, "end": 0.5}}


def train(
    stage: Stage, config: Any, folder: Path, *, fingerprint: str = "x", save_every: float = 1e9
) -> dict[str, float]:
    return train_stage(
        stage, config, seed=1, folder=folder, fingerprint=fingerprint,
        console=Console(quiet=True), save_every=save_every,
    )  # fmt: skip


def decoder_for(data: Path, kind: str) -> Decoder:
    return shape_decoder(kind, len(vocabulary_of(data)))


@torch.no_grad()
def cider_of(stage: Stage, decoder: Decoder) -> float:
    return stage.validate(decoder.eval())["cider_d"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("soft", {}), ("soft", SCHEDULED), ("hard", {}), ("transformer", {}), ("hard", SCHEDULED)],
    ids=["soft", "scheduled", "hard", "transformer", "hard-scheduled"],
)
def test_it_learns_what_there_is_to_see(
    data: Path, tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    """Colours and shapes of held-out photos, by beam search; a constant caption gets about 0.9."""
    decoder = decoder_for(data, kind)
    config, stage = shape_stage(data, decoder, kind="decoder", epochs=20, **options)
    before = cider_of(stage, decoder)
    scores = train(stage, config, tmp_path)
    assert scores["cider_d"] > 5.0 > before
    assert scores["distinct"] == 6
    assert scores["val_entropy"] < 0.8


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("soft", {"baseline": "greedy"}),
        ("soft", {"baseline": "samples", "bleu_weight": 1.0, "attention_penalty": 0.1}),
        ("transformer", {"baseline": "samples"}),
    ],
    ids=["greedy", "samples", "transformer"],
)
def test_self_critical_training_raises_what_it_is_paid_for(
    data: Path, tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    decoder = decoder_for(data, kind)
    config, stage = shape_stage(data, decoder, kind="decoder", epochs=4)
    train(stage, config, tmp_path / "a")
    config, stage = shape_stage(
        data, decoder, kind="self_critical", epochs=45, batch_size=24, learning_rate=3e-3, **options
    )
    decoder.eval()
    before = rewards_of(stage)
    scores = train(stage, config, tmp_path / "b")
    assert rewards_of(stage) > before + 1.0
    assert scores["cider_d"] > 5.0
    assert scores["bad_endings"] == 0


def rewards_of(stage: Any) -> float:
    """The mean reward of captions drawn now."""
    with torch.no_grad():
        return float(stage.loss(0, torch.Generator().manual_seed(9))[1]["reward"])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("hard", {"kind": "decoder", "epochs": 2, **SCHEDULED}),
        ("transformer", {"kind": "decoder", "epochs": 2, **SCHEDULED}),
        ("soft", {"kind": "self_critical", "epochs": 4}),
    ],
    ids=["hard", "transformer", "self_critical"],
)
def test_stopped_and_resumed_it_ends_with_the_same_weights(
    data: Path, tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    """Also what is beside weights and optimizer: hard attention's moving average."""

    def fresh() -> tuple[Any, Any, Decoder]:
        decoder = decoder_for(data, kind)
        return *shape_stage(data, decoder, **options), decoder

    config, stage, whole = fresh()
    train(stage, config, tmp_path / "whole")
    config, stage, _ = fresh()
    stop_after(stage, 5)
    with pytest.raises(Stopped):
        train(stage, config, tmp_path / "broken")
    config, stage, resumed = fresh()
    train(stage, config, tmp_path / "broken")
    assert same(whole.state_dict(), resumed.state_dict())


def stop_after(stage: Any, steps: int) -> None:
    """Ask the training to stop, as Ctrl-C would, in the middle of a step."""
    import signal

    loss = stage.loss

    def stopping(step: int, generator: torch.Generator) -> Any:
        if step == steps:
            # Not by `raise_signal`: OpenVINO, which other tests load, makes that end the process.
            handler = signal.getsignal(signal.SIGTERM)
            assert callable(handler)
            handler(signal.SIGTERM, None)
        return loss(step, generator)

    stage.loss = stopping


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(t, other[n]) for n, t in one.items())


def test_a_step_draws_nothing_from_what_went_before(data: Path) -> None:
    """The same step, with the same generator, twice, whatever the global generator says."""
    for kind, options in (
        ("hard", {"kind": "decoder", "epochs": 2, **SCHEDULED}),
        ("soft", {"kind": "self_critical", "epochs": 2}),
    ):
        decoder = decoder_for(data, kind).eval()  # dropout is seeded by the loop
        _, stage = shape_stage(data, decoder, **options)
        losses = []
        for seed in (1, 2):
            torch.manual_seed(seed)
            if options["kind"] == "decoder":
                stage.load_extra_state({"baseline": torch.tensor(-2.0)})
            losses.append(float(stage.loss(3, torch.Generator().manual_seed(5))[0].detach()))
        assert losses[0] == losses[1]


def test_mixed_precision_says_nearly_the_same(data: Path) -> None:
    """Every loss runs under autocast (on the CPU here; training uses it on CUDA alone)."""
    for kind, options in (
        ("soft", {"kind": "decoder", "epochs": 2}),
        ("hard", {"kind": "decoder", "epochs": 2, **SCHEDULED}),
        ("transformer", {"kind": "decoder", "epochs": 2}),
        ("soft", {"kind": "self_critical", "epochs": 2, "attention_penalty": 1.0}),
        ("transformer", {"kind": "self_critical", "epochs": 2}),
    ):
        decoder = decoder_for(data, kind).eval()
        _, stage = shape_stage(data, decoder, **options)
        full = stage.loss(3, torch.Generator().manual_seed(5))[0]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = stage.loss(3, torch.Generator().manual_seed(5))[0]
        half.backward()
        grads = [p.grad for p in decoder.parameters() if p.grad is not None]
        assert all(bool(g.isfinite().all()) for g in grads)
        if options == {"kind": "decoder", "epochs": 2}:
            assert float(half.detach()) == pytest.approx(float(full.detach()), rel=0.05)


def test_early_stopping_keeps_the_best_weights(data: Path, tmp_path: Path) -> None:
    """A learning rate that ruins what was learned: the stage ends, with what was best."""
    decoder = decoder_for(data, "soft")
    config, stage = shape_stage(
        data, decoder, kind="decoder", epochs=60, validate_every=5, learning_rate=0.2, warm_up=0.6,
        average=0.0, early_stopping={"patience": 2},
    )  # fmt: skip
    scores = train(stage, config, tmp_path)
    validations = [
        record for record in map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines())
        if "validation" in record
    ]  # fmt: skip
    found = [record["validation"]["cider_d"] for record in validations]
    assert len(found) < 12
    assert found.index(max(found)) == len(found) - 3  # two worse ones, and it ends
    assert scores["cider_d"] == max(found)
    assert cider_of(stage, decoder) == max(found)
