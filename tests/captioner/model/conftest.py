"""Decoders of each kind."""

from __future__ import annotations

import pytest

from tests.support.models import SMALL_DECODERS, Make


@pytest.fixture(params=sorted(SMALL_DECODERS))
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a small decoder, of each kind that there is."""
    return SMALL_DECODERS[request.param]
