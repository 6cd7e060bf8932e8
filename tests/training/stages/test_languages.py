"""Several languages on one encoder: each learns its own words, in turns, and resumes exactly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import TypeAdapter
from rich.console import Console

from captioner.checkpoint.torch_checkpoint import Checkpoint
from captioner.checkpoint.vocabulary import Vocabulary
from captioner.model.decoder import Decoder
from captioner.model.factory import make_encoder
from captioner.model.preprocess import Preprocess
from tests.support.features import (
    DEV,
    TRAIN,
    USUAL,
    shape_decoder,
    shape_features,
    shape_stage,
    vocabulary_of,
)
from tests.support.shapes import write_translations
from training.config import GenerationConfig, LanguagesConfig
from training.data.captions import build_vocabulary, caption_words
from training.data.registry import read_sources, source_in
from training.loop import Stopped, train_stage
from training.stage_config import AnyStage
from training.stages.caption_batches import CaptionBatches
from training.stages.frozen_encoder import frozen_encoder_stage
from training.stages.languages import (
    LanguageDecoders,
    LanguagesTraining,
    initial_language_decoders,
    places_of,
)


@pytest.fixture(scope="module")
def spoken(data: Path) -> Path:
    """The drawn photos with captions in German and, but for a fourth of them, in French."""
    write_translations(data)
    return data


def added(**options: object) -> LanguagesConfig:
    return LanguagesConfig.model_validate(
        {"codes": ["de", "fr"], "sources": TRAIN, "min_count": 2} | options
    )


def vocabularies(data: Path) -> dict[str, Vocabulary]:
    return {
        code: build_vocabulary(*caption_words([source_in(TRAIN[0], code)], data), min_count=2)
        for code in ("de", "fr")
    }


def trained_english(data: Path, folder: Path) -> Decoder:
    decoder = shape_decoder("soft", len(vocabulary_of(data)))
    config, stage = shape_stage(data, decoder, kind="decoder", epochs=12)
    train_stage(stage, config, seed=1, folder=folder, fingerprint="en", console=Console(quiet=True))
    return decoder


def stage_of(
    data: Path,
    decoders: LanguageDecoders,
    *,
    balance: float = 0.5,
    share: dict[str, float] | None = None,
    **options: object,
) -> tuple[Any, LanguagesTraining]:
    config = TypeAdapter[AnyStage](AnyStage).validate_python(USUAL | options)
    train, val = read_sources(TRAIN, data), read_sources(DEV, data)
    features, stages = shape_features(), {}
    for code, vocabulary in vocabularies(data).items():
        own: Any = config.model_copy(
            update={"train": (source_in(TRAIN[0], code),), "val": (source_in(DEV[0], code),)}
        )
        captions = CaptionBatches(
            own, vocabulary, GenerationConfig(max_length=10), data=data, seed=1
        )
        part = features.of(places_of(captions.train, train), places_of(captions.val, val))
        stages[code] = frozen_encoder_stage(decoders[code], own, captions, part, data=data, seed=1)
    return config, LanguagesTraining(decoders, stages, balance=balance, share=share, seed=1)


def begun(data: Path, english: Decoder, **options: object) -> LanguageDecoders:
    torch.manual_seed(0)
    start = Checkpoint(make_encoder("resnet18"), english, vocabulary_of(data), Preprocess(size=64))
    return initial_language_decoders(start, vocabularies(data), added(**options), data)


@pytest.mark.parametrize("shared", [True, False])
def test_each_language_learns_and_begins_with_what_english_knows(
    spoken: Path, tmp_path: Path, shared: bool
) -> None:
    english = trained_english(spoken, tmp_path / "english")
    decoders = begun(spoken, english, shared=shared)
    config, stage = stage_of(spoken, decoders, kind="decoder", epochs=6, learning_rate=5e-3)
    scores = train_stage(
        stage, config, seed=1, folder=tmp_path / "run", fingerprint="x", console=Console(quiet=True)
    )
    assert scores["de_cider_d"] > 3
    assert scores["fr_cider_d"] > 3
    assert scores["cider_d"] == pytest.approx((scores["de_cider_d"] + scores["fr_cider_d"]) / 2)
    assert (decoders["de"].get_parameter("lstm.weight_hh")
            is decoders["fr"].get_parameter("lstm.weight_hh")) is shared  # fmt: skip


@torch.no_grad()
def rewards_of(stage: LanguagesTraining) -> dict[str, float]:
    """The mean reward of each language's samples in an epoch."""
    stage.set_training_mode()
    found: dict[str, list[float]] = {}
    for step in range(stage.steps_per_epoch):
        code, _ = stage.of_step(step)
        _, numbers = stage.loss(step, torch.Generator().manual_seed(step))
        found.setdefault(code, []).append(numbers[f"{code}_reward"])
    return {code: sum(own) / len(own) for code, own in found.items()}


def test_self_critical_training_rewards_each_language(spoken: Path, tmp_path: Path) -> None:
    decoders = begun(spoken, trained_english(spoken, tmp_path / "english"))
    console = Console(quiet=True)
    config, stage = stage_of(spoken, decoders, kind="decoder", epochs=1, learning_rate=5e-3)
    train_stage(stage, config, seed=1, folder=tmp_path / "a", fingerprint="x", console=console)
    config, stage = stage_of(
        spoken, decoders, kind="self_critical", epochs=24, batch_size=12, learning_rate=3e-3
    )
    before = rewards_of(stage)
    train_stage(stage, config, seed=1, folder=tmp_path / "b", fingerprint="x", console=console)
    after = rewards_of(stage)
    assert all(after[code] > before[code] + 0.3 for code in ("de", "fr")), (before, after)


def test_a_resumed_stage_ends_with_the_same_weights(
    spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(folder: Path, stop_at: int | None) -> dict[str, torch.Tensor]:
        torch.manual_seed(0)
        decoders = begun(spoken, shape_decoder("soft", len(vocabulary_of(spoken))))
        config, stage = stage_of(spoken, decoders, kind="decoder", epochs=2)
        whole = stage.loss

        def stopping(step: int, generator: torch.Generator) -> Any:
            if step == stop_at:
                raise Stopped("now")
            return whole(step, generator)

        monkeypatch.setattr(stage, "loss", stopping)
        train_stage(
            stage, config, seed=1, folder=folder, fingerprint="x", console=Console(quiet=True),
            save_every=0.0,
        )  # fmt: skip
        return decoders.state_dict()

    unbroken = run(tmp_path / "a", None)
    with pytest.raises(Stopped):
        run(tmp_path / "b", 7)
    resumed = run(tmp_path / "b", None)
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in unbroken.items())


def test_shares_of_the_steps(spoken: Path) -> None:
    """German has 96 captions and French 36; a step takes 16."""
    torch.manual_seed(0)
    decoders = begun(spoken, shape_decoder("soft", len(vocabulary_of(spoken))))
    _, often = stage_of(spoken, decoders, balance=1.0, kind="decoder", epochs=1)
    assert often.steps == {"de": 6, "fr": 2}
    _, equal = stage_of(spoken, decoders, balance=0.0, kind="decoder", epochs=1)
    assert equal.steps == {"de": 4, "fr": 4}
    _, more = stage_of(spoken, decoders, balance=0.0, share={"fr": 2.5}, kind="decoder", epochs=1)
    assert more.steps == {"de": 4, "fr": 10}
    assert Counter(more.of_step(step)[0] for step in range(14)) == more.steps
    turns = [equal.of_step(step) for step in range(16)]
    assert Counter(code for code, _ in turns[:8]) == {"de": 4, "fr": 4}
    assert [own for code, own in turns if code == "de"] == list(range(8))
    assert [code for code, _ in turns[:8]] != [code for code, _ in turns[8:]]


def test_terse_people_are_outvoted(spoken: Path) -> None:
    """Of the German captions "Dort liegt …" is the longer one in each photo."""
    config: Any = TypeAdapter[AnyStage](AnyStage).validate_python(
        USUAL | {"kind": "decoder", "epochs": 1, "train": [source_in(TRAIN[0], "de")],
                 "val": [source_in(DEV[0], "de")]}
    )  # fmt: skip
    vocabulary = vocabularies(spoken)["de"]
    captions = CaptionBatches(
        config, vocabulary, GenerationConfig(), data=spoken, seed=1, longest=1
    )
    assert {photo.captions[0].split()[0] for photo in captions.train} == {"Dort"}
    assert {len(photo.captions) for photo in captions.train} == {1}
    assert {len(photo.captions) for photo in captions.val} == {2}
