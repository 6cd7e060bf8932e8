"""The settings of models that others made: what is refused, in one sentence."""

from __future__ import annotations

import pytest

from bot.settings import Settings, SettingsError, load_settings
from captioner.network import is_own_network


def loaded(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"CAPTIONBOT_{name}", value)
    return load_settings(None)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://[::1]/v1", True),
        ("http://10.1.2.3/v1", True),
        ("http://192.168.1.9/v1", True),
        ("http://[fd00::1]/v1", True),
        ("http://localhost/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://box.local/v1", True),
        ("https://api.openai.com/v1", False),
        ("https://8.8.8.8/v1", False),
        ("https://local.example/v1", False),
        ("https://evil.example#.local", False),
        ("https://0.0.0.0/v1", False),
        ("https:///v1", False),
    ],
)
def test_what_counts_as_ones_own_network(url: str, own: bool) -> None:
    assert is_own_network(url) is own


def test_a_model_on_ones_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch, ENGINE="openai", OPENAI_URL="http://127.0.0.1:11434/v1",
        OPENAI_MODEL="llava", OPENAI_KEY="sk-secret", MODEL_LANGUAGES="en, de",
    )  # fmt: skip
    assert settings.model_languages == ("en", "de")
    assert "sk-secret" not in repr(settings)


def test_a_model_elsewhere_that_the_operator_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch, ENGINE="openai", OPENAI_URL="https://API.example:8443/v1",
        OPENAI_MODEL="m", ALLOW_REMOTE_MODEL="true",
    )  # fmt: skip
    assert settings.openai_url == "https://API.example:8443/v1"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"OPENAI_URL": "https://api.example/v1"},
         "api.example is outside of your own .* set CAPTIONBOT_ALLOW_REMOTE_MODEL=true"),
        ({"OPENAI_URL": "http://api.example/v1", "ALLOW_REMOTE_MODEL": "true"},
         "photos go to api.example over https:// alone"),
        ({"OPENAI_URL": "https://bücher.example/v1", "ALLOW_REMOTE_MODEL": "true"},
         "write its name in ASCII letters"),
        ({"OPENAI_URL": "ftp://127.0.0.1/v1"}, "it looks like http://127.0.0.1:11434/v1"),
        ({"OPENAI_URL": "http://me:secret@127.0.0.1/v1"}, "a key goes into CAPTIONBOT_OPENAI_KEY"),
        ({"OPENAI_KEY": "secret and more"}, "CAPTIONBOT_OPENAI_KEY: .* copy it again"),
        ({"OPENAI_KEY": "secret\n"}, "CAPTIONBOT_OPENAI_KEY: .* copy it again"),
        ({"OPENAI_KEY": "secrét"}, "CAPTIONBOT_OPENAI_KEY: .* copy it again"),
        ({"OPENAI_URL": "http://127.0.0.1/v1", "OPENAI_MODEL": ""}, "CAPTIONBOT_OPENAI_MODEL"),
        ({"MODEL_LANGUAGES": "German"}, "a list of languages like en, de, fr"),
        ({"ENGINE": "magic"}, "CAPTIONBOT_ENGINE"),
    ],
)  # fmt: skip
def test_what_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as raised:
        loaded(monkeypatch, **({"OPENAI_MODEL": "m"} | values))
    assert "secr" not in str(raised.value)
