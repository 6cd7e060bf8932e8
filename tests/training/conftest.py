"""A captioned data set small enough to train on in a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shapes import CONFIG, make_flickr8k


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `shapes/`, a Flickr8k folder, and `config.toml`, a run on it."""
    folder = tmp_path_factory.mktemp("data")
    make_flickr8k(folder / "shapes")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    return folder
