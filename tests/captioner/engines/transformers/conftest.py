"""Small models of every family, made once and loaded once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioner.base import MOST_TOKENS
from captioner.engines.transformers import captioner
from captioner.engines.transformers.captioner import TransformersCaptioner
from tests.support.transformers_models import load, save

Open = Callable[[str], TransformersCaptioner]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Untrained models seldom come to an end by themselves."""
    few = {purpose: 8 + number for number, purpose in enumerate(MOST_TOKENS)}
    monkeypatch.setattr(captioner, "MOST_TOKENS", few)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a small model by its family's name."""
    models = tmp_path_factory.mktemp("models")
    return cache(lambda name: save(name, models / name))


@pytest.fixture(scope="session")
def opened(folder: Callable[[str], Path]) -> Open:
    """The captioner of a small model by its family's name."""
    return cache(lambda name: load(name, folder(name)))


@pytest.fixture(scope="session")
def photos() -> list[Image.Image]:
    """Photos of several sizes, which no two models say the same of."""
    random = np.random.default_rng(0)
    sizes = [(40, 60), (90, 33), (64, 64), (50, 200)]
    return [Image.fromarray(random.integers(0, 255, (*size, 3), np.uint8)) for size in sizes]
