"""CaptionBot beside what people would use instead, at the same number of words and beams."""

from __future__ import annotations

from collections.abc import Callable

import torch

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side
from benchmarks.models import engines, load
from benchmarks.results import Record, ratios
from benchmarks.samples import WORDS

BEAMS = 3
_TOKENS = WORDS + 1  # the end is one as well


def _blip(bench: BenchContext) -> Record:
    from transformers import BlipConfig, BlipForConditionalGeneration  # noqa: PLC0415 - takes long to load

    model = BlipForConditionalGeneration(BlipConfig()).eval()
    size = model.config.vision_config.image_size
    return _beside(bench, "BLIP-base", _generating(model, size))


def _vit_gpt2(bench: BenchContext) -> Record:
    from transformers import (  # noqa: PLC0415 - takes long to load
        GPT2Config,
        VisionEncoderDecoderConfig,
        VisionEncoderDecoderModel,
        ViTConfig,
    )

    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(ViTConfig(), GPT2Config())
    config.decoder_start_token_id = config.pad_token_id = config.decoder.bos_token_id
    model = VisionEncoderDecoderModel(config=config).eval()
    return _beside(bench, "ViT-GPT2", _generating(model, model.config.encoder.image_size))


def _generating(model: torch.nn.Module, size: int) -> Callable[[], object]:
    """One photo's caption, from an image that lies ready."""
    image = torch.randn(1, 3, size, size)

    def generate() -> object:
        with torch.inference_mode():
            return model.generate(  # type: ignore[operator]  # of transformers' mixin
                pixel_values=image,
                num_beams=BEAMS,
                min_new_tokens=_TOKENS,
                max_new_tokens=_TOKENS,
            )

    return generate


def _beside(bench: BenchContext, peer: str, caption: Callable[[], object]) -> Record:
    picture = samples.small()
    ours = {engine: load(bench.checkpoint, engine=engine) for engine in engines()}
    times = side_by_side(
        {
            peer: caption,
            "torch": lambda: ours["torch"].caption([picture], beam_size=BEAMS),
            **(
                {"openvino": lambda: ours["openvino"].caption([picture], beam_size=BEAMS)}
                if "openvino" in ours
                else {}
            ),
        },
        rounds=bench.rounds(10),
        seconds=bench.seconds(90),
        after_round=bench.round_done,
    )
    figures = {f"{peer} / {name}": ratios(times[peer], times[name]) for name in ours} | {
        name: in_unit(taken, "ms") for name, taken in times.items()
    }
    missing = "" if "openvino" in ours else "the OpenVINO engine is not there"
    return Record(figures, note=missing)


MEASUREMENT = Measurement(
    name="peers",
    title="What people would use instead",
    about=(
        "BLIP-base captioning (384 pixels) and ViT-GPT2 (224 pixels) of `transformers`, with "
        "random weights from their configurations, which cost what trained ones do: one image "
        f"that lies ready, {_TOKENS} tokens, {BEAMS} beams, float32. Beside it CaptionBot's "
        "full-size model from a decoded photo, as many words and beams."
    ),
    pieces={"BLIP-base": _blip, "ViT-GPT2": _vit_gpt2},
)
