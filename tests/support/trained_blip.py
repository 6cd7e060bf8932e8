"""A small BLIP that has learned what colour a photo has, and photos of which it is not sure.

Trained for seconds and saved by transformers' own classes: what it says fits most photos, and how
likely it calls its words tells which.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import (
    BertTokenizerFast,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessor,
    BlipProcessor,
)

SIDE = 32  # pixels
COLOURS = {"red": (220, 30, 30), "green": (30, 180, 50), "blue": (40, 60, 220)}
_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "a", "picture", ".", *COLOURS]
_SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
_STEPS, _BATCH = 60, 16
_MIXED = 0.4  # share of photos between two colours, whose captions name either


def save_trained_blip(folder: Path, *, seed: int = 0) -> None:
    """Train it, and save it as transformers does."""
    torch.manual_seed(seed)
    text = _SMALL | {
        "vocab_size": len(_WORDS), "encoder_hidden_size": 32, "max_position_embeddings": 16,
        "projection_dim": 32, "bos_token_id": 5, "eos_token_id": 3, "sep_token_id": 3,
        "pad_token_id": 0, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
    }  # fmt: skip
    eye = _SMALL | {"image_size": SIDE, "patch_size": 8, "projection_dim": 32}
    model = BlipForConditionalGeneration(
        BlipConfig(text_config=text, vision_config=eye, projection_dim=32)
    )
    words = BertTokenizerFast(vocab={word: number for number, word in enumerate(_WORDS)})
    images = BlipImageProcessor(size={"height": SIDE, "width": SIDE})
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    random_photos = random.Random(seed)
    model.train()
    for _ in range(_STEPS):
        drawn = [_drawn(random_photos) for _ in range(_BATCH)]
        pixels = images([photo for photo, _ in drawn], return_tensors="pt")["pixel_values"]
        said = torch.tensor([
            [5, *(_WORDS.index(word) for word in _caption(colour).split()), 3]
            for _, colour in drawn
        ])  # fmt: skip
        optimizer.zero_grad()
        model(pixel_values=pixels, input_ids=said, labels=said).loss.backward()
        optimizer.step()
    model.eval().save_pretrained(folder)
    BlipProcessor(images, words).save_pretrained(folder)


def make_coloured(folder: Path, *, photos: int = 240, seed: int = 1) -> Path:
    """Photos of such colours with captions, in Flickr8k's layout, all of them of dev."""
    rng = random.Random(seed)
    (folder / "Images").mkdir(parents=True)
    lines, names = [], []
    for number in range(photos):
        photo, colour = _drawn(rng)
        name = f"{number:04d}.png"
        photo.save(folder / "Images" / name)
        lines += [f"{name}#{one}\t{_caption(colour)}" for one in range(2)]
        names.append(name)
    (folder / "Flickr8k.token.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for split, own in (("train", names[:1]), ("dev", names)):
        (folder / f"Flickr_8k.{split}Images.txt").write_text("\n".join(own) + "\n")
    return folder


def coloured(colour: str) -> Image.Image:
    """A photo of a colour alone."""
    return Image.new("RGB", (SIDE, SIDE), COLOURS[colour])


def _drawn(rng: random.Random) -> tuple[Image.Image, str]:
    """A photo, and which colour its caption names."""
    one, other = rng.sample(list(COLOURS), 2)
    share = rng.uniform(0.3, 0.7) if rng.random() < _MIXED else 1.0
    photo = Image.blend(coloured(other), coloured(one), share)
    return photo, one if rng.random() < share else other


def _caption(colour: str) -> str:
    return f"a {colour} picture ."
