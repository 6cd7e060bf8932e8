"""Whom limits count, and below which path the page is."""

import asyncio
from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.adapters.web import WebOptions
from bot.adapters.web.forwarded import person_of, prefix_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


class Transport(asyncio.Transport):
    """Knows who is at its other end, and no more."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 4711)})


def person(peer: str, *forwarded: str) -> str:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    request = make_mocked_request("GET", "/", headers, transport=Transport(peer))
    return person_of(request, PROXIES)


def test_the_sender_is_the_peer() -> None:
    assert person("192.0.2.7") == "192.0.2.7"


def test_a_stranger_cannot_name_another() -> None:
    assert person("192.0.2.7", "198.51.100.1") == "192.0.2.7"


def test_a_trusted_proxy_names_the_sender() -> None:
    assert person("10.1.1.1", "198.51.100.1") == "198.51.100.1"
    assert person("10.1.1.1", "198.51.100.1, 10.2.2.2") == "198.51.100.1"
    assert person("10.1.1.1", "6.6.6.6, 198.51.100.1") == "198.51.100.1"
    assert person("10.1.1.1", "6.6.6.6", "198.51.100.1") == "198.51.100.1"


@pytest.mark.parametrize("forwarded", ["", "nonsense", "unknown", ",", "1.2.3.4.5", "[::1]:80"])
def test_a_proxy_that_names_nobody(forwarded: str) -> None:
    assert person("10.1.1.1", forwarded) == "10.1.1.1"


def test_a_household_is_one_sender() -> None:
    assert person("2001:db8:1:2::1") == person("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert person("2001:db8:1:3::1") != person("2001:db8:1:2::1")
    assert person("::ffff:192.0.2.7") == "192.0.2.7"


def prefix(peer: str, told: str, own: str = "") -> str:
    headers = CIMultiDict([("X-Forwarded-Prefix", told)])
    request = make_mocked_request("GET", "/", headers, transport=Transport(peer))
    return prefix_of(request, WebOptions(prefix=own, trusted_proxies=PROXIES))


def test_a_trusted_proxy_names_the_path_that_the_page_is_below() -> None:
    assert prefix("10.1.1.1", "/captions") == prefix("10.1.1.1", "/captions/") == "/captions"
    assert prefix("10.1.1.1", "/a/b-c") == "/a/b-c"
    assert prefix("192.0.2.7", "/captions") == ""
    assert prefix("192.0.2.7", "/captions", own="/mine") == "/mine"


@pytest.mark.parametrize(
    "told", ["captions", "//evil.example", "/a/../b", "/a b", "/a?b", "https://evil.example", "/"]
)
def test_what_is_no_path_is_not_believed(told: str) -> None:
    assert prefix("10.1.1.1", told) == ""


@pytest.mark.parametrize("told", ["captions", "/captions/", "/../x", "/a b", "//a"])
def test_what_is_no_path_is_no_option(told: str) -> None:
    with pytest.raises(ValueError, match="path"):
        WebOptions(prefix=told)
