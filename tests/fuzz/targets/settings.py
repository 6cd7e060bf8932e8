"""What operators write: run configurations, .env files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.settings import Settings, SettingsError, load_settings
from tests.fuzz.mutations import NUMBERS, TEXTS, mutated
from tests.fuzz.target import Check, Outcome, Target, sentence
from tests.support.shapes import CONFIG

_ROOT = Path(__file__).parents[3]
_SECRET = "7700112233:AAH-secret-of-the-fuzzer_0123456789"
_WORDS = (*TEXTS, *map(str, NUMBERS), "nan", "inf", "1_000", "0x10", "true", "[]", "{}", '""')


def _configurations() -> Sequence[bytes]:
    files = sorted((_ROOT / "training" / "configs").glob("*.toml"))
    return [CONFIG.encode(), *(file.read_bytes() for file in files)]


def _environments() -> Sequence[bytes]:
    lines = {
        "TELEGRAM_BOT_TOKEN": _SECRET,
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "AAH-secret-of-the-fuzzer_0123456789",
        "REDIS_URL": "rediss://user:AAH-secret-of-the-fuzzer_0123456789@redis.example.org:6379/0",
        "CAPTIONBOT_OWNERS": "telegram:12345, discord:67890",
        "CAPTIONBOT_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8, ::1",
        "CAPTIONBOT_FRAME_ANCESTORS": "https://example.org",
        "CAPTIONBOT_HASH_KEY": "AAH-secret-of-the-fuzzer_0123456789",
        "CAPTIONBOT_VISIBILITY_SECONDS": "30.5",
        "CAPTIONBOT_LOG_LEVEL": "DEBUG",
        "CAPTIONBOT_DEVICE": "cuda:1",
        "CAPTIONBOT_WEB_PORT": "8080",
    }
    return ["\n".join(f"{name}={value}" for name, value in lines.items()).encode()]


def _mutate_lines(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """Mostly another value behind an equals sign: bytes at random are seldom a file at all."""
    if dice.random() < 0.25:
        return mutated(seed, dice, others)
    lines = seed.split(b"\n")
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(lines))
        name, equals, value = lines[at].partition(b"=")
        word = dice.choice(_WORDS).encode("utf-8", "surrogatepass")
        lines[at] = dice.choice((
            name + equals + word, name + equals + b" " + word, name + equals + value + word,
            name + equals + b'"' + word + b'"', word + equals + value, name, lines[at] * 2,
            name + equals + b"[" + value + b"," + word + b"]",
        ))  # fmt: skip
    return b"\n".join(lines)


@asynccontextmanager
async def _open_configurations() -> AsyncIterator[Check]:
    from training.config import ConfigError, load_config

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "run.toml"

        async def check(data: bytes) -> Outcome:
            path.write_bytes(data)
            try:
                found = load_config(path)
            except ConfigError as error:
                return Outcome("refused", sentence(str(error)[:1999]) and "ConfigError")
            assert all(len(found.fingerprint(n)) == 64 for n in range(len(found.stages)))
            return Outcome("accepted")

        yield check


@asynccontextmanager
async def _open_environments() -> AsyncIterator[Check]:
    for name in {str(field.alias) for field in Settings.model_fields.values()}:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / ".env"

        async def check(data: bytes) -> Outcome:
            path.write_bytes(data)
            try:
                found = load_settings(path)
            except SettingsError as error:
                said = sentence(str(error))
                assert "secret-of-the-fuzzer" not in said, "a secret in an error"
                return Outcome("refused", "SettingsError")
            assert "secret-of-the-fuzzer" not in repr(found), "a secret in a repr"
            return Outcome("accepted")

        yield check


TARGETS = (
    Target(
        name="toml",
        group="files",
        seeds=_configurations,
        mutate=_mutate_lines,
        open=_open_configurations,
        share=8,
    ),
    Target(
        name="env",
        group="files",
        seeds=_environments,
        mutate=_mutate_lines,
        open=_open_environments,
        share=8,
    ),
)
