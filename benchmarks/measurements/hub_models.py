"""A model of the Hub on the transformers engine, beside what people would write with a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from benchmarks import samples
from benchmarks.measurement import BenchContext, Measurement, in_unit, side_by_side_with_processor
from benchmarks.results import Record, ratios

BEAMS = 5
TOKENS = 12
LOOP, BATCHED, ENGINE = "pipeline, photo by photo", "pipeline, batch_size=8", "engine"
ROUNDED = "engine, bfloat16"
RATIO = f"{LOOP} / {ENGINE}"
BASE, HALF = "BLIP-base", "BLIP-base, half as deep and wide"

_SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]")
_START, _END = _SPECIALS.index("[DEC]"), _SPECIALS.index("[SEP]")
_UNLIKELY = -30.0

_Contender = Callable[[], list[list[str]]]
_LAYERS_AND_WIDTH = {BASE: (12, 768), HALF: (6, 384)}


def save(folder: Path, *, layers: int, width: int, words: int = 30_524, side: int = 384) -> None:
    """Save a BLIP with random weights, whose captions never end by themselves."""
    from transformers import (  # noqa: PLC0415 - takes long to load
        BertTokenizerFast,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    torch.manual_seed(0)
    shape = {
        "num_hidden_layers": layers, "hidden_size": width, "intermediate_size": 4 * width,
        "num_attention_heads": width // 64,
    }  # fmt: skip
    config = BlipConfig(
        text_config={
            **shape, "vocab_size": words, "encoder_hidden_size": width,
            "bos_token_id": _START, "eos_token_id": _END, "sep_token_id": _END, "pad_token_id": 0,
        },
        # Its own range is next to nothing, and every photo would be the same to the decoder.
        vision_config={**shape, "image_size": side, "initializer_range": 0.02},
    )  # fmt: skip
    model = BlipForConditionalGeneration(config)
    with torch.no_grad():
        model.text_decoder.cls.predictions.bias[_END] = _UNLIKELY
    model.save_pretrained(folder)
    vocabulary = [*_SPECIALS, *(f"word{n}" for n in range(words - len(_SPECIALS)))]
    tokenizer = BertTokenizerFast(vocab={word: n for n, word in enumerate(vocabulary)})
    image_processor = BlipImageProcessor(size={"height": side, "width": side})
    BlipProcessor(image_processor, tokenizer).save_pretrained(folder)


def contenders(folder: Path, pictures: Sequence[Image.Image]) -> dict[str, _Contender]:
    """What captions the pictures in one call each; all return the captions' words.

    The engine is there in float32, as the pipeline is, and in bfloat16 where it would run in that.
    """
    from transformers import pipeline  # noqa: PLC0415 - takes long to load

    from captioner.engines.transformers.captioner import (  # noqa: PLC0415 - imports transformers
        TransformersCaptioner,
    )
    from captioner.engines.transformers.loading import (  # noqa: PLC0415 - imports transformers
        load_model,
        precision,
    )

    def captioner(dtype: torch.dtype) -> TransformersCaptioner:
        family = load_model(folder, device="cpu", name=folder.name, dtype=dtype)
        family.most_tokens = TOKENS
        return TransformersCaptioner(family, folder, name=folder.name)

    exact = captioner(torch.float32)
    theirs: Any = pipeline("image-text-to-text", model=str(folder), device="cpu")
    options = {"num_beams": BEAMS, "max_new_tokens": TOKENS, "do_sample": False}

    def loop() -> list[list[str]]:
        return [
            _words(theirs(picture, text="", generate_kwargs=options)[0]["generated_text"])
            for picture in pictures
        ]

    def batched() -> list[list[str]]:
        asked = ({"images": picture, "text": ""} for picture in pictures)  # a list is a chat
        said = theirs(asked, batch_size=len(pictures), generate_kwargs=options)
        return [_words(one[0]["generated_text"]) for one in said]

    def engine(captioner: TransformersCaptioner) -> list[list[str]]:
        said = captioner.caption(pictures, beam_size=BEAMS)
        return [_words(one.captions[0].text) for one in said]

    found: dict[str, _Contender] = {
        LOOP: loop,
        **({BATCHED: batched} if len(pictures) > 1 else {}),
        ENGINE: partial(engine, exact),
    }
    if precision(torch.device("cpu")) is torch.bfloat16:
        found[ROUNDED] = partial(engine, captioner(torch.bfloat16))
    return found


def _words(text: str) -> list[str]:
    """Without what each makes of spaces, capitals and marks."""
    return text.lower().strip(" .").split()


def _measure(model: str, batch: int, bench: BenchContext) -> Record:
    folder = bench.models / model.replace(" ", "-")
    if not folder.is_dir():
        layers, width = _LAYERS_AND_WIDTH[model]
        save(folder, layers=layers, width=width)
    pictures = [samples.small(seed) for seed in range(batch)]
    asked = contenders(folder, pictures)
    times, own = side_by_side_with_processor(
        asked,
        rounds=bench.rounds(6),
        seconds=bench.seconds(180),
        after_round=bench.round_done,
    )
    return Record(
        {
            RATIO: ratios(times[LOOP], times[ENGINE]),
            f"{RATIO}, in processor time": ratios(own[LOOP], own[ENGINE]),
            **(
                {f"{LOOP} / {ROUNDED}": ratios(times[LOOP], times[ROUNDED])}
                if ROUNDED in times
                else {}
            ),
            **(
                {f"{BATCHED} / {ENGINE}": ratios(times[BATCHED], times[ENGINE])}
                if BATCHED in times
                else {}
            ),
            **{f"{name}, a photo": in_unit(taken, "ms", batch) for name, taken in times.items()},
        }
    )


MEASUREMENT = Measurement(
    name="hub-models",
    title="A model of the Hub",
    about=(
        "`CAPTIONBOT_CHECKPOINT=hf:…`: BLIP on the transformers engine, beside "
        '`transformers.pipeline("image-text-to-text")` as its documentation has it. The weights '
        f"are random, which cost what trained ones do, and no caption ends before {TOKENS} "
        f"tokens, so all do the same work and say the same: decoded photos to words, {BEAMS} "
        "beams, float32; on a CPU that computes in bfloat16, the engine does so by itself, and is "
        "measured in that, too. The engine also says how likely each word is, and where it looked. "
        "On a busy machine the ratio in processor time is the one to go by."
    ),
    pieces={
        f"{model}, batch {batch}": partial(_measure, model, batch)
        for model in (HALF, BASE)
        for batch in (1, 8)
    },
)
