"""Captions without photos train a decoder's language, and nothing of how it looks at photos."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console

from captioner.checkpoint.torch_checkpoint import load_checkpoint
from captioner.distribution import checkpoint_path
from tests.support.features import (
    USUAL,
    shape_annotations,
    shape_decoder,
    shape_stage,
    vocabulary_of,
)
from tests.support.shapes import make_flickr8k, write_translations
from tests.training.test_run import LANGUAGES, SHORT, configuration, run
from training.data.reader_base import DataError
from training.data.registry import texts_in
from training.loop import Stopped, train_stage
from training.stage_config import DecoderStage
from training.stages.frozen_encoder import WithTexts

TEXTS = [["a", "blue", "square"], ["there", "is", "a", "red", "circle"]] * 20


def with_texts(data: Path, kind: str = "soft", *, share: float = 0.5) -> tuple[WithTexts, Any]:
    decoder = shape_decoder(kind, len(vocabulary_of(data)))
    config, stage = shape_stage(data, decoder, kind="decoder", epochs=1, texts_share=share)
    assert isinstance(config, DecoderStage)
    photo = shape_annotations(0, 48).mean(0, keepdim=True)
    vocabulary = vocabulary_of(data)
    return WithTexts(stage, config, vocabulary, TEXTS, photo, seed=1), stage


def loss(stage: Any, step: int) -> tuple[torch.Tensor, dict[str, float]]:
    torch.manual_seed(step)  # of dropout
    found: tuple[torch.Tensor, dict[str, float]] = stage.loss(
        step, torch.Generator().manual_seed(step)
    )
    return found


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_the_stage_has_all_its_own_steps_in_their_order(data: Path, share: float) -> None:
    both, own = with_texts(data, share=share)
    own_steps: list[int] = []
    asked = own.loss

    def noted(step: int, generator: torch.Generator) -> object:
        own_steps.append(step)
        return asked(step, generator)

    own.loss = noted
    texts = sum("text_entropy" in loss(both, step)[1] for step in range(both.steps_per_epoch))
    assert own_steps == list(range(len(own_steps)))
    assert abs(len(own_steps) - own.steps_per_epoch) <= 1
    assert abs(texts - share * both.steps_per_epoch) <= 1
    step = next(n for n in range(9, 20) if "text_entropy" in loss(both, n)[1])
    assert torch.equal(loss(both, step)[0], loss(both, step)[0])  # as a resumed run has it


def test_what_looks_at_photos_learns_nothing_from_them(data: Path) -> None:
    both, _ = with_texts(data)
    both.set_training_mode()
    step = next(n for n in range(4) if "text_entropy" in loss(both, n)[1])
    loss(both, step)[0].backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    learns = {n for n, p in both.module.named_parameters() if p.grad is not None and p.grad.any()}
    looks = ("attention.", "gate.", "init_hidden.", "init_cell.", "of_context.")
    assert {"lstm.weight_hh", "embedding.weight", "of_hidden.weight"} <= learns
    assert not [name for name in learns if name.startswith(looks)]
    loss(both, step + 1)[0].backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    learns = {n for n, p in both.module.named_parameters() if p.grad is not None and p.grad.any()}
    assert "attention.of_annotation.weight" in learns  # of a step with photos


def test_texts_become_likelier(data: Path) -> None:
    both, _ = with_texts(data)
    both.set_training_mode()
    optimizer = torch.optim.Adam(both.module.parameters(), lr=1e-2)
    said = []
    for step in range(40):
        found, numbers = loss(both, step)
        if "text_entropy" in numbers:
            said.append(numbers["text_entropy"])
            optimizer.zero_grad()
            found.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
            optimizer.step()
    assert said[-1] < 0.7 * said[0]


def test_a_transformer_is_refused(data: Path) -> None:
    with pytest.raises(DataError, match="train LSTM decoders alone"):
        with_texts(data, "transformer")


def write(folder: Path, name: str, captions: object) -> None:
    texts = folder / "languages" / "text-only"
    texts.mkdir(parents=True, exist_ok=True)
    (texts / f"{name}.json.gz").write_bytes(gzip.compress(json.dumps(captions).encode()))


@pytest.mark.timeout(600)
def test_a_run_learns_the_words_of_texts_as_well(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_flickr8k(data / "shapes", train=12, dev=6)
    write_translations(data)
    text = LANGUAGES.replace("SHARED", "true").replace("KIND", "decoder")
    text = text.replace("epochs = 8", "epochs = 1").replace("START", str(tmp_path / "start.st"))
    text = text.replace("shared =", 'texts = { fr = "fr.more" }\nshared =')
    run(configuration(tmp_path, SHORT), data, tmp_path / "english").rename(tmp_path / "start.st")
    with pytest.raises(DataError, match=r"fr\.more\.json\.gz"):
        run(configuration(tmp_path, text), data, tmp_path / "none")
    write(data, "fr.more", {"9.jpg": ["Un âne vert sur du blanc."] * 3})
    found = load_checkpoint(run(configuration(tmp_path, text), data, tmp_path / "run"))
    assert "âne" in found.languages["fr"].vocabulary.words
    recorded = json.loads((tmp_path / "run" / "data.json").read_text())["sets"]
    assert recorded["text-only/fr.more"]["captions"] == 3


FURTHER = """
name = "further"
data = "."
start = "START"
image_size = 64

[vocabulary]
extend = true
sources = ["flickr8k:shapes:train"]
texts = ["en.more"]
min_count = 2

[[stages]]
kind = "decoder"
name = "decoder"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
texts = ["en.more"]
texts_share = 0.7
packed_size = 64
views = 1
epochs = 25
batch_size = 8
learning_rate = 1e-2
average = 0.9
validate_every = 100
"""


@pytest.mark.timeout(600)
def test_a_checkpoint_learns_words_that_are_in_texts_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_flickr8k(data / "shapes", train=12, dev=6)
    given = load_checkpoint(run(configuration(tmp_path, SHORT), data, tmp_path / "english"))
    calibration = load_checkpoint(checkpoint_path(Path("bundled"))).calibration
    start = tmp_path / "start.st"
    replace(given, activations={"encoder": (0.0, 1.0)}, calibration=calibration).save(start)
    text = FURTHER.replace("START", str(start))
    with pytest.raises(DataError, match=r"en\.more\.json\.gz"):
        run(configuration(tmp_path, text), data, tmp_path / "none")
    with pytest.raises(DataError, match=r"'fr\.more' has captions in 'fr', and the voc"):
        run(configuration(tmp_path, text.replace("en.more", "fr.more")), data, tmp_path / "none")
    write(data, "en.more", {"9.jpg": ["There is a purple star ."] * 40})
    found = load_checkpoint(run(configuration(tmp_path, text), data, tmp_path / "run"))
    words = given.vocabulary.words
    assert found.vocabulary.words == (*words, "purple", "star")
    assert not found.activations  # they were of the words before
    assert found.calibration is None
    said = [[found.vocabulary.start, *found.vocabulary.encode(["there", "is", "a", "purple"])]]
    scores, _ = found.decoder(torch.zeros(1, 4, found.encoder.dim), torch.tensor([said]))
    assert found.vocabulary.words[int(scores[0, 0, -1].argmax())] == "star"
    recorded = json.loads((tmp_path / "run" / "data.json").read_text())["sets"]
    assert recorded["text-only/en.more"]["captions"] == 40


def test_stopped_and_resumed_it_ends_with_the_same_weights(data: Path, tmp_path: Path) -> None:
    stopped = with_texts(data)[0]
    asked = stopped.loss

    def until(step: int, generator: torch.Generator) -> tuple[torch.Tensor, dict[str, float]]:
        if step == 7:
            raise Stopped("now")
        return asked(step, generator)

    stopped.loss = until  # type: ignore[method-assign]  # to stop it in the middle of an epoch
    ended = {}
    for name, stages in (("whole", [None]), ("broken", [stopped, None])):
        for one in stages:
            stage = one or with_texts(data)[0]
            try:
                train(stage, tmp_path / name)
            except Stopped:
                assert one is stopped
        ended[name] = stage.module.state_dict()
    assert all(torch.equal(one, ended["broken"][name]) for name, one in ended["whole"].items())


def train(stage: WithTexts, folder: Path) -> None:
    config = DecoderStage.model_validate({**USUAL, "kind": "decoder", "epochs": 2})
    train_stage(
        stage, config, seed=1, folder=folder, fingerprint="x", console=Console(quiet=True),
        save_every=0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("captions", "reason"),
    [
        ({}, "has no captions"),
        ({"1.jpg": ["黑狗"]}, "only 0 of 1 captions are in Latin letters"),
        ({"1.jpg": "Un chien"}, "no list of captions"),
        ([], "holds no JSON object"),
    ],
)
def test_broken_texts_are_refused(tmp_path: Path, captions: object, reason: str) -> None:
    write(tmp_path, "fr.more", captions)
    with pytest.raises(DataError, match=reason):
        texts_in("fr.more", tmp_path)
