"""Settings: what the example says is true, and what is wrong is refused by name."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, load_settings
from captioner.network import is_own_network

EXAMPLE = Path(__file__).parents[2] / ".env.example"
SETTING = re.compile(r"^# ?([A-Z][A-Z0-9_]+)=(.*)$")
FIELDS = {field.alias: name for name, field in Settings.model_fields.items()}
SECRETS = (
    "TELEGRAM_BOT_TOKEN",
    "DISCORD_BOT_TOKEN",
    "REDIS_URL",
    "CAPTIONBOT_STORE_URL",
    "CAPTIONBOT_HASH_KEY",
)
# The part that is for Docker Compose alone: what CaptionBot itself does not read.
COMPOSE = EXAMPLE.read_text(encoding="utf-8").partition("\n# --- Docker Compose alone")[2]
WEBHOOK_SECRET = "0123456789abcdef"
LISTS = ("CAPTIONBOT_OWNERS", "CAPTIONBOT_ALLOW", "CAPTIONBOT_BLOCK")


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings(None)


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(SettingsError) as error:
        loaded(monkeypatch, **environment)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_example_explains_every_setting_with_its_default(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    shown = [match for line in lines if (match := SETTING.match(line))]
    composes = {name for name, _ in re.findall(r"^# ([A-Z_]+)=(.*)$", COMPOSE, re.MULTILINE)}
    assert "REDIS_PASSWORD" in composes
    assert not composes & FIELDS.keys()
    shown = [match for match in shown if match[1] not in composes]
    assert sorted(match[1] for match in shown) == sorted(name or "" for name in FIELDS)
    # Every line of it in force changes nothing.
    uncommented = tmp_path / "env"
    uncommented.write_text("\n".join(match[0].lstrip("# ") for match in shown))
    assert load_settings(uncommented) == load_settings(None)
    for match in shown:
        default = Settings.model_fields[FIELDS[match[1]]].default
        empty = default is None or default == ()
        written = str(default).lower() if isinstance(default, bool) else str(default)
        assert match[2] == ("" if empty else written.removesuffix(".0"))


def test_the_example_says_something_before_each_setting() -> None:
    explained = False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if SETTING.match(line):
            assert explained, line
        else:
            explained = line.startswith("# ") and not line.startswith("# ---")


def test_the_example_itself_sets_nothing() -> None:
    assert load_settings(EXAMPLE) == load_settings(None)


def test_ranges_in_the_example_are_those_in_force() -> None:
    checked = 0
    for block in EXAMPLE.read_text(encoding="utf-8").split("\n\n"):
        told = re.search(r"from (\d+) to (\d+)", block.replace("\n# ", " "))
        if told:
            name = SETTING.findall(block.splitlines()[-1])[0][0]
            limits = Settings.model_fields[FIELDS[name]].metadata
            low = next(limit.ge for limit in limits if hasattr(limit, "ge"))
            high = next(limit.le for limit in limits if hasattr(limit, "le"))
            assert (int(told[1]), int(told[2])) == (low, high), name
            checked += 1
    assert checked == 15


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CAPTIONBOT_WEB_PORT", "65536"),
        ("CAPTIONBOT_WEB_PORT", "-1"),
        ("CAPTIONBOT_WEB_PORT", "eighty"),
        ("CAPTIONBOT_WEB_PORT", "80.5"),
        ("CAPTIONBOT_BEAM_SIZE", "0"),
        ("CAPTIONBOT_BEAM_SIZE", "10000000000"),
        ("CAPTIONBOT_N_BEST", "11"),
        ("CAPTIONBOT_MAX_BATCH", "0"),
        ("CAPTIONBOT_MAX_PHOTO_MB", "0"),
        ("CAPTIONBOT_MAX_PHOTO_MB", "20MB"),
        ("CAPTIONBOT_MAX_MEGAPIXELS", "501"),
        ("CAPTIONBOT_QUEUE_DEPTH", "0"),
        ("CAPTIONBOT_PER_PERSON", "-3"),
        ("CAPTIONBOT_VISIBILITY_SECONDS", "nan"),
        ("CAPTIONBOT_VISIBILITY_SECONDS", "inf"),
        ("CAPTIONBOT_VISIBILITY_SECONDS", "0.5"),
        ("CAPTIONBOT_MAX_DELIVERIES", "21"),
        ("CAPTIONBOT_CACHE_HOURS", "-1"),
        ("CAPTIONBOT_CACHE_HOURS", "inf"),
        ("CAPTIONBOT_DEVICE", "gpu"),
        ("CAPTIONBOT_ENGINE", "onnx"),
        ("CAPTIONBOT_DEVICE", "cuda:"),
        ("CAPTIONBOT_DEVICE", "cuda:1; rm"),
        ("CAPTIONBOT_LOG_LEVEL", "loud"),
        ("CAPTIONBOT_HASH_KEY", "short"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "file:///etc/passwd"),
        ("DISCORD_API_URL", "https://"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg/"),
        ("CAPTIONBOT_PERSON_PER_MINUTE", "0"),
        ("CAPTIONBOT_CHAT_PER_MINUTE", "10001"),
        ("CAPTIONBOT_WEB_PER_MINUTE", "many"),
        ("CAPTIONBOT_WEBHOOK_PORT", "65536"),
        ("TELEGRAM_WEBHOOK_URL", "bot.example.org"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://bot.example.org"),
        ("TELEGRAM_WEBHOOK_URL", "https://me:pw@bot.example.org"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org:99999"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/ x"),
        ("TELEGRAM_WEBHOOK_URL", "https://["),
        ("TELEGRAM_WEBHOOK_SECRET", "too short"),
        ("TELEGRAM_WEBHOOK_SECRET", "has a space in the middle of it"),
        ("CAPTIONBOT_OWNERS", "12345"),
        ("CAPTIONBOT_OWNERS", "telegram:@anna"),
        ("CAPTIONBOT_ALLOW", "telegram:1; telegram:2"),
        ("CAPTIONBOT_ALLOW", '["telegram:1"]'),
        ("CAPTIONBOT_BLOCK", "telegram:1,web:2"),
        ("CAPTIONBOT_BLOCK", "telegram:١"),
        ("CAPTIONBOT_FRAME_ANCESTORS", "example.org"),
        ("CAPTIONBOT_FRAME_ANCESTORS", "https://example.org/page"),
        ("CAPTIONBOT_FRAME_ANCESTORS", "https://example.org; script-src *"),
        ("CAPTIONBOT_FRAME_ANCESTORS", "https://*"),
        ("CAPTIONBOT_FRAME_ANCESTORS", "*"),
        ("CAPTIONBOT_TRUSTED_PROXIES", "proxy.example.org"),
        ("CAPTIONBOT_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CAPTIONBOT_TRUSTED_PROXIES", "127.0.0.1 10.0.0.0/8"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost"),
    ],
)
def test_wrong_values_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert name in refused(monkeypatch, **{name: value})


def test_what_is_wrong_is_said_without_the_validators_jargon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = refused(monkeypatch, CAPTIONBOT_OWNERS="anna")
    assert told.startswith("CAPTIONBOT_OWNERS: it must be a list like telegram:12345")


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings = loaded(monkeypatch, **{name: " telegram:12345,Discord:67890 , telegram:-1001,"})
    assert getattr(settings, FIELDS[name]) == ("telegram:12345", "discord:67890", "telegram:-1001")
    assert getattr(loaded(monkeypatch, **{name: " , "}), FIELDS[name]) == ()


def test_proxies_and_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        monkeypatch,
        CAPTIONBOT_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,fd00::/8",
        CAPTIONBOT_FRAME_ANCESTORS="https://example.org, https://*.Example.net:8443,http://[::1]:80",
    )
    assert settings.trusted_proxies == tuple(
        ip_network(network) for network in ("127.0.0.1/32", "10.0.0.0/8", "fd00::/8")
    )
    assert settings.frame_ancestors == (
        "https://example.org",
        "https://*.example.net:8443",
        "http://[::1]:80",
    )


def test_a_webhook_is_address_and_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://bot.example.org/telegram"
    settings = loaded(monkeypatch, TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET)
    assert settings.telegram_webhook_url == url
    assert settings.telegram_webhook_secret == SecretStr(WEBHOOK_SECRET)
    assert (settings.webhook_host, settings.webhook_port) == ("127.0.0.1", 8081)
    assert WEBHOOK_SECRET not in repr(settings)
    monkeypatch.delenv("TELEGRAM_WEBHOOK_SECRET")
    assert refused(monkeypatch).startswith("TELEGRAM_WEBHOOK_SECRET: set it with")
    monkeypatch.delenv("TELEGRAM_WEBHOOK_URL")
    told = refused(monkeypatch, TELEGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET)
    assert told.startswith("TELEGRAM_WEBHOOK_URL: set it too")
    assert WEBHOOK_SECRET not in told


@pytest.mark.parametrize("url", ["http://bot.example.org/", "https://bot.example.org:8080/"])
def test_what_telegram_would_not_call_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", WEBHOOK_SECRET)
    assert "Telegram calls https:// only" in refused(monkeypatch, TELEGRAM_WEBHOOK_URL=url)
    # A Bot API server of one's own calls what it is told.
    local = loaded(monkeypatch, TELEGRAM_WEBHOOK_URL=url, TELEGRAM_API_URL="http://127.0.0.1:8082")
    assert local.telegram_webhook_url == url


def test_everything_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(monkeypatch, CAPTIONBOT_WEB_PORT="x", CAPTIONBOT_N_BEST="0")
    assert "CAPTIONBOT_WEB_PORT" in told
    assert "CAPTIONBOT_N_BEST" in told
    assert ".env.example" in told


def test_misspelt_names_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "CAPTIONBOT_BEAMSIZE" in refused(monkeypatch, CAPTIONBOT_BEAMSIZE="5")
    monkeypatch.delenv("CAPTIONBOT_BEAMSIZE")
    env_file = tmp_path / ".env"
    env_file.write_text("CAPTIONBOT_COLOUR=red\nSOMEBODY_ELSES=1\n")
    with pytest.raises(SettingsError, match="CAPTIONBOT_COLOUR: no such setting"):
        load_settings(env_file)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    secret = "redis://:hunter2-hunter2-hunter2@h"
    settings = loaded(monkeypatch, **{"REDIS_URL": "redis://h", name: secret})
    kept = getattr(settings, FIELDS[name])
    assert isinstance(kept, SecretStr)
    assert kept.get_secret_value() == secret
    for shown in (repr(settings), str(settings), str(settings.model_dump()), repr(kept)):
        assert "hunter2" not in shown
    # Nor do they when they are wrong themselves, or beside something that is.
    assert "hunter2" not in refused(monkeypatch, CAPTIONBOT_WEB_PORT="x")
    if name == "REDIS_URL":
        assert "hunter2" not in refused(monkeypatch, REDIS_URL="http://:hunter2@h")
    if name == "CAPTIONBOT_HASH_KEY":
        assert "hunter2" not in refused(monkeypatch, CAPTIONBOT_HASH_KEY="hunter2")


def test_a_wrong_secret_is_nowhere_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "http://:hunter2@h")
    with pytest.raises(SettingsError) as error:
        load_settings(None)
    # A traceback would print what an error was raised from.
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_file_and_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("CAPTIONBOT_BEAM_SIZE=7\nCAPTIONBOT_N_BEST=2\nCAPTIONBOT_LOG_LEVEL=DEBUG")
    monkeypatch.setenv("CAPTIONBOT_N_BEST", "4")
    monkeypatch.setenv("CAPTIONBOT_WEB_PORT", "")  # empty is as good as absent
    settings = load_settings(env_file)
    assert (settings.beam_size, settings.n_best, settings.log_level) == (7, 4, "debug")
    assert settings.web_port == 8080
    assert load_settings(tmp_path / "absent") == loaded(monkeypatch)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"CAPTIONBOT_N_BEST=\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read: it is not text in UTF-8"):
        load_settings(env_file)


# --- models that others made


def with_model(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
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
    settings = with_model(
        monkeypatch, ENGINE="openai", OPENAI_URL="http://127.0.0.1:11434/v1",
        OPENAI_MODEL="llava", OPENAI_KEY="sk-secret", MODEL_LANGUAGES="en, de",
    )  # fmt: skip
    assert settings.model_languages == ("en", "de")
    assert "sk-secret" not in repr(settings)


def test_a_model_elsewhere_that_the_operator_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_model(
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
def test_models_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as raised:
        with_model(monkeypatch, **({"OPENAI_MODEL": "m"} | values))
    assert "secr" not in str(raised.value)
