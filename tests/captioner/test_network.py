"""Which addresses are fetched from."""

from __future__ import annotations

import pytest

from captioner.network import check_address, shown


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/model.safetensors",
        "https://example.org:8443/a?key=1",
        "http://127.0.0.1:9/x",
        "http://localhost/x",
        "http://[::1]:80/x",
        "https://127.0.0.1/x",
    ],
)
def test_addresses_that_may_be(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org/x", "must start with https"),
        ("http://127.0.0.1.example.org/x", "must start with https"),
        ("http://0.0.0.0/x", "must start with https"),
        ("ftp://example.org/x", "must start with https"),
        ("file:///etc/passwd", "not a valid address"),
        ("model.safetensors", "not a valid address"),
        ("https://", "not a valid address"),
        ("https://example.org:99999/", "not a valid address"),
        ("https://exa mple.org/", "not a valid address"),
        ("https://example.org/\n", "not a valid address"),
        ("https://[::1/x", "not a valid address"),
        ("https://me:secret@example.org/x", "a user name or a password"),
        ("ftp://localhost/x", "must start with https"),
    ],
)
def test_addresses_that_may_not(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_address(url)


def test_a_server_elsewhere_does_not_lead_back_here() -> None:
    with pytest.raises(ValueError, match="back to this machine"):
        check_address("https://127.0.0.1/x", loopback=False)


def test_an_address_as_it_is_shown() -> None:
    assert shown("https://example.org:8443/a/b?key=1#c") == "https://example.org:8443/a/b"
    assert shown("http://[::1]:80/x") == "http://[::1]:80/x"
