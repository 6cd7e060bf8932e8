"""Small random models in transformers' layout, saved by its own classes: real but untrained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    BertTokenizerFast,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessor,
    BlipProcessor,
    CLIPImageProcessor,
    CLIPVisionConfig,
    GitConfig,
    GitForCausalLM,
    GitProcessor,
    GPT2Config,
    GPT2TokenizerFast,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)

SIDE = 32  # pixels
_SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 37,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
_EYE: dict[str, Any] = {**_SMALL, "image_size": SIDE, "patch_size": 8, "initializer_range": 0.3}
# So large that the likeliest word depends on the photo and on the words before.
_SHARP = 0.4
_SAID = "a dog runs on the red grass two people sit in snow ##ing ##s cat , . ' what is this"
_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", *_SAID.split(" ")]
_TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<image>\n{% else %}{{ c['text'] }}{% endif %}{% endfor %}\n"
    "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}"
)


def save_blip(folder: Path) -> None:
    """BLIP: an encoder, and a decoder that attends to it."""
    torch.manual_seed(0)
    words = _word_pieces()
    text = {
        **_SMALL,
        "vocab_size": len(_WORDS),
        "encoder_hidden_size": 32,
        "bos_token_id": 5,
        "eos_token_id": 3,
        "sep_token_id": 3,
        "pad_token_id": 0,
        "max_position_embeddings": 64,
        "projection_dim": 32,
        "initializer_range": _SHARP,
    }
    config = BlipConfig(
        text_config=text, vision_config={**_EYE, "projection_dim": 32}, projection_dim=32
    )
    BlipForConditionalGeneration(config).save_pretrained(folder)
    BlipProcessor(BlipImageProcessor(size=_square()), words).save_pretrained(folder)


def save_git(folder: Path) -> None:
    """GIT: one decoder that reads photo and words."""
    torch.manual_seed(0)
    config = GitConfig(
        **_SMALL, vocab_size=len(_WORDS), bos_token_id=2, eos_token_id=3, pad_token_id=0,
        max_position_embeddings=64, initializer_range=_SHARP, vision_config=_EYE,
    )  # fmt: skip
    GitForCausalLM(config).save_pretrained(folder)
    GitProcessor(_clip(), _word_pieces()).save_pretrained(folder)


def save_vit_gpt2(folder: Path) -> None:
    """ViT-GPT2: an encoder and a decoder that were made apart; tokens are bytes."""
    torch.manual_seed(0)
    tokenizer = GPT2TokenizerFast(vocab=_bytes(), merges=[])
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        ViTConfig(**_EYE),
        GPT2Config(
            vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=4, n_positions=64,
            bos_token_id=0, eos_token_id=0, add_cross_attention=True, is_decoder=True,
            initializer_range=_SHARP,
        ),
    )  # fmt: skip
    model = VisionEncoderDecoderModel(config=config)
    for name in ("decoder_start_token_id", "pad_token_id", "eos_token_id"):
        setattr(config, name, 0)
        setattr(model.generation_config, name, 0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    ViTImageProcessor(size=_square()).save_pretrained(folder)


def save_llava(folder: Path) -> None:
    """LLaVA, with a chat template: it follows prompts."""
    torch.manual_seed(0)
    spelling = Tokenizer(models.BPE(_bytes(), []))
    spelling.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    spelling.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=spelling, bos_token="<|endoftext|>", eos_token="<|endoftext|>",
        pad_token="<pad>", extra_special_tokens={"image_token": "<image>"},
    )  # fmt: skip
    text = LlamaConfig(
        **_SMALL, vocab_size=len(tokenizer), num_key_value_heads=4, max_position_embeddings=1024,
        bos_token_id=0, eos_token_id=0, pad_token_id=tokenizer.pad_token_id,
        initializer_range=_SHARP,
    )  # fmt: skip
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**_EYE, projection_dim=32), text_config=text,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"), vision_feature_layer=-1,
        image_seq_length=16,
    )  # fmt: skip
    LlavaForConditionalGeneration(config).save_pretrained(folder)
    LlavaProcessor(
        _clip(), tokenizer, patch_size=8, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, chat_template=_TEMPLATE,
    ).save_pretrained(folder)  # fmt: skip


SAVE: dict[str, Callable[[Path], None]] = {
    "blip": save_blip,
    "git": save_git,
    "vit-gpt2": save_vit_gpt2,
    "llava": save_llava,
}


def _square() -> dict[str, int]:
    return {"height": SIDE, "width": SIDE}


def _clip() -> CLIPImageProcessor:
    return CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size=_square())


def _word_pieces() -> BertTokenizerFast:
    return BertTokenizerFast(vocab={word: number for number, word in enumerate(_WORDS)})


def _bytes() -> dict[str, int]:
    letters = ["<|endoftext|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    return {letter: number for number, letter in enumerate(letters)}
