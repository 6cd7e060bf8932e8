"""Whole runs on drawn shapes: they learn, they resume exactly, they refuse in a sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from PIL import Image
from rich.console import Console

from captioner.captioner import Captioner
from captioner.checkpoint.torch_checkpoint import load_checkpoint
from captioner.model.encoder import ResNet
from tests.support.shapes import CONFIG, GERMAN, make_flickr8k, write_translations
from training.config import ConfigError, RunConfig, load_config
from training.data.reader_base import DataError
from training.data.registry import read_folder
from training.evaluation.error_analysis import ErrorKind
from training.evaluation.evaluate import Evaluation, evaluate
from training.pretrained import WeightsUnavailable
from training.resume_state import StateMismatch, load_tensors
from training.run import Run

# A run short enough to be run three times.
SHORT = (
    CONFIG.replace("epochs = 6", "epochs = 2")
    .replace("epochs = 30\n", "epochs = 4\n")
    .replace("epochs = 2\nbatch_size = 16", "epochs = 1\nbatch_size = 16")
    .replace("validate_every = 30", "validate_every = 4")
)


def configuration(folder: Path, text: str) -> RunConfig:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def run(config: RunConfig, data: Path, folder: Path) -> Path:
    console = Console(quiet=True)
    return Run(
        config, folder=folder, data=data, device=torch.device("cpu"), console=console
    ).train()


@pytest.mark.timeout(600)
def test_a_run_learns_what_is_to_be_seen(data: Path, tmp_path: Path) -> None:
    """Colour and shape of held-out pictures, by beam search, from the checkpoint's file."""
    checkpoint = run(load_config(data / "config.toml"), data, tmp_path / "run")
    captioner = Captioner.load(checkpoint, device="cpu")
    photos = read_folder(data / "shapes", "dev")
    found = captioner.caption([Image.open(p.path) for p in photos])
    wanted = [p.captions[1].split()[3:5] for p in photos]  # "There is a red circle ."
    said = [f.captions[0].text.strip(".").split() for f in found]
    colours = sum(w[0] in s for w, s in zip(wanted, said, strict=True))
    assert colours >= 10, said  # of 12; a third of them would be chance
    assert len({tuple(s) for s in said}) >= 3
    log = (tmp_path / "run" / "1-decoder" / "log.jsonl").read_text().splitlines()
    validations = [json.loads(line) for line in log if "validation" in line]
    assert validations[-1]["validation"]["cider_d"] > 1.0


@pytest.mark.timeout(600)
def test_a_run_in_another_language(tmp_path: Path) -> None:
    """It learns German captions, writes them as Germans do, and is scored by them."""
    data = tmp_path / "data"
    make_flickr8k(data / "shapes")
    words = {"red": "roter", "green": "grüner", "blue": "blauer", "circle": "Kreis",
             "square": "Würfel"}  # fmt: skip
    captions = {
        photo.name: [f"Ein {words[colour]} {words[shape]}, der auf einem Grund liegt."]
        for split in ("train", "dev")
        for photo in read_folder(data / "shapes", split)
        for colour, shape in [photo.captions[0].split()[1:3]]
    }
    (data / "languages").mkdir()
    text = json.dumps(captions, ensure_ascii=False)
    (data / "languages" / "de.json").write_text(text, encoding="utf-8")
    german = CONFIG.replace('shapes:train"', 'shapes:train@de"').replace('dev"', 'dev@de"')
    checkpoint = run(configuration(tmp_path, german), data, tmp_path / "run")
    captioner = Captioner.load(checkpoint, device="cpu")
    assert captioner.language == "de"
    *_, result = evaluate(captioner, data / "shapes", split="dev", beam_size=3, meteor=False)
    assert isinstance(result, Evaluation)
    assert result.scores.cider_d > 1.0
    assert all(text.startswith("Ein ") and "," in text for text in result.captions.values())
    kinds = {one.kind for one in result.errors}
    assert kinds >= {ErrorKind.UNRELATED, ErrorKind.GENERIC, ErrorKind.COLOUR, ErrorKind.REPEATED}
    assert ErrorKind.ACTIVITY not in kinds  # known of English alone
    with pytest.raises(DataError, match="has no captions in 'fr'; it has de"):
        list(evaluate(captioner, data / "shapes", split="dev", beam_size=3, language="fr"))
    with pytest.raises(DataError, match="captions in 'de', these photos have captions in 'en'"):
        list(evaluate(captioner, data / "shapes", split="dev@en", beam_size=3, meteor=False))


LANGUAGES = """
name = "spoken"
data = "."
start = "START"
image_size = 64

[languages]
codes = ["de", "fr"]
sources = ["flickr8k:shapes:train"]
min_count = 2
shared = SHARED
credits = { de = [{ name = "drawn by us", licence = "MIT" }] }

[[stages]]
kind = "KIND"
name = "stage"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
views = 1
epochs = 8
batch_size = 16
learning_rate = 5e-3
average = 0.9
validate_every = 100
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("shared", ["true", "false"])
def test_languages_are_added_to_a_checkpoint(tmp_path: Path, shared: str) -> None:
    """It captions in them as well, English stays as it was, and they can be trained further."""
    data = tmp_path / "data"
    make_flickr8k(data / "shapes")
    write_translations(data)
    english = run(configuration(tmp_path, SHORT), data, tmp_path / "english")
    text = LANGUAGES.replace("SHARED", shared)
    first = text.replace("START", str(english)).replace("KIND", "decoder")
    spoken = run(configuration(tmp_path, first), data, tmp_path / "spoken")
    second = text.replace("START", str(spoken)).replace("KIND", "self_critical")
    again = run(configuration(tmp_path, second), data, tmp_path / "again")

    photos = [Image.open(p.path) for p in read_folder(data / "shapes", "dev")]
    before = Captioner.load(english, device="cpu", engine="torch")
    for checkpoint in (spoken, again):
        captioner = Captioner.load(checkpoint, device="cpu", engine="torch")
        assert captioner.languages == ("en", "de", "fr")
        german = captioner.caption(photos, languages=["de"] * len(photos))
        said = {word for one in german for word in one.captions[0].text.lower()[:-1].split()}
        assert said <= {"ein", "dort", "liegt", "auf", "weiß", *map(str.lower, GERMAN.values())}
        assert [one.captions for one in captioner.caption(photos)] == [
            one.captions for one in before.caption(photos)
        ]
    *_, result = evaluate(
        captioner, data / "shapes", split="dev", beam_size=3, meteor=False, language="fr"
    )
    assert isinstance(result, Evaluation)
    assert len(result.photos) == 9
    assert result.scores.cider_d > 0.5
    document = captioner.describe()
    assert document["languages"]["de"]["sources"] == [{"name": "drawn by us", "licence": "MIT"}]
    assert document["provenance"]["start"]["name"] == "spoken"


def test_new_languages_join_those_that_share_a_decoder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_flickr8k(data / "shapes", train=12, dev=6)
    write_translations(data)
    english = run(configuration(tmp_path, SHORT), data, tmp_path / "english")
    quick = LANGUAGES.replace("SHARED", "true").replace("epochs = 8", "epochs = 1")
    first = quick.replace("START", str(english)).replace("KIND", "decoder")
    first = first.replace('["de", "fr"]', '["de"]')
    german = run(configuration(tmp_path, first), data, tmp_path / "german")
    both = quick.replace("START", str(german)).replace("KIND", "decoder")
    apart = both.replace("shared = true", "shared = false")
    with pytest.raises(DataError, match="shares the decoders of the languages de, fr in another"):
        run(configuration(tmp_path, apart), data, tmp_path / "apart")
    unknown = both.replace("min_count = 2", 'min_count = 2\nlike = { fr = "pt" }')
    with pytest.raises(DataError, match="has no words in 'pt' for those in 'fr'"):
        run(configuration(tmp_path, unknown), data, tmp_path / "unknown")
    both = both.replace("min_count = 2", 'min_count = 2\nlike = { fr = "de" }')
    found = load_checkpoint(run(configuration(tmp_path, both), data, tmp_path / "both"))
    assert {code: one.group for code, one in found.languages.items()} == dict.fromkeys(
        ("de", "fr"), "de-fr"
    )
    assert found.languages["de"].vocabulary == load_checkpoint(german).languages["de"].vocabulary
    alone = quick.replace("START", str(tmp_path / "both" / "checkpoint.safetensors"))
    alone = alone.replace("KIND", "decoder").replace('["de", "fr"]', '["de"]')
    with pytest.raises(DataError, match="name those that are to be trained together"):
        run(configuration(tmp_path, alone), data, tmp_path / "alone")
    words = alone.replace("shared = true", "shared = true\nwords_only = true")
    after = load_checkpoint(run(configuration(tmp_path, words), data, tmp_path / "words"))
    assert {one.group for one in after.languages.values()} == {"de-fr"}
    changed = {
        (code, name)
        for code, one in after.languages.items()
        for name, tensor in one.decoder.state_dict().items()
        if not torch.equal(tensor, found.languages[code].decoder.state_dict()[name])
    }
    assert changed == {
        ("de", "embedding.weight"), ("de", "output.weight"), ("de", "output.bias")
    }  # fmt: skip
    with pytest.raises(DataError, match="no decoder that the languages de, fr share"):
        run(
            configuration(tmp_path, both.replace("min_count", "words_only = true\nmin_count")),
            data,
            tmp_path / "none",
        )


def test_a_language_is_trained_by_cross_entropy_where_others_are_rewarded(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_flickr8k(data / "shapes", train=12, dev=6)
    write_translations(data)
    english = run(configuration(tmp_path, SHORT), data, tmp_path / "english")
    text = LANGUAGES.replace("START", str(english)).replace("SHARED", "true")
    text = text.replace("KIND", "self_critical").replace("epochs = 8", "epochs = 3")
    text = text.replace("min_count = 2", 'min_count = 2\ncross_entropy = ["de"]')
    text = text.replace("batch_size = 16", "batch_size = 1")
    run(configuration(tmp_path, text), data, tmp_path / "both")
    log = (tmp_path / "both" / "0-stage" / "log.jsonl").read_text(encoding="utf-8")
    assert "fr_reward" in log
    assert "de_entropy" in log
    assert "de_reward" not in log
    unknown = text.replace('cross_entropy = ["de"]', 'cross_entropy = ["pt"]')
    with pytest.raises(ConfigError, match="'pt' is not among the languages in codes"):
        configuration(tmp_path, unknown)


def test_captions_of_another_language_than_the_vocabulary_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_flickr8k(data / "shapes", train=4, dev=2)
    (data / "languages").mkdir()
    (data / "languages" / "de.json").write_text('{"0000.jpg": ["Ein Kreis."]}', encoding="utf-8")
    mixed = CONFIG.replace(
        'sources = ["flickr8k:shapes:train"]',
        'sources = ["flickr8k:shapes:train", "flickr8k:shapes:train@de"]',
    )
    with pytest.raises(DataError, match="a vocabulary is of one language, not of de and en"):
        run(configuration(tmp_path, mixed), data, tmp_path / "run")


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_tensors(folder / "2-end-to-end" / "weights.safetensors")[0]


CHILD = """
import sys
from pathlib import Path
import torch
from rich.console import Console
from training.config import ConfigError, load_config
from training.run import Run

torch.set_num_threads(1)
config, data, folder = map(Path, sys.argv[1:])
Run(load_config(config), folder=folder, data=data, device=torch.device("cpu"),
    console=Console(quiet=True), save_every=0.0).train()
"""


@pytest.mark.timeout(600)
def test_killed_at_any_moment_it_ends_with_the_same_weights(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.toml"
    config.write_text(SHORT, encoding="utf-8")
    straight, broken = tmp_path / "straight", tmp_path / "broken"

    def start(folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", CHILD, str(config), str(data), str(folder)]
        return subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"})

    with start(straight) as whole:
        assert whole.wait() == 0
    # Killed as soon as it has saved something new: in the first, the second, the third stage.
    for stage in ("0-words", "1-decoder", "2-end-to-end"):
        with start(broken) as process:
            state = broken / stage / "state.safetensors"
            while not state.is_file():
                assert process.poll() is None, "it ended before it could be killed"
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        assert not (broken / "checkpoint.safetensors").exists()
    with start(broken) as last:
        assert last.wait() == 0
    one, other = weights(straight), weights(broken)
    assert one.keys() == other.keys()
    different = [name for name, tensor in one.items() if not torch.equal(tensor, other[name])]
    assert not different


@pytest.mark.timeout(300)
def test_another_configuration_does_not_go_on_with_a_run(data: Path, tmp_path: Path) -> None:
    text = SHORT[: SHORT.index('[[stages]]\nkind = "decoder"')]
    folder = tmp_path / "run"
    run(configuration(tmp_path, text), data, folder)
    changed = configuration(tmp_path, text.replace("seed = 3", "seed = 4"))
    with pytest.raises(StateMismatch, match="another configuration"):
        run(changed, data, folder)


@pytest.mark.timeout(300)
def test_a_transformer_goes_through_decoder_and_self_critical_stages(
    data: Path, tmp_path: Path
) -> None:
    """From the configuration to a checkpoint that captions."""
    text = SHORT[: SHORT.index('[[stages]]\nkind = "words"')]
    sizes = text[text.index("hidden_dim") : text.index("[vocabulary]")]
    text = text.replace(
        sizes, 'kind = "transformer"\nwidth = 16\nlayers = 1\nheads = 2\nfeed_forward = 32\n\n'
    )
    decoder = SHORT[SHORT.index('[[stages]]\nkind = "decoder"') :]
    decoder = decoder[: decoder.index('[[stages]]\nkind = "end_to_end"')]
    critical = decoder.replace('"decoder"', '"self_critical"').replace("epochs = 4", "epochs = 1")
    checkpoint = run(configuration(tmp_path, text + decoder + critical), data, tmp_path / "run")
    captioner = Captioner.load(checkpoint, device="cpu")
    assert captioner.describe()["decoder"]["kind"] == "transformer"
    [found] = captioner.caption([Image.new("RGB", (64, 64), "red")])
    assert found.captions[0].text
    for word in found.captions[0].words:
        assert sum(word.attention) == pytest.approx(1.0, abs=1e-3)


def test_no_network_for_pretrained_weights(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real download path, towards a port where nobody listens."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "hub"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    text = SHORT.replace('name = "resnet18"', 'name = "resnet18"\nweights = "imagenet"')
    with pytest.raises(WeightsUnavailable, match=r"could not be downloaded .*scratch"):
        run(configuration(tmp_path, text), data, tmp_path / "run")


def test_pretrained_weights_come_from_torchvisions_cache(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the file in torchvision's cache, the same path loads it."""
    import torchvision

    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "hub"))
    url = torchvision.models.ResNet18_Weights.DEFAULT.url
    cached = tmp_path / "hub" / "hub" / "checkpoints" / url.rsplit("/", 1)[1]
    cached.parent.mkdir(parents=True)
    resnet = torchvision.models.resnet18(weights=None)
    torch.save(resnet.state_dict(), cached)
    encoder = ResNet("resnet18")
    encoder.load_imagenet()
    given, taken = resnet.state_dict(), encoder.state_dict()
    assert torch.equal(taken["stem.0.weight"], given["conv1.weight"])
    assert torch.equal(taken["layer4.1.bn2.running_var"], given["layer4.1.bn2.running_var"])
