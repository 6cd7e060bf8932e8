"""The stages of a run's configuration: what each kind of stage may be told."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """A section of a configuration; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def non_defaults(self) -> dict[str, object]:
        """The values that differ from the defaults; so a new setting changes no fingerprint."""
        return self.model_dump(mode="json", exclude_defaults=True)


class EarlyStopping(Section):
    """Ends a stage when validation scores stop improving, and keeps its best weights."""

    patience: int = Field(gt=0)  # validations without a better score
    metric: Literal["cider_d", "bleu_4"] = "cider_d"


class StageConfig(Section):
    """The settings that every kind of stage has."""

    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    epochs: int = Field(gt=0)
    batch_size: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(default=0.0, ge=0)
    optimizer: Literal["sgd", "adamw"] = "adamw"
    beta2: float = Field(default=0.999, gt=0, lt=1)
    warm_up: float = Field(default=0.05, ge=0, lt=1)  # share of all steps
    average: float = Field(default=0.999, ge=0, lt=1)  # decay of the EMA
    clip: float = Field(default=0.0, ge=0)  # norm of the gradient; 0 is none
    validate_every: int = Field(default=1, gt=0)  # epochs
    early_stopping: EarlyStopping | None = None


class ResolutionStep(Section):
    """A resolution in pixels, and the share of the stage until which it is used."""

    until: float = Field(gt=0, le=1)
    size: int = Field(ge=32, le=512)


class _EncoderPretrainingStage(StageConfig):
    """A stage that trains the encoder alone. It makes no captions, so it cannot stop early."""

    @model_validator(mode="after")
    def _has_no_early_stopping(self) -> Self:
        if self.early_stopping:
            raise ValueError("early_stopping is for stages that make captions")
        return self


ResolutionSchedule = Annotated[tuple[ResolutionStep, ...], Field(min_length=1)]


class LabelsStage(_EncoderPretrainingStage):
    """Encoder pretraining on labelled photos."""

    kind: Literal["labels"]
    archives: tuple[str, ...] = Field(min_length=1)
    packed_size: int = Field(default=72, ge=32)
    sizes: ResolutionSchedule
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    crop_scale: float = Field(default=0.35, gt=0, le=1)


class _CaptionedPhotosStage(StageConfig):
    train: tuple[str, ...] = Field(min_length=1)  # sources, see training/data/registry.py
    val: tuple[str, ...] = Field(min_length=1)
    packed_size: int = Field(default=224, ge=32)


class WordsStage(_CaptionedPhotosStage, _EncoderPretrainingStage):
    """Encoder pretraining on the words of photos' captions."""

    kind: Literal["words"]
    sizes: ResolutionSchedule
    min_count: int = Field(default=10, ge=1)
    crop_scale: float = Field(default=0.35, gt=0, le=1)


class DistillationStage(_CaptionedPhotosStage):
    """The later stages of a new encoder learn to see what the encoder of `start` sees.

    It is the first stage of its run. The decoder of `start` goes on from there.
    """

    kind: Literal["distillation"]
    frozen_stages: int = Field(ge=1)  # of the new encoder, the first so many; fewer than it has
    longest: int = Field(default=20, ge=1)  # words of a validation caption
    validate_photos: int = Field(default=1000, ge=1)


class ScheduledSampling(Section):
    """Scheduled sampling (Bengio et al. 2015, arXiv 1506.03099): feed the decoder its own words.

    The probability of its own word grows from 0, after the share `begin` of the stage, to `most`
    after the share `end`, and then stays there.
    """

    most: float = Field(default=0.25, gt=0, le=1)
    begin: float = Field(default=0.0, ge=0, lt=1)
    end: float = Field(default=1.0, gt=0, le=1)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.begin >= self.end:
            raise ValueError("begin must be less than end")
        return self

    def probability(self, progress: float) -> float:
        """The probability when a share `progress` of the stage is done."""
        return self.most * min(1.0, max(0.0, (progress - self.begin) / (self.end - self.begin)))


class HardAttention(Section):
    """How hard attention is trained (section 4.1); used if `decoder.attention` is "hard"."""

    sampled: float = Field(default=0.5, gt=0, le=1)  # share of captions; the rest are soft
    reinforce: float = Field(default=1.0, ge=0)  # lambda_r
    entropy: float = Field(default=0.002, ge=0)  # lambda_e
    baseline_decay: float = Field(default=0.9, ge=0, lt=1)


class CaptioningStage(_CaptionedPhotosStage):
    """A stage that trains a decoder by cross-entropy."""

    longest: int = Field(default=20, ge=1)  # words of a caption; longer ones are cut
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    attention_penalty: float = Field(default=1.0, ge=0)  # lambda of eq. 14
    pointing: float = Field(default=0.0, ge=0)  # see training/losses/caption_loss.py
    validate_photos: int = Field(default=1000, ge=1)  # captioned by beam search each time
    scheduled_sampling: ScheduledSampling | None = None
    hard_attention: HardAttention = HardAttention()


class DecoderStage(CaptioningStage):
    """Decoder training on the annotation vectors of a frozen encoder, computed once."""

    kind: Literal["decoder"]
    views: int = Field(default=2, ge=1, le=16)  # 1: the photo; 2: and its mirror; more: crops
    crop_scale: float = Field(default=0.6, gt=0, le=1)
    texts: tuple[str, ...] = ()  # captions without photos, see training/stages/frozen_encoder.py
    texts_share: float = Field(default=0.5, gt=0, lt=1)  # of the steps, if there are texts

    def by_cross_entropy(self) -> DecoderStage:
        """The stage itself."""
        return self


class SelfCriticalOptions(Section):
    """Self-critical training instead of cross-entropy; see `SelfCriticalStage`."""

    samples: int = Field(default=5, ge=2, le=64)  # captions a photo
    baseline: Literal["greedy", "samples"] = "samples"
    bleu_weight: float = Field(default=0.0, ge=0)  # of BLEU-4 (0…1) beside CIDEr-D (0…10)
    attention_penalty: float = Field(default=0.0, ge=0)  # lambda of eq. 14
    naming: float = Field(default=0.0, ge=0)  # for the right animal, against a wrong one
    pointing: float = Field(default=0.0, ge=0)  # see training/losses/caption_loss.py


_CROSS_ENTROPY_ONLY = frozenset(
    {
        "captions",
        "label_smoothing",
        "attention_penalty",
        "pointing",
        "scheduled_sampling",
        "hard_attention",
    }
)


class EndToEndStage(CaptioningStage):
    """Encoder and decoder trained together; `batch_size` is of photos."""

    kind: Literal["end_to_end"]
    self_critical: SelfCriticalOptions | None = None
    captions: int = Field(default=5, ge=1, le=64)  # of each photo, a step
    frozen_stages: int = Field(default=0, ge=0)  # of the encoder, the first so many
    crop_scale: float = Field(default=0.6, gt=0, le=1)
    encoder_lr_scale: float = Field(default=0.1, ge=0, le=1)
    batch_norm: Literal["frozen", "train", "folded"] = "frozen"

    @model_validator(mode="after")
    def _has_one_loss(self) -> Self:
        unused = sorted(_CROSS_ENTROPY_ONLY & self.model_fields_set)
        if self.self_critical and unused:
            raise ValueError(
                f"self_critical samples captions instead of predicting them: leave "
                f"{', '.join(unused)} out"
            )
        return self


class SelfCriticalStage(_CaptionedPhotosStage):
    """Decoder training that optimizes CIDEr-D, on the annotation vectors of a frozen encoder."""

    kind: Literal["self_critical"]
    samples: int = Field(default=5, ge=1, le=64)  # captions a photo
    baseline: Literal["greedy", "samples"] = "greedy"
    bleu_weight: float = Field(default=0.0, ge=0)  # of BLEU-4 (0…1) beside CIDEr-D (0…10)
    attention_penalty: float = Field(default=0.0, ge=0)  # lambda of eq. 14
    naming: float = Field(default=0.0, ge=0)  # for the right animal, against a wrong one
    pointing: float = Field(default=0.0, ge=0)  # see training/losses/caption_loss.py
    longest: int = Field(default=20, ge=1)  # words of a validation caption
    validate_photos: int = Field(default=1000, ge=1)
    views: int = Field(default=2, ge=1, le=16)
    crop_scale: float = Field(default=0.6, gt=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _has_no_texts(cls, given: object) -> object:
        if isinstance(given, dict) and "texts" in given:
            raise ValueError(
                "texts are for stages of the kind decoder: no photo says which caption of a text "
                "would be rewarded"
            )
        return given

    @model_validator(mode="after")
    def _has_a_baseline(self) -> Self:
        if self.baseline == "samples" and self.samples < 2:
            raise ValueError('baseline = "samples" is the mean of the others: samples must be > 1')
        return self

    def by_cross_entropy(self) -> DecoderStage:
        """A stage like this one that trains by cross-entropy."""
        common = self.model_dump(include=self.model_fields_set & DecoderStage.model_fields.keys())
        return DecoderStage.model_validate(common | {"kind": "decoder"})


AnyStage = Annotated[
    LabelsStage | WordsStage | DistillationStage | DecoderStage | EndToEndStage | SelfCriticalStage,
    Field(discriminator="kind"),
]
