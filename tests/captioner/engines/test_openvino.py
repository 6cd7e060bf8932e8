"""The OpenVINO engine says what torch says, as far as an int8 encoder can; and refuses files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import pytest
import torch
from openvino import opset13 as op
from PIL import Image

from captioner.captioner import Captioner
from captioner.checkpoint.file import CheckpointFile, read_file, write_file
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.base import Pixels
from captioner.engines.decoder_graph import DecoderGraph, StepShape
from captioner.engines.encoder_graph import int8_error, measured_ranges
from captioner.engines.numpy_beam_search import Arrays, Grown, search
from captioner.engines.openvino_engine import OpenVINOEngine
from captioner.model.beam_search import BeamSearch
from captioner.model.search_types import SearchConfig, Specials
from tests.captioner.engines.conftest import made_ready
from tests.support.models import small_checkpoint, small_decoder


@pytest.fixture(scope="module")
def captioner(ready: Path) -> Captioner:
    return Captioner.load(ready, engine="openvino")


@pytest.fixture(scope="module")
def on_torch(ready: Path) -> Captioner:
    return Captioner.load(ready, engine="torch")


def compiled(model: openvino.Model) -> openvino.CompiledModel:
    return openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


@pytest.mark.parametrize("usual", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_its_decoder_finds_what_torch_finds(tied: bool, usual: bool) -> None:
    decoder = small_decoder(vocabulary_size=14, tied=tied)
    weights = {name: tensor.numpy() for name, tensor in decoder.state_dict().items()}
    graph, annotations = (
        DecoderGraph(decoder.config, weights),
        op.parameter([-1, -1, 6], np.float32),
    )
    start = compiled(openvino.Model(graph.start(annotations), [annotations], "start"))
    # For one shape, more words come than are wanted.
    step = compiled(graph.step(end=2, shape=StepShape(1, 5, 4, 12) if usual else None))

    gates = graph.gates_of_words()

    def stepped(words: Any, memory: Arrays, state: Arrays, wanted: int) -> Grown:
        found = step(
            [words, gates[words], *memory, *state, *(() if usual else (np.array(wanted),))]
        )
        return Grown(found[0], found[1], found[2], found[3], (found[4], found[5]))

    a = torch.randn(7, 4, 6, generator=torch.Generator().manual_seed(0)) * 2
    begun = tuple(start(a.numpy()).values())
    specials, config = Specials(1, 2, (0, 1, 3)), SearchConfig(5, 3, 8)
    parts = [slice(n, n + 1) for n in range(7)] if usual else [slice(None)]
    ours = [
        found
        for part in parts
        for found in search(
            stepped,
            tuple(array[part] for array in begun[:2]),
            tuple(array[part] for array in begun[2:]),
            specials,
            config,
            vocabulary_size=14,
        )
    ]
    theirs = BeamSearch(decoder, specials, config)(a)
    for own, other in zip(ours, theirs, strict=True):
        assert [h.words for h in own] == [h.words for h in other]
        for x, y in zip(own, other, strict=True):
            assert x.log_prob == pytest.approx(y.log_prob, abs=1e-3)
            np.testing.assert_allclose(x.alphas, y.alphas, atol=1e-4)


def test_its_captions_are_those_of_torch(
    captioner: Captioner, on_torch: Captioner, drawn: list[Pixels]
) -> None:
    ours, theirs = (c.caption(drawn) for c in (captioner, on_torch))
    alike = [
        (x, y) for x, y in zip(ours, theirs, strict=True)
        if x.captions[0].text == y.captions[0].text
    ]  # fmt: skip
    assert len({found.captions[0].text for found in theirs}) >= 3
    assert len(alike) >= 0.7 * len(drawn)
    for x, y in alike:
        assert x.captions[0].log_prob == pytest.approx(y.captions[0].log_prob, rel=0.05)
        assert x.grid == y.grid == (2, 2)


@pytest.mark.parametrize("stored", ["float32", "int8"])
def test_without_ranges_its_captions_are_those_of_torch_but_for_rounding(
    stored: str, drawn: list[Pixels], tmp_path: Path
) -> None:
    path = tmp_path / "bare.safetensors"
    small_checkpoint().save(path, int8=stored == "int8")
    ours, theirs = (
        Captioner.load(path, engine=engine).caption(drawn, n_best=3)
        for engine in ("openvino", "torch")
    )
    assert len({found.captions[0].text for found in theirs}) >= 3
    for x, y in zip(ours, theirs, strict=True):
        assert [c.text for c in x.captions] == [c.text for c in y.captions]
        for own, other in zip(x.captions, y.captions, strict=True):
            assert own.log_prob == pytest.approx(other.log_prob, rel=1e-4)
        for word, other_word in zip(x.captions[0].words, y.captions[0].words, strict=True):
            np.testing.assert_allclose(word.attention, other_word.attention, atol=1e-3)


def test_a_photo_gets_the_same_alone_and_in_any_batch(
    captioner: Captioner, ready: Path, drawn: list[Pixels]
) -> None:
    together = captioner.caption(drawn, n_best=3)
    assert captioner.caption(drawn, n_best=3) == together
    assert captioner.caption(drawn[::-1], n_best=3)[::-1] == together
    again = Captioner.load(ready, engine="openvino")
    for one, photo in zip(together, drawn, strict=True):
        alone = again.caption([photo], n_best=3)[0]
        assert [c.text for c in alone.captions] == [c.text for c in one.captions]
        assert alone.confidence == pytest.approx(one.confidence, abs=1e-3)


def test_beam_sizes_and_photos_of_every_shape(captioner: Captioner) -> None:
    photos = [Image.new("RGB", (1, 1)), Image.new("L", (3, 900)), Image.new("CMYK", (64, 64))]
    by_size = captioner.caption_by_beam_size(photos, [1, 20])
    for size, found in by_size.items():
        assert [f.captions[0].text for f in found] == [
            f.captions[0].text for f in captioner.caption(photos, beam_size=size)
        ]
    assert captioner.caption([]) == []
    with pytest.raises(ValueError, match="n_best"):
        captioner.caption(photos, beam_size=2, n_best=3)


def test_weights_in_int8_are_taken_as_they_are(
    ready: Path, drawn: list[Pixels], captioner: Captioner, tmp_path: Path
) -> None:
    """The file's int8 and that which is made of float32 weights are the same numbers."""
    small_checkpoint().save(tmp_path / "int8.safetensors", int8=True)
    stored, whole = read_file(tmp_path / "int8.safetensors"), read_file(ready)
    matrices = [name for name, tensor in stored.tensors.items() if tensor.dtype == np.int8]
    assert matrices
    for name in matrices:
        shape = stored.tensors[name].shape
        for one, two in zip(
            stored.weights.take_int8(name, shape), whole.weights.take_int8(name, shape), strict=True
        ):
            np.testing.assert_array_equal(one, two)
    # The first layer is in float32, and was int8 in one of the files.
    alone, other = (
        OpenVINOEngine(file).encode(drawn[:4], ["en"] * 4)[0].photos[0]
        for file in (replace(stored, activations=whole.activations), whole)
    )
    assert np.linalg.norm(alone - other) / np.linalg.norm(other) < 0.1


def test_ranges_hold_what_was_seen(bare: Path, drawn: list[Pixels]) -> None:
    file = read_file(bare)
    few, many = measured_ranges(file, drawn[:2]), measured_ranges(file, drawn)
    assert few.keys() == many.keys()
    assert len(few) == 16
    assert all(many[at][0] <= few[at][0] and few[at][1] <= many[at][1] for at in few)
    assert int8_error(file, many, drawn[:8]) < 0.1
    tenth = {at: (low / 10, high / 10) for at, (low, high) in many.items()}
    assert int8_error(file, tenth, drawn[:8]) > 0.3


Change = Any
HOSTILE_RANGES: dict[str, tuple[Change, str]] = {
    "a range is missing": (lambda t, d: d["activations"].pop("layer3.0.conv1"), "layer3.0.conv1"),
    "no numbers": (lambda t, d: d["activations"].update({"layer1.0.conv1": ["a", 2]}), "number"),
    "not finite": (
        lambda t, d: d["activations"].update({"layer1.0.conv1": [0, float("inf")]}),
        "finite",
    ),
    "no encoder's": (
        lambda t, d: d["activations"].update({"layer1.0.conv1": [0, 1e300]}),
        "activations",
    ),
    "one end": (lambda t, d: d["activations"].update({"layer1.0.conv1": [0]}), "activations"),
}
HOSTILE: dict[str, tuple[Change, str]] = {
    "a missing weight": (lambda t, d: t.pop("encoder.layer1.0.bn1.running_var"), "is missing"),
    "a missing word": (lambda t, d: d["vocabulary"].pop(), r"decoder\.\S+ is \("),
    "a stranger": (lambda t, d: t.update(virus=np.ones(1)), "weights of no part"),
    "not a number": (
        lambda t, d: t.update({"decoder.gate.bias": np.array([np.nan], np.float32)}),
        "not finite",
    ),
    "int8 without scale": (
        lambda t, d: t.update({"decoder.gate.weight": np.ones((1, 64), np.int8)}),
        "scale",
    ),
}


@pytest.mark.parametrize("name", HOSTILE_RANGES)
def test_hostile_ranges(name: str, ready: Path, tmp_path: Path) -> None:
    refused(*HOSTILE_RANGES[name], read_file(ready), tmp_path)


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_checkpoints(
    name: str, ranges: bool, ready: Path, bare: Path, tmp_path: Path
) -> None:
    refused(*HOSTILE[name], read_file(ready if ranges else bare), tmp_path)


def refused(change: Change, reason: str, file: CheckpointFile, tmp_path: Path) -> None:
    tensors, description = dict(file.tensors), file.describe()
    description["vocabulary"] = list(description["vocabulary"])
    change(tensors, description)
    path = tmp_path / "hostile.safetensors"
    write_file(path, description, tensors)
    with pytest.raises(CheckpointError, match=reason) as caught:
        Captioner.load(path, engine="openvino")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ranges_without_any_width_do_no_harm(
    ready: Path, drawn: list[Pixels], tmp_path: Path
) -> None:
    file = read_file(ready)
    for low, high in ((0.0, 0.0), (5.0, -5.0), (-1e6, 1e6)):
        path = tmp_path / "odd.safetensors"
        odd = replace(file, activations=dict.fromkeys(file.activations, (low, high)))
        write_file(path, odd.describe(), file.tensors)
        assert Captioner.load(path, engine="openvino").caption(drawn[:1])[0].captions[0].text


def test_a_transformer_is_for_torch_with_ranges_too(
    transformer: Path, drawn: list[Pixels], tmp_path: Path
) -> None:
    path = made_ready(transformer, drawn, tmp_path / "ready.safetensors")
    with pytest.raises(CheckpointError, match="torch alone"):
        Captioner.load(path, engine="openvino")
    assert Captioner.load(path, device="cpu").engine == "torch"


def test_the_decoder_takes_a_weight_for_every_layer_that_torch_has(bare: Path) -> None:
    file, decoder = read_file(bare), small_checkpoint().decoder
    for exact in (False, True):
        taken = DecoderGraph.taken(file.decoder, file.weights, exact=exact)  # type: ignore[arg-type]  # an LSTM
        assert taken.weights.keys() == decoder.state_dict().keys()


ALONE = """
import sys
asked = []
watched = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen")
sys.addaudithook(lambda event, _: asked.append(event) if event in watched else None)
from pathlib import Path
from PIL import Image
from captioner.captioner import Captioner
captioner = Captioner.load(Path(sys.argv[1]))
assert captioner.caption([Image.new("RGB", (90, 60), (9, 200, 9))] * 3)[2].captions[0].text
assert captioner.engine == "openvino", captioner.engine
assert "torch" not in sys.modules
assert asked == [], asked
"""


def test_it_needs_no_torch_and_asks_nobody(ready: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, ready],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr


def test_it_reports_to_nobody(tmp_path: Path) -> None:
    """On import, OpenVINO would fork a process that does, and write down who it is about."""
    code = (
        "import sys\n"
        "told = []\n"
        "def hook(event, arguments):\n"
        "    if event in ('os.fork', 'socket.connect', 'subprocess.Popen'): told.append(event)\n"
        "sys.addaudithook(hook)\n"
        "import captioner.engines.openvino_engine\n"
        "assert 'openvino' in sys.modules\n"
        "print(told)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "HOME": str(tmp_path), "CI": ""},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "[]"
    assert not list(tmp_path.iterdir())
