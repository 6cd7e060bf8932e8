"""The cross-entropy loss of captions, with the terms that the configuration adds to it.

Stochastic "hard" attention (section 4.1 of the paper) looks at one place and learns by REINFORCE.
The decoder looks at one place s̃ sampled from alpha, which is not differentiable. The gradient
(eq. 11) of the bound L_s (eq. 10) is estimated with one sample (eq. 12), with a moving average of
the log-likelihood as baseline b and the entropy of the places added:

    ∂log p(y|s̃,a) + λ_r (log p(y|s̃,a) − b) ∂log p(s̃|a) + λ_e ∂H[s̃]

All three terms are divided by the caption's number of words, as the cross-entropy is. So b is an
average of log-likelihoods per word, and captions of all lengths share it. Half of the captions
(the paper: "with probability 0.5 for a given image") use the expected value of s̃ instead, which
is soft attention; the entropy term applies to all.

The search samples nothing: the decoder uses the expected value, as in half of its training. So a
photo always gets the same caption, unlike with the paper's sampling.

Pointing is for photos with boxes: attention should be inside the boxes of the animal that a word
names.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.checkpoint.vocabulary import Vocabulary
from captioner.language.english import ANIMAL_WORDS
from captioner.model.decoder import Decoder, LSTMDecoder, expand_state
from training.data.reader_base import CaptionedPhoto
from training.distributed import SINGLE_PROCESS, ProcessGroup
from training.losses.sampling import generator_on, unroll_with_scheduled_sampling
from training.stage_config import DecoderStage, EndToEndStage, HardAttention
from training.stages.caption_batches import Batch


class CaptionLoss:
    """Cross-entropy with label smoothing, eq. 14's penalty, scheduled sampling, hard attention.

    The pointing loss is added if the configuration asks for it.
    """

    def __init__(
        self,
        config: DecoderStage | EndToEndStage,
        vocabulary: Vocabulary,
        *,
        photos: Sequence[CaptionedPhoto],
        steps: int,
        processes: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        """`photos` are those that batches refer to; `steps` is the number of steps of the stage."""
        self._config, self._vocabulary, self._steps = config, vocabulary, steps
        self._hard = HardAttentionLoss(config.hard_attention, processes)
        self._pointing = PointingLoss(photos, vocabulary) if config.pointing else None

    def __call__(
        self,
        decoder: Decoder,
        annotations: Tensor,
        crops: Tensor,
        batch: Batch,
        *,
        step: int,
        generator: torch.Generator,
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss of a batch's captions, W for each of annotations (B, K, D) of crops (B, 4)."""
        token_ids = batch.token_ids.to(annotations.device)
        words, targets = token_ids[..., :-1], token_ids[..., 1:]  # (B, W, T)
        mask = targets != self._vocabulary.pad
        scores, alpha, sampled_attention = self._scores(
            decoder, annotations, words, step, generator
        )
        entropy = cross_entropy(
            scores, targets, self._vocabulary.pad, smoothing=self._config.label_smoothing
        )
        entropy = batch.weight * entropy  # gives every word the same weight over all processes
        penalty = doubly_stochastic_penalty(alpha, mask)
        # the entropy is a mean over words, so the penalty must be one too
        loss = entropy + self._config.attention_penalty / token_ids.shape[2] * penalty  # eq. 14
        if sampled_attention is not None:
            log_p = torch.log_softmax(scores.detach().float(), 3)
            log_p = log_p.gather(3, targets.unsqueeze(3)).squeeze(3)
            loss = loss + self._hard(sampled_attention, log_p, alpha, mask)
        found = {"entropy": float(entropy.detach())}
        if self._pointing:
            pointing = self._pointing(alpha, targets, batch.photos, crops)
            loss = loss + self._config.pointing * pointing
            found["pointing"] = float(pointing.detach())
        return loss, found

    def _scores(
        self,
        decoder: Decoder,
        annotations: Tensor,
        words: Tensor,
        step: int,
        generator: torch.Generator,
    ) -> tuple[Tensor, Tensor, SampledAttention | None]:
        memory, state = decoder.start(annotations)
        state = expand_state(state, words)
        sampled_attention = None
        if isinstance(decoder, LSTMDecoder) and decoder.config.attention == "hard":
            sampled_attention = self._hard.sample(words, generator_on(generator, words.device))
            memory = memory._replace(phi=sampled_attention)
        scheduled = self._config.scheduled_sampling
        own = scheduled.probability(step / self._steps) if scheduled else 0.0
        if own:
            scores, alpha = unroll_with_scheduled_sampling(
                decoder,
                words,
                memory,
                state,
                probability=own,
                generator=generator_on(generator, words.device),
            )
        else:
            scores, alpha = decoder.unroll(words, memory, state)
        return scores, alpha, sampled_attention

    def state(self) -> dict[str, Tensor]:
        """The tensors that a resumed run needs besides weights and optimizer."""
        return self._hard.state()

    def load_state(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Restore what `state` returned."""
        self._hard.load_state(tensors, device)


def cross_entropy(scores: Tensor, targets: Tensor, pad: int, *, smoothing: float = 0.0) -> Tensor:
    """The cross-entropy, in nats per word, of targets (B, W, T) under scores (B, W, T, V).

    Padding is ignored.
    """
    return F.cross_entropy(
        scores.flatten(0, 2).float(), targets.flatten(), ignore_index=pad, label_smoothing=smoothing
    )


def doubly_stochastic_penalty(alpha: Tensor, mask: Tensor) -> Tensor:
    """The doubly stochastic regulariser of eq. 14 (section 4.2.1): look at the whole photo.

    Every place should get about the same attention in the course of a caption. alpha is
    (B, W, T, K); mask (B, W, T) is true for words and false for padding. The squared differences
    are summed over the K places and averaged over the captions.
    """
    total = (alpha * mask.unsqueeze(3)).sum(dim=2)  # (B, W, K)
    return (1 - total).square().sum(dim=2).mean()  # the second term of eq. 14


class SampledAttention:
    """A φ (eq. 6) that samples one place for each word (eqs. 8 and 9) and remembers it."""

    def __init__(self, sampled: Tensor, generator: torch.Generator) -> None:
        """`sampled` (B, W): the captions that look at one place; the others use soft attention."""
        self.sampled = sampled
        self._generator = generator
        self._places: list[Tensor] = []

    def __call__(self, annotations: Tensor, alpha: Tensor) -> Tensor:
        """The context vectors (B, W, D) of annotations (B, K, D) and weights (B, W, K)."""
        rows = alpha.detach().float().flatten(0, 1)
        place = torch.multinomial(rows, 1, generator=self._generator)  # s̃ of eq. 8
        place = place.view(alpha.shape[:2])  # (B, W)
        self._places.append(place)
        one = F.one_hot(place, alpha.shape[2]).to(alpha.dtype)
        weights = torch.where(self.sampled.unsqueeze(2), one, alpha)  # (B, W, K)
        return torch.bmm(weights, annotations)  # (B, W, D), eq. 9; eq. 13 where not sampled

    def log_probability(self, alpha: Tensor, mask: Tensor) -> Tensor:
        """Log p(s̃|a) (B, W) of the sampled places of each caption, given alpha (B, W, T, K)."""
        places = torch.stack(self._places, 2).unsqueeze(3)  # (B, W, T, 1)
        log_alpha = _log(alpha).gather(3, places).squeeze(3)
        return (log_alpha * mask).sum(2)


class HardAttentionLoss:
    """The terms that hard attention adds to the cross-entropy; keeps the moving average b."""

    def __init__(self, config: HardAttention, processes: ProcessGroup = SINGLE_PROCESS) -> None:
        self._config, self._processes = config, processes
        self._baseline: Tensor | None = None  # the first batch is its own

    def sample(self, words: Tensor, generator: torch.Generator) -> SampledAttention:
        """A φ for a batch of captions (B, W, T); the generator must be on their device."""
        coins = torch.rand(words.shape[:2], generator=generator, device=words.device)
        return SampledAttention(coins < self._config.sampled, generator)

    def __call__(
        self,
        sampled_attention: SampledAttention,
        log_likelihood: Tensor,
        alpha: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """The loss to add, from a batch's log p (B, W, T) and alpha (B, W, T, K).

        `mask` (B, W, T) is false for padding. Updates the baseline.
        """
        reward = _mean_of(log_likelihood.detach().float(), mask)  # (B, W), a word
        drawn = sampled_attention.sampled
        if self._baseline is None:
            self._baseline = self._processes.mean(reward.mean())
        gain = torch.where(drawn, reward - self._baseline, 0.0)
        # One sample (eq. 12) of the second term of eq. 11, the gradient of eq. 10; the first term
        # is the gradient of the cross-entropy.
        reinforce = (gain * sampled_attention.log_probability(alpha, mask)).mean()
        entropy = _mean_of(-(alpha * _log(alpha)).sum(3), mask).mean()
        if (usual := self._processes.mean_where(reward, drawn)) is not None:
            keep = self._config.baseline_decay
            self._baseline = keep * self._baseline + (1 - keep) * usual
        return -(self._config.reinforce * reinforce + self._config.entropy * entropy)

    def state(self) -> dict[str, Tensor]:
        """The tensors that a resumed run needs: the baseline."""
        return {} if self._baseline is None else {"baseline": self._baseline}

    def load_state(self, tensors: dict[str, Tensor], device: torch.device) -> None:
        """Restore what `state` returned."""
        baseline = tensors.get("baseline")
        self._baseline = None if baseline is None else baseline.to(device)


def _log(alpha: Tensor) -> Tensor:
    return alpha.clamp(min=torch.finfo(torch.float32).tiny).log()


def _mean_of(numbers: Tensor, mask: Tensor) -> Tensor:
    return (numbers * mask).sum(2) / mask.sum(2).clamp(min=1)


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
