"""Small random models in transformers' layout, saved by its own classes: real but untrained."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
    Florence2Config,
    Florence2ForConditionalGeneration,
    Florence2Processor,
    GitConfig,
    GitForCausalLM,
    GitProcessor,
    GPT2Config,
    GPT2TokenizerFast,
    Idefics3Config,
    Idefics3ForConditionalGeneration,
    Idefics3ImageProcessor,
    Idefics3Processor,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2Tokenizer,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
    RobertaTokenizer,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)

from captioner.engines.transformers.captioner import TransformersCaptioner
from captioner.engines.transformers.loading import load_model

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
    tokenizer = _letters(extra_special_tokens={"image_token": "<image>"})
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


def save_idefics3(folder: Path) -> None:
    """Idefics3, which the first SmolVLM are: a large photo is cut into tiles."""
    torch.manual_seed(0)
    tokenizer = _letters()
    tiles = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    signs = ["<image>", "<fake_token_around_image>", "<end_of_utterance>", "<global-img>", *tiles]
    tokenizer.add_tokens(signs, special_tokens=True)
    text = LlamaConfig(
        **_SMALL, vocab_size=len(tokenizer), num_key_value_heads=4, max_position_embeddings=1024,
        bos_token_id=0, eos_token_id=0, pad_token_id=tokenizer.pad_token_id,
        initializer_range=_SHARP,
    )  # fmt: skip
    config = Idefics3Config(
        vision_config=_EYE, text_config=text, scale_factor=2, pad_token_id=tokenizer.pad_token_id,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    Idefics3ForConditionalGeneration(config).save_pretrained(folder)
    sizes = {"size": {"longest_edge": 2 * SIDE}, "max_image_size": {"longest_edge": SIDE}}
    Idefics3Processor(
        Idefics3ImageProcessor(**sizes), tokenizer, image_seq_len=4, chat_template=_TEMPLATE
    ).save_pretrained(folder)


def save_qwen(folder: Path, version: str) -> None:
    """Qwen2-VL or Qwen2.5-VL: a photo is as many tokens as its size asks for."""
    torch.manual_seed(0)
    tokenizer = Qwen2Tokenizer(vocab=_bytes(), merges=[])
    signs = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    tokenizer.add_tokens(signs, special_tokens=True)
    start, end, image, video = map(tokenizer.convert_tokens_to_ids, signs)
    common: dict[str, Any] = {
        "text_config": {
            **_SMALL, "num_key_value_heads": 2, "vocab_size": len(tokenizer),
            "max_position_embeddings": 1024, "initializer_range": _SHARP,
            "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0,
            "rope_parameters": {
                "rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0,
            },
        },
        "image_token_id": image, "video_token_id": video,
        "vision_start_token_id": start, "vision_end_token_id": end,
    }  # fmt: skip
    eye: dict[str, Any] = {
        "depth": 2, "hidden_size": 32, "num_heads": 4, "patch_size": 4, "initializer_range": 0.3,
    }  # fmt: skip
    if version == "2":
        eye |= {"embed_dim": 32, "mlp_ratio": 2}
        model = Qwen2VLForConditionalGeneration(Qwen2VLConfig(vision_config=eye, **common))
    else:
        eye |= {"intermediate_size": 64, "out_hidden_size": 32, "window_size": 32,
                "fullatt_block_indexes": [1]}  # fmt: skip
        model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(vision_config=eye, **common))
    model.save_pretrained(folder)
    sizes = {"patch_size": 4, "size": {"shortest_edge": 16 * 16, "longest_edge": 32 * 32}}
    made = Qwen2VLProcessor if version == "2" else Qwen2_5_VLProcessor
    template = _TEMPLATE.replace("<image>", "<|vision_start|><|image_pad|><|vision_end|>")
    made(
        Qwen2VLImageProcessor(**sizes), tokenizer, Qwen2VLVideoProcessor(**sizes),
        chat_template=template,
    ).save_pretrained(folder)  # fmt: skip


def save_florence2(folder: Path) -> None:
    """Florence-2: an encoder of photo and task, and a decoder."""
    torch.manual_seed(0)
    letters = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ", *map(chr, range(33, 127))]
    tokenizer = RobertaTokenizer(
        vocab={letter: number for number, letter in enumerate(letters)}, merges=[],
        extra_special_tokens={"image_token": "<image>"},
    )  # fmt: skip
    image = tokenizer.convert_tokens_to_ids("<image>")
    ends = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    text = {
        "model_type": "bart", "vocab_size": len(tokenizer), "d_model": 32, "encoder_layers": 2,
        "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
        "encoder_ffn_dim": 37, "decoder_ffn_dim": 37, "max_position_embeddings": 256,
        "init_std": _SHARP, **ends,
    }  # fmt: skip
    eye = {
        "depths": [1, 1, 1, 1], "patch_size": [7, 3, 3, 3], "patch_stride": [4, 2, 2, 2],
        "patch_padding": [3, 1, 1, 1], "patch_prenorm": [False, True, True, True],
        "embed_dim": [8, 16, 32, 32], "num_heads": [2, 2, 4, 4], "num_groups": [2, 2, 4, 4],
        "window_size": 4, "projection_dim": 32, "drop_path_rate": 0.0, "initializer_range": 0.3,
    }  # fmt: skip
    config = Florence2Config(
        text_config=text, vision_config=eye, image_token_id=image, is_encoder_decoder=True, **ends
    )
    Florence2ForConditionalGeneration(config).save_pretrained(folder)
    square = {"height": 2 * SIDE, "width": 2 * SIDE}
    eyes = CLIPImageProcessor(size=square, crop_size=square, do_center_crop=False)
    eyes.image_seq_length = 5  # 2 x 2 places, and the mean of them
    tokenizer.image_token_id = image
    Florence2Processor(eyes, tokenizer).save_pretrained(folder)


SAVE: dict[str, Callable[[Path], None]] = {
    "blip": save_blip,
    "git": save_git,
    "vit-gpt2": save_vit_gpt2,
    "llava": save_llava,
    "idefics3": save_idefics3,
    "qwen2-vl": partial(save_qwen, version="2"),
    "qwen2.5-vl": partial(save_qwen, version="2.5"),
    "florence2": save_florence2,
}


def save(name: str, folder: Path) -> Path:
    """A new folder with the small model of a family."""
    folder.mkdir()
    SAVE[name](folder)
    return folder


def load(name: str, folder: Path, dtype: torch.dtype = torch.float32) -> TransformersCaptioner:
    """The captioner of a folder, in `dtype`: what rounds less can be compared."""
    family = load_model(folder, device="cpu", name=name, dtype=dtype)
    return TransformersCaptioner(family, folder, name=name, languages=("en", "de"))


def _letters(**options: Any) -> PreTrainedTokenizerFast:
    """A tokenizer whose tokens are bytes."""
    spelling = Tokenizer(models.BPE(_bytes(), []))
    spelling.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    spelling.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=spelling, bos_token="<|endoftext|>", eos_token="<|endoftext|>",
        pad_token="<pad>", **options,
    )  # fmt: skip


def _square() -> dict[str, int]:
    return {"height": SIDE, "width": SIDE}


def _clip() -> CLIPImageProcessor:
    return CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size=_square())


def _word_pieces() -> BertTokenizerFast:
    return BertTokenizerFast(vocab={word: number for number, word in enumerate(_WORDS)})


def _bytes() -> dict[str, int]:
    letters = ["<|endoftext|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    return {letter: number for number, letter in enumerate(letters)}
