"""Evaluations of a small random model: every layout, every beam size, and what is written of it."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from captioner.base import PhotoCaptioner
from captioner.captioner import Captioner
from captioner.engines.openai.captioner import OpenAICaptioner
from captioner.engines.openai.client import Endpoint
from tests.support.chat_completions_server import MODEL, ChatServer, says
from tests.support.layouts import LAYOUTS, Layout, make_flickr30k
from tests.support.models import small_checkpoint
from tests.support.shapes import make_flickr8k
from training.data.reader_base import DataError
from training.evaluation.evaluate import Evaluation, evaluate
from training.evaluation.scores import score
from training.reporting.card_training import load_evaluation, read_run
from training.reporting.evaluation import write_gallery
from training.reporting.model_card import ModelCardInputs, write_model_card
from training.resume_state import save_tensors


@pytest.fixture(scope="module")
def captioner() -> Captioner:
    return Captioner(small_checkpoint())


def evaluated(captioner: PhotoCaptioner, folder: Path, split: str, **rest: Any) -> Evaluation:
    *heard, result = evaluate(captioner, folder, split=split, meteor=False, **rest)
    assert isinstance(result, Evaluation)
    news = [one for one in heard if isinstance(one, tuple)]
    assert news == sorted(news)
    assert len(news) == len(heard)
    assert news[-1] == (len(result.photos), len(result.photos))
    return result


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_flickr8k(tmp_path_factory.mktemp("evaluate") / "shapes", train=12, dev=9)


@pytest.fixture(scope="module")
def result(captioner: Captioner, shapes: Path) -> Evaluation:
    return evaluated(captioner, shapes, "dev", beam_size=3, beam_sizes=[1, 5], batch_size=4)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_data_set_in_its_own_layout(captioner: Captioner, tmp_path: Path, layout: Layout) -> None:
    found = evaluated(captioner, layout.make(tmp_path / "data"), layout.split, beam_size=2)
    assert (found.reader, len(found.photos)) == (layout.reader, layout.photos)


def test_a_split_and_a_folder_that_are_not_there(captioner: Captioner, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        evaluated(captioner, tmp_path / "nowhere", "dev", beam_size=2)
    with pytest.raises(DataError, match="has no split 'tset'"):
        evaluated(captioner, make_flickr30k(tmp_path / "data"), "tset", beam_size=2)


def test_the_test_split_alone_is_enough(captioner: Captioner, shapes: Path, tmp_path: Path) -> None:
    """Without the training captions nothing can be said of copying, and all else can."""
    folder = make_flickr8k(tmp_path / "shapes", train=3, dev=3)
    (folder / "Flickr_8k.trainImages.txt").unlink()
    found = evaluated(captioner, folder, "dev", beam_size=2)
    assert found.scores.copied is None


def test_each_beam_size_is_what_the_captioner_says(
    captioner: Captioner, result: Evaluation
) -> None:
    assert list(result.by_beam_size) == [1, 3, 5]
    photos = [Image.open(one.photo.path) for one in result.photos]
    references = {one.photo.name: one.photo.captions for one in result.photos}
    for size, scores in result.by_beam_size.items():
        said = captioner.caption(photos, beam_size=size)
        captions = dict(zip(references, (one.captions[0].text for one in said), strict=True))
        own = score(captions, references, meteor=False)
        assert replace(scores, copied=None) == replace(own, copied=None)
    assert result.scores == result.by_beam_size[3]


def test_what_is_told_of_each_photo(result: Evaluation) -> None:
    mean = sum(one.cider_d for one in result.photos) / len(result.photos)
    assert mean == pytest.approx(result.scores.cider_d)
    assert result.reliability is not None
    assert result.reliability.captions == len(result.photos) == 9


def test_as_json(result: Evaluation) -> None:
    document = json.loads(json.dumps(result.as_json()))
    assert document["scores"]["bleu_4"] == result.scores.bleu_4
    assert [one["beam_size"] for one in document["beam_sizes"]] == [1, 3, 5]
    assert (document["reader"], document["split"], document["photos"]) == ("flickr8k", "dev", 9)
    assert {"ece", "brier", "auc", "bins"} <= document["calibration"].keys()


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_gallery_needs_no_other_file(result: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "gallery.html"
    write_gallery(path, result, model="<b>shapes</b>", unsure_below=0.5, each=3)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) == 9
    assert all(str(one["src"]).startswith("data:image/jpeg;base64,") for one in images)
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org", "", text)
    assert "<b>shapes" not in text
    assert text.index("Not for publishing") < text.index("<h1>")
    for one in result.photos:
        assert text.count(one.photo.name) == 1
    titles = re.findall(r"<h2>(.*?)</h2>", text)
    assert titles == ["Best", "Median", "Worst", "Failures by kind"]


def test_the_gallery_is_in_order(result: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "gallery.html"
    write_gallery(path, result, model="shapes", unsure_below=0.5, each=2)
    text = path.read_text(encoding="utf-8")
    shown = [one for one in result.photos if one.photo.name in text]
    ranked = sorted(result.photos, key=lambda one: -one.cider_d)
    first = min(shown, key=lambda one: text.index(one.photo.name))
    assert first.cider_d == ranked[0].cider_d
    worst = text[text.index("<h2>Worst") :]
    in_worst = [one.cider_d for one in shown if one.photo.name in worst]
    assert min(in_worst) == ranked[-1].cider_d


def test_a_model_that_says_nothing_but_sentences_and_once_not_even_that(
    shapes: Path, tmp_path: Path
) -> None:
    """One behind an address: no words, no confidence, and no caption of the second photo."""
    with ChatServer(says="A red circle.") as server:
        server.next(says("A red circle."), says(""))
        endpoint = Endpoint(url=server.url, model=MODEL)
        with closing(OpenAICaptioner(endpoint, concurrency=1)) as model:
            found = evaluated(model, shapes, "dev", beam_size=1)
    first, second, *_ = found.photos
    assert (first.caption, second.caption, second.cider_d) == ("A red circle.", "", 0.0)
    assert found.scores.captions == 9
    assert json.loads(json.dumps(found.as_json()))["calibration"] is None
    write_gallery(tmp_path / "gallery.html", found, model=MODEL, unsure_below=0.5, each=3)
    text = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    assert text.count("A red circle.") == 8
    assert text.count("(no caption)") == 1
    for unknown in ("of captions fit", "where the model looked", "less than a third"):
        assert unknown not in text


def test_a_gallery_of_one_photo(captioner: Captioner, shapes: Path, tmp_path: Path) -> None:
    one = evaluated(captioner, shapes, "dev", beam_size=1, limit=1)
    write_gallery(tmp_path / "one.html", one, model="shapes", unsure_below=0.5)
    assert "<h2>Best" in (tmp_path / "one.html").read_text(encoding="utf-8")


def facts(captioner: Captioner, result: Evaluation, **rest: Any) -> ModelCardInputs:
    document = captioner.describe() | {
        "provenance": {"configuration": {"encoder": {"weights": "scratch"}, "seed": 1}}
    }
    return ModelCardInputs(
        name="shapes", size_bytes=1_000_000, document=document, evaluation=result, **rest
    )


def measured(path: Path, result: Evaluation, **changes: object) -> str:
    document = {**result.as_json(), **changes}
    path.write_text(f"noise\n{json.dumps(document)}\n", encoding="utf-8")
    return str(path)


def test_the_card_says_what_each_step_brought(
    captioner: Captioner, result: Evaluation, tmp_path: Path
) -> None:
    stage = tmp_path / "run" / "0-decoder"
    stage.mkdir(parents=True)
    records = [
        {"time": 0.0, "step": 1, "loss": 3.0},
        {"time": 360.0, "step": 20, "validation": {"cider_d": 0.25}},
        {"time": 90_000.0, "step": 21, "loss": 3.0},  # it was stopped for a day
        {"time": 90_360.0, "step": 40, "validation": {"cider_d": 0.5}},
    ]
    lines = [json.dumps(record) for record in records]
    (stage / "log.jsonl").write_text("\n".join([*lines, '{"time": 9']), encoding="utf-8")
    save_tensors(stage / "weights.safetensors", {}, {"scores": {"cider_d": 0.625}})
    scores = asdict(result.scores) | {"bleu_4": 3.21, "cider_d": 0.111}
    before = load_evaluation("without it=" + measured(tmp_path / "b.json", result, scores=scores))
    whole = asdict(result.scores) | {"bleu_4": result.scores.bleu_4 + 0.25}
    float32 = load_evaluation(measured(tmp_path / "f.json", result, scores=whole))
    path = tmp_path / "card.md"
    card = facts(
        captioner, result, run=read_run(tmp_path / "run"), others=[before], float32=float32
    )
    write_model_card(path, card)
    text = path.read_text(encoding="utf-8")
    assert re.search(r"\| without it \| [\d.]+ \| 3\.2 \|.*0\.111", text)
    assert "| shapes (this one) |" in text
    assert "| decoder | 40 | 0.2 | cider_d 0.25 | cider_d 0.625 |" in text
    assert "0.25 of BLEU-4 lost" in text
    assert "| 1 beam |" in text
    assert "| 5 beams |" in text
    assert "![Share of captions that fit, by confidence](card-reliability.svg)" in text
    assert "<svg" in (tmp_path / "card-reliability.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("change", [{"split": "test"}, {"photos": 8}, {"beam_size": 5}])
def test_scores_that_do_not_compare(
    captioner: Captioner, result: Evaluation, tmp_path: Path, change: dict[str, object]
) -> None:
    other = load_evaluation("other=" + measured(tmp_path / "o.json", result, **change))
    with pytest.raises(DataError, match=r"other: measured on .* do not compare"):
        write_model_card(tmp_path / "card.md", facts(captioner, result, others=[other]))
    assert not (tmp_path / "card.md").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"scores": 3, "split": "dev"}', "scores"])
def test_what_is_no_evaluation(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.json: its last line is not"):
        load_evaluation(f"x={tmp_path / 'x.json'}")


def test_what_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no run's folder"):
        read_run(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        load_evaluation(str(tmp_path / "absent.json"))
    (tmp_path / "0-words").mkdir()
    (tmp_path / "0-words" / "log.jsonl").write_text('oh\n{"time": 1, "step": 1}\n')
    with pytest.raises(DataError, match=r"log\.jsonl:1: no record"):
        read_run(tmp_path)
    (tmp_path / "0-words" / "log.jsonl").write_text('{"time": 1, "step": 1}\n')
    (tmp_path / "0-words" / "weights.safetensors").write_bytes(b"oh")
    with pytest.raises(DataError, match=r"weights\.safetensors: damaged"):
        read_run(tmp_path)
