"""A loss that makes attention look at the objects that words name, for photos with boxes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.language.english import ANIMAL_WORDS
from training.data.reader_base import CaptionedPhoto

Box = tuple[float, float, float, float]

_SMALL = 1e-4  # keeps the logarithm finite if no attention is inside the box


class PointingLoss:
    """Minus the logarithm of the attention inside the boxes of the animal that a word names.

    Photos have regions: boxes around animals, with their names. For a word that names an animal,
    the attention weights alpha should be inside its boxes, in any distribution.
    """

    def __init__(self, photos: Sequence[CaptionedPhoto], vocabulary: Vocabulary) -> None:
        numbers = vocabulary.numbers
        named = {
            animal: [numbers[word] for word in words if word in numbers]
            for animal, words in ANIMAL_WORDS.items()
        }
        self._boxes: dict[int, dict[int, list[Box]]] = {}
        for place, photo in enumerate(photos):
            boxes: defaultdict[int, list[Box]] = defaultdict(list)
            for region in photo.regions:
                for number in named.get(region.name, ()):
                    boxes[number].append(region.box)
            if boxes:
                self._boxes[place] = dict(boxes)

    def __call__(self, alpha: Tensor, words: Tensor, photos: Tensor, crops: Tensor) -> Tensor:
        """The mean loss over the words that have boxes; 0 if there are none.

        `alpha` (B, W, T, K) belongs to `words` (B, W, T) of the crops (B, 4) of `photos` (B,); see
        `training.data.augment.random_crops`.
        """
        side = math.isqrt(alpha.shape[3])
        inside = []
        for row, photo in enumerate(photos.tolist()):
            for number, boxes in self._boxes.get(photo, {}).items():
                said = words[row] == number  # (W, T)
                mask = grid_mask(boxes, crops[row], side).to(alpha.device)
                if bool(said.any()) and bool(mask.any()):
                    inside.append(alpha[row][said].float() @ mask.float())
        if not inside:
            return alpha.new_zeros(())
        return -torch.log(torch.cat(inside) + _SMALL).mean()


def grid_mask(boxes: Sequence[Box], crop: Tensor, side: int) -> Tensor:
    """The mask (side * side,) of the places of a crop's grid whose centre is inside a box.

    A box without such a centre marks the place of its own centre, if that is inside the crop.
    Boxes are fractions of the whole photo, `[x1, y1, x2, y2]`.
    """
    half_w, half_h, centre_x, centre_y = crop.tolist()
    mask = torch.zeros(side, side, dtype=torch.bool)
    centres = (torch.arange(side) + 0.5) / side
    for x1, y1, x2, y2 in boxes:
        left, right = sorted(_seen(x, half_w, centre_x) for x in (x1, x2))
        top, bottom = sorted(_seen(y, half_h, centre_y) for y in (y1, y2))
        columns = (centres >= left) & (centres <= right)
        rows = (centres >= top) & (centres <= bottom)
        own = rows[:, None] & columns[None]
        if not own.any():
            x, y = (left + right) / 2, (top + bottom) / 2
            if 0 <= x < 1 and 0 <= y < 1:
                own[int(y * side), int(x * side)] = True
        mask |= own
    return mask.flatten()


def _seen(fraction: float, half: float, centre: float) -> float:
    """A coordinate in the photo (0…1) as a coordinate in a crop (0…1), which may be mirrored."""
    return ((2 * fraction - 1 - centre) / half + 1) / 2
