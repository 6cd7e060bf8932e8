"""Run configurations: those shipped are sound, broken ones are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shapes import CONFIG
from training.config import ConfigError, load_config

SHIPPED = sorted((Path(__file__).parents[2] / "training" / "configs").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_configurations(path: Path) -> None:
    assert load_config(path).name == path.stem


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("seed = 3", "sead = 3", "sead"),
        ("seed = 3", "seed = -1", "seed"),
        ('name = "shapes"', 'name = "../shapes"', "name"),
        ('name = "resnet18"', 'name = "vgg"', "encoder.name"),
        ("epochs = 6", "epochs = 0", "epochs"),
        ("epochs = 6", 'epochs = "many"', "epochs"),
        ("batch_size = 12", "batch_size = -4", "batch_size"),
        ('kind = "words"', 'kind = "magic"', "stages.0"),
        ("learning_rate = 1e-3", "learning_rate = nan", "learning_rate"),
        ("sizes = [{ until = 1.0, size = 64 }]", "sizes = []", "sizes"),
        ("image_size = 64", "image_size = 100000", "image_size"),
        ("[encoder]", "[encoder", "not a TOML file"),
    ],
)
def test_broken_configurations(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in CONFIG
    path = tmp_path / "run.toml"
    path.write_text(CONFIG.replace(old, new, 1))
    with pytest.raises(ConfigError, match=reason) as caught:
        load_config(path)
    assert str(path) in str(caught.value)


def test_absent_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such"):
        load_config(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a TOML file"):
        load_config(tmp_path / "binary.toml")


def test_a_fingerprint_changes_with_what_changes_the_weights(tmp_path: Path) -> None:
    def fingerprint(text: str, stage: int) -> str:
        path = tmp_path / "run.toml"
        path.write_text(text)
        return load_config(path).fingerprint(stage)

    later = CONFIG.replace("hidden_dim = 48", "hidden_dim = 50")
    assert fingerprint(CONFIG, 0) == fingerprint(later, 0)  # the words stage has no decoder
    assert fingerprint(CONFIG, 1) != fingerprint(later, 1)
    assert fingerprint(CONFIG, 0) != fingerprint(CONFIG.replace("seed = 3", "seed = 4"), 0)
    assert fingerprint(CONFIG, 0) != fingerprint(CONFIG, 1)
