"""`captionbot weights calibrate` on a model of the Hub, and what a worker makes of it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from bot.settings import Settings
from captioner.loading import load_captioner
from captioner.queue.messages import CaptionReply
from captioner.worker.batch_handler import BatchHandler
from tests.support.command import environment
from tests.support.hub_server import HubServer, hub_server
from tests.support.jobs import make_job
from tests.support.trained_blip import COLOURS, coloured, make_coloured, save_trained_blip

pytestmark = pytest.mark.timeout(300)
NAME = "owner/colours"
NO_CARD = "model cards are for checkpoints of CaptionBot's own"
BETWEEN = Image.blend(coloured("red"), coloured("blue"), 0.5)  # people call it either


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    save_trained_blip(folder)
    return folder


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with hub_server() as running:
        yield running


def command(
    folder: Path, variables: Mapping[str, str], *arguments: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        cwd=folder, env=environment() | dict(variables), capture_output=True, text=True,
        timeout=280, check=False,
    )  # fmt: skip


def answered(folder: Path, photo: Image.Image) -> CaptionReply:
    """What a worker says whose checkpoint is that folder."""
    captioner = load_captioner(Settings(_env_file=None), folder, "cpu")  # type: ignore[call-arg]  # pydantic-settings' own
    handler = BatchHandler(captioner)
    jpeg = io.BytesIO()
    photo.resize((64, 64)).save(jpeg, "JPEG", quality=95)
    (reply,) = handler.answer([make_job(photo=jpeg.getvalue())])
    assert handler.capabilities.confidence is (reply.confidence is not None)
    return reply


def test_a_model_of_the_hub_is_calibrated_and_its_worker_says_how_sure_it_is(
    hub: HubServer, trained: Path, tmp_path: Path
) -> None:
    first = hub.publish(NAME, trained)
    files = {path.name: path.read_bytes() for path in trained.iterdir()}
    second = hub.publish(NAME, files | {"README.txt": b"Another revision."})
    assert first != second
    variables = {
        "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1",
        "PATH": os.environ["PATH"],
    }  # fmt: skip
    data = make_coloured(tmp_path / "data")
    done = command(
        tmp_path, variables, "weights", "calibrate", f"hf:{NAME}@{first}", "--data", data,
        "--split", "dev", "--beam-size", 2,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "of captions fit" in done.stdout
    snapshots = tmp_path / "hf" / "hub" / "models--owner--colours" / "snapshots"
    kept = json.loads((snapshots / first / "captionbot.json").read_text())
    assert kept["measured"]["photos"] == 240
    after = kept["measured"]["after"]
    assert after["auc"] > 0.7, "it tells captions that fit from others"
    assert after["ece"] < 0.15

    said = [answered(snapshots / first, coloured(colour)) for colour in COLOURS]
    assert [one.captions[0].text for one in said] == [f"A {name} picture." for name in COLOURS]
    confidences = [one.confidence for one in said]
    (doubtful,) = [answered(snapshots / first, BETWEEN).confidence]
    assert doubtful is not None
    assert all(one is not None and one > max(0.8, doubtful) for one in confidences)
    colour = said[0].captions[0].words[1]
    assert (colour.text, colour.sure) == ("red", True)
    assert colour.certainty is not None

    photo = tmp_path / "photo.png"
    coloured("red").save(photo)
    for revision, sure in ((first, True), (second, False)):
        done = command(
            tmp_path, variables, "caption", photo, "--checkpoint", f"hf:{NAME}@{revision}", "--json"
        )
        assert done.returncode == 0, done.stderr
        (line,) = done.stdout.splitlines()
        assert (json.loads(line)["confidence"] is not None) is sure, "another revision is another"
    assert not (snapshots / second / "captionbot.json").exists()
    plain = answered(snapshots / second, coloured("red"))
    assert (plain.confidence, plain.captions[0].words[1].sure) == (None, None)
    assert plain.model != said[0].model, "what was cached before is not taken for it"

    done = command(
        tmp_path, variables, "evaluate", f"hf:{NAME}@{first}", "--data", data, "--limit", 40,
        "--beam-size", 2, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["scores"]["cider_d"] > 1.3 * found["constant"]["scores"]["cider_d"] > 0
    assert found["calibration"]["auc"] > 0.7
    card = tmp_path / "card.md"
    done = command(
        tmp_path, variables, "evaluate", f"hf:{NAME}@{first}", "--data", data, "--model-card", card
    )
    assert (done.returncode, done.stderr) == (2, f"captionbot: colours: {NO_CARD}\n")
    assert not card.exists()
