"""A checkpoint that every system test can run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.models import save_small_checkpoint


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random model: everything is real but what it has learned."""
    return save_small_checkpoint(tmp_path_factory.mktemp("system") / "small.safetensors")
