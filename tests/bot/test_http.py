"""Which proxy an address is reached by."""

from __future__ import annotations

import pytest

from bot.http import ProxyError, proxy_for

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any() -> None:
    assert proxy_for("https://discord.com/api") is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("address", ["https://discord.com/api", "wss://gateway.discord.gg/"])
def test_for_https_and_its_websockets(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    monkeypatch.setenv(name, "http://user:secret@proxy.example:3128")
    assert proxy_for(address) == "http://user:secret@proxy.example:3128"


def test_address_without_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    assert proxy_for("https://discord.com") == "http://proxy.example:3128"
    assert proxy_for("http://127.0.0.1:8080") is None


@pytest.mark.parametrize("hosts", ["discord.com", ".com", "*", "example.org, discord.com"])
def test_hosts_that_need_none(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", hosts)
    assert proxy_for("https://discord.com/api/v10") is None


def test_proxy_of_a_kind_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@proxy.example:1080")
    with pytest.raises(ProxyError, match="HTTPS_PROXY") as raised:
        proxy_for("https://discord.com")
    assert "secret" not in str(raised.value)
