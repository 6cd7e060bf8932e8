"""The checkpoint that comes with the project."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from typing import Any

import pytest
from PIL import Image

from captioner.captioner import BUNDLED, Captioner
from tests.support.photos import photo


@pytest.fixture(scope="module")
def captioner() -> Captioner:
    return Captioner.load(device="cpu")


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    drawn = [photo(width=200 + 9 * seed, height=180, seed=seed) for seed in range(31)]
    return [
        *(Image.open(io.BytesIO(data)).convert("RGB") for data in drawn),
        Image.new("RGB", (64, 64), (30, 120, 40)),
    ]


def test_it_is_small_enough_for_a_repository() -> None:
    assert BUNDLED.stat().st_size <= 40_000_000


def test_what_was_measured_is_in_it(captioner: Captioner) -> None:
    document: Any = captioner.describe()
    assert document["activations"]
    assert captioner.languages == ("en", "de", "pt", "zh", "ar", "fr", "es")
    for one in (document, *document["languages"].values()):
        assert one["calibration"]["certainty"]


def test_it_says_where_it_comes_from(captioner: Captioner) -> None:
    """Run by run, back to the one that began with ImageNet; and no folder of whoever trained it."""
    provenance: Any = captioner.describe()["provenance"]
    assert not re.search(r'"[/~]|[A-Z]:\\\\', json.dumps(provenance))
    while "start" in provenance:
        assert provenance["configuration"]["stages"]
        provenance = provenance["start"]["provenance"]
    assert provenance["configuration"]["name"] == "flickr8k-lite2"
    assert provenance["configuration"]["encoder"]["weights"] == "package"


def test_same_captions_alone_and_in_a_batch_of_32(
    captioner: Captioner, photos: list[Image.Image]
) -> None:
    together = captioner.caption(photos, n_best=3)
    for one, other in zip(photos, together, strict=True):
        alone = captioner.caption([one], n_best=3)[0]
        assert [c.text for c in alone.captions] == [c.text for c in other.captions]


def test_sentences_and_attention(captioner: Captioner, photos: list[Image.Image]) -> None:
    found = captioner.caption(photos)
    assert len({f.captions[0].text for f in found}) > 3
    for one in found:
        assert one.grid == (8, 8)
        assert one.captions[0].text[0].isupper()
        assert one.captions[0].text.endswith(".")
        assert all(len(word.attention) == 64 for word in one.captions[0].words)


@pytest.mark.parametrize("language", ["de", "pt", "zh", "ar", "fr", "es"])
def test_sentences_in_every_language(
    captioner: Captioner, photos: list[Image.Image], language: str
) -> None:
    """In its own letters, alike alone and among photos in other languages."""
    several = photos[:8]
    together = captioner.caption(several * 2, languages=[language] * 8 + ["en"] * 8)[:8]
    texts = [one.captions[0].text for one in together]
    alone = [captioner.caption([one], languages=[language])[0] for one in several]
    assert texts == [one.captions[0].text for one in alone]
    assert len(set(texts)) > 2
    script = {"ar": "ARABIC", "zh": "CJK"}.get(language, "LATIN")
    for one, text in zip(together, texts, strict=True):
        assert one.language == language
        assert text.endswith("。" if language == "zh" else ".")
        assert all(unicodedata.name(c).startswith(script) for c in text if c.isalpha())
        assert one.confidence is not None
        assert all(len(word.attention) == 64 for word in one.captions[0].words)
