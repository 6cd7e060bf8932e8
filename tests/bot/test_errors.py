"""What is said of settings that are wrong: name, problem and remedy, in one line, no values."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.host import check_role
from bot.settings import SettingsError, load_settings
from captioner.errors import UsageError


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_settings(None)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CAPTIONBOT_WEB_PORT", "65536", "it is out of range; it must be from 0 to 65535"),
        ("CAPTIONBOT_WEB_PORT", "9" * 5000, "it must be from 0 to 65535"),
        ("CAPTIONBOT_BEAM_SIZE", "0", "it is out of range; it must be from 1 to 20"),
        ("CAPTIONBOT_BEAM_SIZE", "many", "it is no whole number; it must be one from 1 to 20"),
        ("CAPTIONBOT_BEAM_SIZE", "2.5", "it is no whole number"),
        ("CAPTIONBOT_CACHE_HOURS", "a day", "it is no number; it must be one from 0 to 720"),
        ("CAPTIONBOT_CACHE_HOURS", "nan", "it must be from 0 to 720"),
        ("CAPTIONBOT_DEAD_LETTER_HOURS", "721", "it must be from 0 to 720"),
        ("CAPTIONBOT_VISIBILITY_SECONDS", "3601", "it must be from 1 to 3600"),
        ("CAPTIONBOT_QUEUE_DEPTH", "1000001", "it must be from 1 to 1000000"),
        ("CAPTIONBOT_METRICS_PORT", "-1", "it must be from 0 to 65535"),
        ("CAPTIONBOT_LOG_LEVEL", "loud", "it must be one of debug, info, warning or error"),
        ("CAPTIONBOT_LOG_FORMAT", "xml", "it must be one of auto, text or json"),
        ("CAPTIONBOT_DISCORD_MESSAGE_CONTENT", "perhaps", "it must be true or false"),
        ("CAPTIONBOT_DEVICE", "gpu", "it must be auto, cpu, cuda or a certain GPU, like cuda:1"),
        ("TELEGRAM_API_URL", "api.telegram.org", "it must start with https:// or http://"),
        ("DISCORD_CDN_URL", "cdn", "it must start with https:// or http://"),
        ("DISCORD_GATEWAY_URL", "https://x", "it must start with wss:// or ws://"),
        ("CAPTIONBOT_HASH_KEY", "hunter2", "it must have at least 16 characters"),
        (
            "CAPTIONBOT_OTLP_ENDPOINT",
            "127.0.0.1:4318",
            "it must be an address like http://127.0.0.1:4318",
        ),
        ("CAPTIONBOT_OTLP_ENDPOINT", "http://me:hunter2@h", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("CAPTIONBOT_OTLP_ENDPOINT", "http://[", "it must be an address like"),
    ],
)
def test_what_is_wrong_and_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    told = refused(monkeypatch, **{name: value})
    assert told.startswith(f"{name}: ")
    assert said in told
    assert told.endswith("see .env.example")
    assert "hunter2" not in told
    assert len(told) < 200


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CAPTIONBOT_BEAMSIZE", "CAPTIONBOT_BEAM_SIZE"),
        ("CAPTIONBOT_METRIC_PORT", "CAPTIONBOT_METRICS_PORT"),
        ("CAPTIONBOT_VISIBILTY_SECONDS", "CAPTIONBOT_VISIBILITY_SECONDS"),
        ("captionbot_n_bset", "CAPTIONBOT_N_BEST"),
        ("CAPTIONBOT_COLOUR_OF_THE_SKY", None),
        ("CAPTIONBOT_", None),
    ],
)
def test_misspelt_names(monkeypatch: pytest.MonkeyPatch, name: str, meant: str | None) -> None:
    told = refused(monkeypatch, **{name: "hunter2"})
    assert told.startswith(f"{name}: no such setting")
    assert ("did you mean" in told) is (meant is not None)
    assert meant is None or f"did you mean {meant}?" in told
    assert "hunter2" not in told


def test_names_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("captionbot_beam_size", "7")
    assert load_settings(None).beam_size == 7


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"CAPTIONBOT_BEAM_SIZE": "2", "CAPTIONBOT_N_BEST": "3"}, "CAPTIONBOT_N_BEST"),
        ({"CAPTIONBOT_N_BEST": "6"}, "CAPTIONBOT_N_BEST"),
        ({"CAPTIONBOT_QUEUE_DEPTH": "5", "CAPTIONBOT_PER_PERSON": "6"}, "CAPTIONBOT_PER_PERSON"),
        (
            {"CAPTIONBOT_ALLOW": "telegram:1", "CAPTIONBOT_BLOCK": "telegram:1"},
            "CAPTIONBOT_BLOCK",
        ),
        (
            {"CAPTIONBOT_OWNERS": "discord:1", "CAPTIONBOT_BLOCK": "Discord:1"},
            "CAPTIONBOT_BLOCK",
        ),
        ({"CAPTIONBOT_METRICS_HOST": "10.0.0.1"}, "CAPTIONBOT_METRICS_PORT"),
    ],
)
def test_settings_that_contradict_each_other(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], name: str
) -> None:
    assert refused(monkeypatch, **settings).startswith(f"{name}: ")


def test_what_was_not_said_contradicts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPTIONBOT_BEAM_SIZE", "1")
    monkeypatch.setenv("CAPTIONBOT_QUEUE_DEPTH", "1")
    settings = load_settings(None)
    assert (settings.n_best, settings.per_person) == (3, 10), "as many as can be"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CAPTIONBOT_N_BEST=2\nCAPTIONBOT_N_BEST=3\n", "CAPTIONBOT_N_BEST: given twice in"),
        ("# fine\nCAPTIONBOT_N_BEST 2\n", "line 2: not a setting"),
        ('CAPTIONBOT_N_BEST=2\n\nX="swordfish\n', "line 3: not a setting"),
        ("CAPTIONBOT_BEAMSIZE=2\n", "did you mean CAPTIONBOT_BEAM_SIZE?"),
    ],
)
def test_files_that_are_not_what_they_seem(tmp_path: Path, text: str, said: str) -> None:
    env_file = tmp_path / "env"
    env_file.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_settings(env_file)
    assert said in str(error.value)
    assert "swordfish" not in str(error.value)


def test_the_same_line_twice_is_no_contradiction(tmp_path: Path) -> None:
    env_file = tmp_path / "env"
    env_file.write_text("CAPTIONBOT_N_BEST=2\nCAPTIONBOT_N_BEST=2\n")
    assert load_settings(env_file).n_best == 2


@pytest.mark.parametrize(
    ("role", "settings", "fine"),
    [
        ("run", {"CAPTIONBOT_METRICS_PORT": "8080"}, False),
        ("web", {"CAPTIONBOT_METRICS_PORT": "8080"}, False),
        ("worker", {"CAPTIONBOT_METRICS_PORT": "8080"}, True),  # it serves no page
        ("web", {"CAPTIONBOT_METRICS_PORT": "8082"}, True),
        ("web", {"CAPTIONBOT_METRICS_PORT": "0", "CAPTIONBOT_WEB_PORT": "0"}, True),
        ("telegram", {"CAPTIONBOT_METRICS_PORT": "8081"}, False),
    ],
)
def test_one_process_needs_a_port_for_each_server(
    monkeypatch: pytest.MonkeyPatch, role: str, settings: dict[str, str], fine: bool
) -> None:
    always = {
        "REDIS_URL": "redis://127.0.0.1/0",
        "TELEGRAM_BOT_TOKEN": "1:x",
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/x",
        "TELEGRAM_WEBHOOK_SECRET": "0123456789abcdef",
    }
    for name, value in (always | settings).items():
        monkeypatch.setenv(name, value)
    if fine:
        check_role(role, load_settings(None))
        return
    with pytest.raises(UsageError, match="is the same port") as error:
        check_role(role, load_settings(None))
    assert "CAPTIONBOT_METRICS_PORT" in str(error.value)
