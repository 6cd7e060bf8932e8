"""Captions by models of every family: alone and in batches, with what is known of each word."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from captioner.base import PhotoCaptions
from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.metadata import CheckpointError
from captioner.engines.transformers import captioner as module
from captioner.engines.transformers.captioner import TransformersCaptioner, write_calibration
from captioner.engines.transformers.cross_attending import Blip
from captioner.engines.transformers.families import Git, OncePerPhoto
from captioner.queue.messages import Output
from captioner.worker.batch_handler import BatchHandler
from tests.captioner.engines.transformers.conftest import Open
from tests.support.jobs import make_job
from tests.support.photos import photo
from tests.support.transformers_models import SAVE

EVERY = sorted(SAVE)


def texts(found: list[PhotoCaptions]) -> list[list[str]]:
    return [[caption.text for caption in one.captions] for one in found]


@pytest.mark.parametrize("name", EVERY)
def test_a_photo_gets_the_same_captions_alone_and_in_a_batch(
    opened: Open, photos: list[Image.Image], name: str
) -> None:
    captioner = opened(name)
    together = captioner.caption(photos, beam_size=3, n_best=2)
    alone = [captioner.caption([one], beam_size=3, n_best=2)[0] for one in photos]
    assert texts(together) == texts(alone)
    assert len({text for own in texts(together) for text in own}) > 2, "photos are looked at"
    for one, other in zip(together, alone, strict=True):
        assert one.captions[0].log_prob == pytest.approx(other.captions[0].log_prob, abs=1e-3)


@pytest.mark.parametrize("name", ["blip", "qwen2.5-vl"])
def test_what_fills_up_the_shorter_captions_of_a_batch_counts_for_nothing(
    opened: Open, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(module, "MOST_TOKENS", {"short": 40})
    captioner = opened(name)
    photos = [Image.open(io.BytesIO(photo(seed=seed))) for seed in range(6)]
    together = captioner.caption(photos, beam_size=1)
    assert len({len(found.captions[0].text) for found in together}) > 1, "some end earlier"
    for one, found in zip(photos, together, strict=True):
        (alone,) = captioner.caption([one], beam_size=1)
        assert found.captions[0].log_prob == pytest.approx(alone.captions[0].log_prob, abs=1e-3)
        assert found.captions[0].rank == pytest.approx(alone.captions[0].rank, abs=1e-3)


@pytest.mark.parametrize("name", EVERY)
def test_words_and_their_probabilities(opened: Open, photos: list[Image.Image], name: str) -> None:
    captioner = opened(name)
    for beams, n_best in ((1, 1), (4, 3)):
        found = captioner.caption(photos[:2], beam_size=beams, n_best=n_best)
        for one in found:
            assert 1 <= len(one.captions) <= n_best
            ranks = [caption.rank for caption in one.captions]
            assert ranks == sorted(ranks, reverse=True)
            assert one.confidence is None
            assert not one.unsure
            for caption in one.captions:
                assert caption.text.endswith((".", "?", "!", "…"))
                assert all(word.log_prob <= 0 for word in caption.words)
                said = sum(word.log_prob for word in caption.words)
                assert caption.log_prob <= said + 1e-4, "the end has a probability too"


@pytest.mark.parametrize("name", ["blip", "vit-gpt2"])
def test_attention_over_the_photo(opened: Open, photos: list[Image.Image], name: str) -> None:
    captioner = opened(name)
    assert captioner.capabilities.attention
    best, *others = captioner.caption(photos[:1], beam_size=3, n_best=3)[0].captions
    assert captioner.caption(photos[:1])[0].grid == (4, 4)
    for word in best.words:
        assert len(word.attention) == 16
        assert sum(word.attention) == pytest.approx(1, abs=1e-3)
    if name == "blip":  # the other one's tokens are bytes, and all of them one word
        assert len({word.attention for word in best.words}) > 1, "another word, another place"
    assert not any(word.attention for other in others for word in other.words)


@pytest.mark.parametrize("name", ["git", "llava"])
def test_families_without_attention_say_so(
    opened: Open, photos: list[Image.Image], name: str
) -> None:
    captioner = opened(name)
    found = captioner.caption(photos[:1])[0]
    assert not captioner.capabilities.attention
    assert found.grid == (0, 0)
    assert not any(word.attention for word in found.captions[0].words)


def test_log_probabilities_are_those_of_the_model(opened: Open, photos: list[Image.Image]) -> None:
    """The model's own scores for the tokens found, computed in one pass over all of them."""
    captioner = opened("blip")
    family = captioner._family
    assert isinstance(family, Blip)
    found = captioner.caption(photos[:1], beam_size=3)[0].captions[0]
    model, tokenizer = family.model, family.tokenizer
    with torch.inference_mode():
        encoded = family._encoded(family._images([np.array(photos[0])]))
        output = model.text_decoder.generate(
            input_ids=torch.tensor([[family._start()]]), encoder_hidden_states=encoded,
            num_beams=3, max_new_tokens=8, do_sample=False, eos_token_id=3, pad_token_id=0,
        )  # fmt: skip
        logits = model.text_decoder(input_ids=output, encoder_hidden_states=encoded).logits[0]
    scores = logits.log_softmax(-1)
    row = output[0].tolist()
    ends = row.index(3) if 3 in row else len(row) - 1
    expected = sum(float(scores[at, row[at + 1]]) for at in range(ends))
    assert found.log_prob == pytest.approx(expected, abs=1e-3)
    assert tokenizer.decode(row[1:], skip_special_tokens=True).split()[0] in found.text.lower()


def test_git_reads_each_photo_once_for_all_its_beams(
    opened: Open, photos: list[Image.Image]
) -> None:
    captioner = opened("git")
    family = captioner._family
    assert isinstance(family, Git)
    shared = family._encoder
    assert isinstance(shared, OncePerPhoto)
    sizes: list[int] = []
    hook = shared.encoder.register_forward_pre_hook(
        lambda _module, given: sizes.append(len(given[0]))
    )
    try:
        captioner.caption(photos, beam_size=4)
    finally:
        hook.remove()
    assert sizes == [len(photos)]


def test_a_model_that_follows_prompts(opened: Open, photos: list[Image.Image]) -> None:
    captioner = opened("llava")
    able = captioner.capabilities
    assert (able.questions, able.lengths) == (True, ("short", "alt", "long"))
    assert able.languages == ("en", "de")
    answers = captioner.answer(photos[:2], ["What is it?", "Where?"], languages=["de", None])
    assert [one.language for one in answers] == ["de", "en"]
    other = captioner.answer(photos[:2], ["Why?", "Where?"], languages=["de", None])
    assert texts(answers)[1] == texts(other)[1]
    assert texts(answers)[0] != texts(other)[0], "the question is a part of what is asked"
    (alt,) = captioner.write(photos[:1], length="alt")
    assert 0 < len(alt.captions[0].text) <= 600


@pytest.mark.parametrize("name", ["llava", "idefics3", "qwen2-vl", "qwen2.5-vl"])
def test_a_question_gets_the_same_answer_alone_and_beside_longer_ones(
    opened: Open, photos: list[Image.Image], name: str
) -> None:
    captioner = opened(name)
    questions = ["What?", "Is there " + "more and " * 20 + "more?", "Who is it?", "x" * 300]
    languages = ["en", "de", None, "de"]
    together = captioner.answer(photos, questions, languages=languages)
    for one, question, language, found in zip(photos, questions, languages, together, strict=True):
        (alone,) = captioner.answer([one], [question], languages=[language])
        assert found.captions[0].text == alone.captions[0].text
        assert found.captions[0].log_prob == pytest.approx(alone.captions[0].log_prob, abs=1e-3)


def test_models_that_only_caption_offer_no_more(opened: Open) -> None:
    for name in ("blip", "git", "vit-gpt2"):
        able = opened(name).capabilities
        assert (able.questions, able.lengths, able.languages) == (False, ("short",), ("en",))
        assert not able.confidence


def test_too_many_captions_for_the_beams(opened: Open, photos: list[Image.Image]) -> None:
    with pytest.raises(ValueError, match="n_best must be"):
        opened("blip").caption(photos[:1], beam_size=2, n_best=3)


def test_what_a_calibration_changes(
    opened: Open, photos: list[Image.Image], tmp_path: Path
) -> None:
    plain = opened("blip")
    folder = tmp_path / "blip"
    folder.mkdir()
    for file in plain.path.iterdir() if plain.path else ():
        (folder / file.name).symlink_to(file)
    write_calibration(folder, Calibration(bias=0.5, mean=1.0, least=0.1), {"photos": 1000})
    calibrated = TransformersCaptioner(plain._family, folder, name="blip")
    assert calibrated.capabilities.confidence
    assert calibrated.identity != plain.identity
    (found,) = calibrated.caption(photos[:1])
    best = found.captions[0]
    words = [word.log_prob for word in best.words]
    mean, least = best.log_prob / (len(words) + 1), min(words)
    expected = 1 / (1 + math.exp(-(0.5 + mean + 0.1 * least)))
    assert found.confidence == pytest.approx(expected)
    (folder / "captionbot.json").write_text("{}")
    with pytest.raises(CheckpointError, match="no calibration"):
        TransformersCaptioner(plain._family, folder, name="blip")


def test_through_the_worker_with_a_gif(opened: Open) -> None:
    handler = BatchHandler(opened("blip"))
    jobs = [make_job(photo=photo(seed=1), output=Output.ATTENTION_GIF), make_job(photo=b"none")]
    drawn, bad = handler.answer(jobs)
    assert drawn.media.startswith(b"GIF8")
    assert drawn.grid == (4, 4)
    assert drawn.model.startswith("blip ")
    assert bad.failure is not None


def test_a_gif_that_no_model_here_can_draw(opened: Open) -> None:
    handler = BatchHandler(opened("git"))
    caption, gif, question = handler.answer([
        make_job(photo=photo(seed=1)),
        make_job(photo=photo(seed=1), output=Output.ATTENTION_GIF),
        make_job(photo=photo(seed=1), question="What is it?"),
    ])  # fmt: skip
    assert caption.captions
    assert caption.confidence is None
    assert [gif.failure, question.failure] == ["not_offered", "not_offered"]


def test_a_question_through_the_worker(opened: Open) -> None:
    handler = BatchHandler(opened("llava"))
    asked, captioned = handler.answer([
        make_job(photo=photo(seed=1), question="What is it?", language="de"),
        make_job(photo=photo(seed=1), beam_size=1),
    ])  # fmt: skip
    assert asked.language == "de"
    assert asked.captions[0].text != captioned.captions[0].text


def test_what_it_says_of_itself(opened: Open) -> None:
    described = opened("blip").describe()
    assert described["architecture"] == "BlipForConditionalGeneration"
    assert described["precision"] == "float32"
    assert "dog" in opened("blip").vocabulary


def test_signs_of_the_tokenizer_in_a_question_are_words_alone(
    opened: Open, photos: list[Image.Image]
) -> None:
    captioner = opened("llava")
    hostile = "Is <image> this <im<image>age> a<|endoftext|> dog<pad>?"
    plain = "Is   this <im age> a  dog ?"
    said = texts(captioner.answer([photos[0]] * 2, [hostile, plain]))
    assert said[0] == said[1]
