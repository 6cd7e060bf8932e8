"""Encoder and decoder together: batches of photos, and what moves in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import torch
from pydantic import TypeAdapter
from torch import Tensor

from captioner.model.configs import EncoderName, LSTMConfig
from captioner.model.encoder import ResNet
from captioner.model.factory import make_decoder, make_encoder
from captioner.model.preprocess import Preprocess
from tests.support.features import DEV, TRAIN, vocabulary_of
from tests.training.stages.test_frozen_encoder import same, stop_after, train
from training.config import GenerationConfig
from training.data.augment import uncropped_views
from training.data.captions import tokenize_captions
from training.data.decoding import open_rgb
from training.data.reader_base import DataError
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.loop import Stopped
from training.losses.caption_loss import CaptionLoss
from training.losses.self_critical import SelfCriticalLoss
from training.stage_config import AnyStage, EndToEndStage
from training.stages.caption_batches import Batch, CaptionBatches
from training.stages.end_to_end import EndToEndTraining, freeze_batch_norm, unfold

AS_TRAINED = Preprocess(size=64)


def stage_on(
    data: Path, tmp_path: Path, preprocess: Preprocess = AS_TRAINED, /, **options: object
) -> tuple[EndToEndTraining, EndToEndStage]:
    config: Any = TypeAdapter[AnyStage](AnyStage).validate_python(
        {
            "kind": "end_to_end", "name": "together", "train": TRAIN, "val": DEV, "packed_size": 64,
            "epochs": 1, "batch_size": 12, "learning_rate": 1e-3, **options,
        }
    )  # fmt: skip
    torch.manual_seed(0)
    vocabulary = vocabulary_of(data)
    decoder = make_decoder(LSTMConfig(len(vocabulary), 512, 24, 24, 16, dropout=0.0))
    captions = CaptionBatches(
        config, vocabulary, GenerationConfig(max_length=10), data=data, seed=1
    )
    stage = EndToEndTraining(
        ResNet("resnet18"), decoder, config, captions, preprocess=preprocess,
        image_size=64, cache=tmp_path, device=torch.device("cpu"),
    )  # fmt: skip
    return stage, config


def test_an_epoch_has_every_photo_once_with_its_captions(data: Path, tmp_path: Path) -> None:
    stage, _ = stage_on(data, tmp_path, captions=2)
    captions = stage._captions
    assert stage.steps_per_epoch == 48 // 12
    batches = [captions.photo_batch(step, 2, SINGLE_PROCESS) for step in range(4)]
    assert sorted(torch.cat([b.photos for b in batches]).tolist()) == list(range(48))
    vocabulary, said = captions.vocabulary, tokenize_captions(captions.train)
    for batch in batches:
        assert batch.token_ids.shape[:2] == (12, 2)
        for photo, token_ids in zip(batch.photos.tolist(), batch.token_ids.tolist(), strict=True):
            own = [[vocabulary.words[n] for n in row if n > vocabulary.end] for row in token_ids]
            assert sorted(own) == sorted(said[photo])
    again = captions.photo_batch(5, 2, SINGLE_PROCESS)
    assert again.photos.tolist() != batches[1].photos.tolist()  # another epoch, another order
    assert torch.equal(again.token_ids, captions.photo_batch(5, 2, SINGLE_PROCESS).token_ids)


@torch.no_grad()
def test_what_is_validated_is_what_is_served(data: Path, tmp_path: Path) -> None:
    """Held-out photos are not resized by way of the sizes that training has use for."""
    preprocess = Preprocess(size=96, detail=48)
    stage, _ = stage_on(data, tmp_path, preprocess, packed_size=80)
    stage.module.eval()
    seen: list[Tensor] = []
    encoder = stage.module.encoder
    hook = encoder.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    stage.validate(stage.module)
    hook.remove()
    served = [preprocess.to_pixels(open_rgb(p.path, "")) for p in stage._captions.val]
    assert torch.equal(torch.cat(seen), preprocess.normalise(torch.stack(served)))


class _OfTwo(ProcessGroup):
    count = 2

    def __init__(self, rank: int) -> None:
        self.rank = rank


def test_processes_share_the_photos(data: Path, tmp_path: Path) -> None:
    """Together they have what one process would have; words count as much in either."""
    captions = stage_on(data, tmp_path)[0]._captions
    whole = captions.photo_batch(0, 3, SINGLE_PROCESS)
    parts = [captions.photo_batch(0, 3, _OfTwo(rank)) for rank in (0, 1)]
    assert torch.equal(torch.stack([p.photos for p in parts], 1).flatten(), whole.photos)
    assert torch.equal(torch.stack([p.token_ids for p in parts], 1).flatten(0, 1), whole.token_ids)
    assert sum(p.weight for p in parts) == pytest.approx(2.0)


@pytest.mark.parametrize("options", [{}, {"attention_penalty": 0.0, "label_smoothing": 0.0}])
def test_several_captions_cost_what_they_cost_one_by_one(
    options: dict[str, object], data: Path, tmp_path: Path
) -> None:
    """The loss of B photos with W captions is that of B × W photos with one."""
    stage, config = stage_on(data, tmp_path, captions=2, **options)
    batch = stage._captions.photo_batch(0, 2, SINGLE_PROCESS)
    annotations = torch.randn(12, 4, 512)
    apart = Batch(
        batch.photos.repeat_interleave(2), batch.flippable.repeat_interleave(2),
        batch.token_ids.flatten(0, 1).unsqueeze(1), 1.0,
    )  # fmt: skip
    loss = CaptionLoss(config, stage._captions.vocabulary, photos=stage._captions.train, steps=4)
    decoder = stage.module.decoder.eval()
    crops = uncropped_views(torch.zeros(12, dtype=torch.bool))
    one, _ = loss(decoder, annotations, crops, batch, step=0, generator=torch.Generator())
    other, _ = loss(
        decoder, annotations.repeat_interleave(2, 0), crops.repeat_interleave(2, 0), apart,
        step=0, generator=torch.Generator(),
    )  # fmt: skip
    torch.testing.assert_close(one, other)


@pytest.mark.parametrize("batch_norm", ["frozen", "train"])
def test_batch_norm_moves_where_it_is_told_to(batch_norm: str, data: Path, tmp_path: Path) -> None:
    stage, _ = stage_on(data, tmp_path, batch_norm=batch_norm)
    before = {n: t.clone() for n, t in stage.module.state_dict().items() if "running" in n}
    assert before
    stage.set_training_mode()
    loss, _ = stage.loss(0, torch.Generator().manual_seed(0))
    loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    after = stage.module.state_dict()
    moved = {name for name, tensor in before.items() if not torch.equal(tensor, after[name])}
    assert moved == (set(before) if batch_norm == "train" else set())
    assert all(p.grad is not None for p in stage.module.encoder.parameters())


SELF_CRITICAL = {"self_critical": {"samples": 4}}


def test_the_encoder_makes_what_is_paid_for_likelier(data: Path, tmp_path: Path) -> None:
    """Of the same drawn captions, by a step of the encoder alone."""
    stage, _ = stage_on(data, tmp_path, **SELF_CRITICAL)
    stage.set_training_mode()
    assert isinstance(stage._self_critical, SelfCriticalLoss)
    drawn: list[Tensor] = []
    draw = stage._self_critical._draw

    def once(*given: Any) -> Tensor:
        drawn[:] = drawn or [draw(*given)]
        return drawn[0]

    stage._self_critical._draw = once  # type: ignore[method-assign,assignment]  # the same again
    encoder = torch.optim.SGD(stage.module.encoder.parameters(), 0.01)
    losses = []
    for _ in range(5):
        loss, numbers = stage.loss(0, torch.Generator().manual_seed(0))
        assert numbers["reward"] > 0
        encoder.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
        encoder.step()
        losses.append(float(loss.detach()))
    assert losses == sorted(losses, reverse=True)
    assert all(p.grad is not None for p in stage.module.parameters())


def test_drawn_captions_know_no_dropout(data: Path, tmp_path: Path) -> None:
    stage, _ = stage_on(data, tmp_path, **SELF_CRITICAL)
    stage.module.decoder.dropout = torch.nn.Dropout(0.9)
    stage.set_training_mode()
    assert not any(part.training for part in stage.module.decoder.modules())
    assert stage.module.encoder.training
    losses = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        losses.append(float(stage.loss(0, torch.Generator().manual_seed(0))[0].detach()))
    assert losses[0] == losses[1]


def test_stopped_and_resumed_a_self_critical_stage_ends_with_the_same_weights(
    data: Path, tmp_path: Path
) -> None:
    stage, config = stage_on(data, tmp_path, **SELF_CRITICAL)
    train(stage, config, tmp_path / "whole")
    broken, _ = stage_on(data, tmp_path, **SELF_CRITICAL)
    stop_after(broken, 2)
    with pytest.raises(Stopped):
        train(broken, config, tmp_path / "broken")
    resumed, _ = stage_on(data, tmp_path, **SELF_CRITICAL)
    train(resumed, config, tmp_path / "broken")
    assert same(stage.module.state_dict(), resumed.module.state_dict())


def test_an_epoch_has_every_photo_once(data: Path, tmp_path: Path) -> None:
    stage, _ = stage_on(data, tmp_path, **SELF_CRITICAL)
    assert stage.steps_per_epoch == 48 // 12
    seen: list[int] = []
    assert isinstance(stage._self_critical, SelfCriticalLoss)
    rewards = stage._self_critical._rewards_of

    def watched(photos: Tensor, captions: Tensor) -> Tensor:
        seen.extend(photos.tolist())
        return rewards(photos, captions)

    stage._self_critical._rewards_of = watched  # type: ignore[method-assign]  # sees what it is asked
    for step in range(4):
        stage.loss(step, torch.Generator().manual_seed(step))
    assert sorted(seen) == list(range(48))


def test_frozen_batch_norm_does_not_drift_and_a_thawed_one_does() -> None:
    encoder = ResNet("resnet18").train()
    before = {n: t.clone() for n, t in encoder.state_dict().items()}
    freeze_batch_norm(encoder)
    encoder(torch.randn(4, 3, 64, 64))
    assert all(torch.equal(t, before[n]) for n, t in encoder.state_dict().items())
    encoder.train()
    encoder(torch.randn(4, 3, 64, 64))
    assert not torch.equal(
        encoder.state_dict()["stem.1.running_mean"], before["stem.1.running_mean"]
    )


@pytest.mark.parametrize("name", ["resnet18", "resnet50v2", "efficientnet_lite0"])
def test_what_a_folded_encoder_learnt_is_given_back(name: EncoderName) -> None:
    torch.manual_seed(0)
    encoder = make_encoder(name)
    encoder.train()(torch.randn(8, 3, 64, 64))  # batch norm that is not the identity
    folded = encoder.eval().folded()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        for parameter in folded.parameters():
            parameter.add_(0.001 * torch.randn_like(parameter))
        before = encoder(images)
        unfold(folded, encoder)
        torch.testing.assert_close(encoder(images), folded(images), atol=1e-3, rtol=1e-3)
    assert not torch.allclose(encoder(images), before, atol=1e-3)


def test_frozen_stages_stay_and_the_rest_learns(data: Path, tmp_path: Path) -> None:
    stage, config = stage_on(data, tmp_path, batch_norm="folded", frozen_stages=3)
    stage.set_training_mode()
    loss, _ = stage.loss(0, torch.Generator().manual_seed(0))
    loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    stages = stage.module.encoder.stages()
    assert all(p.grad is None for part in stages[:3] for p in part.parameters())
    assert all(p.grad is not None for part in stages[3:] for p in part.parameters())
    trained = {p for group in stage.parameter_groups(config) for p in cast("Any", group["params"])}
    assert trained.isdisjoint(p for part in stages[:3] for p in part.parameters())


def test_more_frozen_stages_than_there_are_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has 5 stages"):
        stage_on(data, tmp_path, frozen_stages=6)
