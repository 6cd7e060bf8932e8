"""A small captioned data set in Flickr8k's layout, drawn by us: coloured shapes on grounds."""

from __future__ import annotations

import json
import random
from pathlib import Path

from PIL import Image, ImageDraw

COLOURS = {"red": (210, 40, 40), "green": (40, 160, 60), "blue": (50, 70, 210)}
SHAPES = ("circle", "square")


def draw(colour: str, shape: str, rng: random.Random, side: int = 64) -> Image.Image:
    """A shape of a colour, somewhere, on a light ground."""
    photo = Image.new("RGB", (side, side), (rng.randint(200, 255),) * 3)
    pen = ImageDraw.Draw(photo)
    size = rng.randint(side // 3, side // 2)
    left, top = rng.randint(0, side - size), rng.randint(0, side - size)
    box = (left, top, left + size, top + size)
    if shape == "circle":
        pen.ellipse(box, fill=COLOURS[colour])
    else:
        pen.rectangle(box, fill=COLOURS[colour])
    return photo


def make_flickr8k(folder: Path, *, train: int = 48, dev: int = 12, seed: int = 0) -> Path:
    """A folder that a Flickr8k reader reads; two captions a photo. Returns the folder."""
    rng = random.Random(seed)
    images = folder / "Images"
    images.mkdir(parents=True)
    lines, names = [], []
    for number in range(train + dev):
        colour = list(COLOURS)[number % 3]
        shape = SHAPES[(number // 3) % 2]
        name = f"{number:04d}.jpg"
        draw(colour, shape, rng).save(images / name, quality=90)
        lines.append(f"{name}#0\tA {colour} {shape} on a white ground .")
        lines.append(f"{name}#1\tThere is a {colour} {shape} .")
        names.append(name)
    (folder / "Flickr8k.token.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "Flickr_8k.trainImages.txt").write_text("\n".join(names[:train]) + "\n")
    (folder / "Flickr_8k.devImages.txt").write_text("\n".join(names[train:]) + "\n")
    return folder


GERMAN = {"red": "roter", "green": "grüner", "blue": "blauer", "circle": "Kreis",
          "square": "Kasten"}  # fmt: skip
FRENCH = {"red": "rouge", "green": "vert", "blue": "bleu", "circle": "cercle",
          "square": "carré"}  # fmt: skip


def write_translations(data: Path, *, count: int = 60) -> None:
    """Captions of the photos of `make_flickr8k` in `languages/`: German, and a few French ones."""
    german, french = {}, {}
    for number in range(count):
        name = f"{number:04d}.jpg"
        colour, shape = list(COLOURS)[number % 3], SHAPES[(number // 3) % 2]
        german[name] = [
            f"Ein {GERMAN[colour]} {GERMAN[shape]} auf Weiß.",
            f"Dort liegt ein {GERMAN[colour]} {GERMAN[shape]}.",
        ]
        if number % 4:
            french[name] = [f"Un {FRENCH[shape]} {FRENCH[colour]} sur du blanc."]
    (data / "languages").mkdir(exist_ok=True)
    for code, captions in (("de", german), ("fr", french)):
        text = json.dumps(captions, ensure_ascii=False)
        (data / "languages" / f"{code}.json").write_text(text, encoding="utf-8")


CONFIG = """
name = "shapes"
seed = 3
data = "."
image_size = 64

[encoder]
name = "resnet18"

[decoder]
hidden_dim = 48
embedding_dim = 48
attention_dim = 32
dropout = 0.1
tied = true

[vocabulary]
sources = ["flickr8k:shapes:train"]
min_count = 2

[generation]
max_length = 10

[[stages]]
kind = "words"
name = "words"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
sizes = [{ until = 1.0, size = 64 }]
epochs = 6
batch_size = 12
optimizer = "adamw"
learning_rate = 1e-3
min_count = 2
average = 0.9

[[stages]]
kind = "decoder"
name = "decoder"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
views = 2
epochs = 30
batch_size = 16
learning_rate = 5e-3
average = 0.9
validate_every = 30

[[stages]]
kind = "end_to_end"
name = "end-to-end"
train = ["flickr8k:shapes:train"]
val = ["flickr8k:shapes:dev"]
packed_size = 64
epochs = 2
batch_size = 16
learning_rate = 1e-3
average = 0.9
validate_every = 2
"""
