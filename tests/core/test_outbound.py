"""Calls to the outside never lead into our own network, and never hold us up."""

import threading
import time

import pytest

from omni.core import outbound
from omni.core.outbound import OutboundError, post, require_allowed_url
from tests.core.receiver import receiver

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "ff0e::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::10.0.0.1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "2001:0:4136:e378::1",
    "2001:db8::1",
]


@pytest.fixture
def connected(monkeypatch):
    """Nothing leaves this machine: the addresses that would have been connected to."""
    calls = []

    def refuse(self, host, port, *args, **kwargs):
        calls.append((host, port))
        raise outbound.httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(outbound.httpcore.SyncBackend, "connect_tcp", refuse)
    return calls


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_into_a_private_network_is_not_called(address, connected):
    with pytest.raises(OutboundError, match="private network"):
        post("https://shop.example.com/hook", body=b"{}", headers={}, resolver=lambda host, port: [address])
    assert connected == []


@pytest.mark.parametrize("address", PRIVATE)
def test_nor_is_one_that_has_a_private_address_beside_a_public_one(address, connected):
    with pytest.raises(OutboundError, match="private network"):
        post("https://shop.example.com/hook", body=b"{}", headers={}, resolver=lambda *_: ["93.184.216.34", address])
    assert connected == []


def test_a_name_that_answers_otherwise_the_second_time_is_asked_once(connected):
    """DNS rebinding: public while it is tested, private when it is connected to."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    with pytest.raises(OutboundError, match="no network"):
        post("https://rebind.example.com/", body=b"{}", headers={}, resolver=lambda host, port: next(answers))
    assert connected == [("93.184.216.34", 443)]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_connected_to(address, connected):
    with pytest.raises(OutboundError):
        post("https://shop.example.com:8443/", body=b"{}", headers={}, resolver=lambda host, port: [address])
    assert connected == [(address, 8443)]


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "ftp://shop.example.com/",
        "https://user:pass@shop.example.com/",
        "https://user@shop.example.com/",
        "https://shop.example.com/#part",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1:8443/",
        "https:///nowhere",
        "https://shop.example.com:99999/",
        "https://[bad/",
        "https://shop.example.com/\n",
        "https://shop.example.com/a b",
        "https://bücher.example/",
        "nonsense",
        "",
        "https://shop.example.com/" + "x" * 2000,
    ],
)
def test_an_address_of_the_wrong_kind_is_refused_before_anything_else(url, connected):
    with pytest.raises(OutboundError):
        require_allowed_url(url)
    with pytest.raises(OutboundError):
        post(url, body=b"{}", headers={}, resolver=lambda host, port: ["93.184.216.34"])
    assert connected == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_found_when_they_are_looked_up(host, connected):
    with pytest.raises(OutboundError, match="private network"):
        post(f"https://{host}/", body=b"{}", headers={})
    assert connected == []


def test_a_name_that_leads_nowhere_is_a_failure_with_a_sentence(connected):
    def no_such_name(host, port):
        raise OSError("Name or service not known")

    with pytest.raises(OutboundError, match="Name or service not known"):
        post("https://shop.example.com/", body=b"{}", headers={}, resolver=no_such_name)


def test_a_name_that_cannot_be_a_name_is_a_failure_too(connected):
    with pytest.raises(OutboundError):
        post(f"https://{'a' * 64}.example.com/", body=b"{}", headers={})


def test_a_listed_private_address_is_called_for_development(settings):
    with receiver() as shop:
        settings.OUTBOUND_ALLOW = frozenset({shop.listed})
        answer = post(shop.url, body=b'{"a":1}', headers={"content-type": "application/json"})
    assert (answer.status, answer.excerpt, answer.is_success) == (200, "thanks", True)
    assert [(path, body) for path, _headers, body in shop.got] == [("/hook", b'{"a":1}')]


def test_another_port_of_a_listed_address_is_not(settings, connected):
    settings.OUTBOUND_ALLOW = frozenset({"127.0.0.1:9"})
    with pytest.raises(OutboundError):
        post("http://127.0.0.1:10/", body=b"", headers={})
    assert connected == []


def test_a_redirect_is_not_followed(settings):
    with receiver() as shop, receiver() as inside:
        settings.OUTBOUND_ALLOW = frozenset({shop.listed, inside.listed})
        shop.answers.append((302, {"Location": inside.url}, b""))
        answer = post(shop.url, body=b"{}", headers={})
    assert (answer.status, answer.is_success) == (302, False)
    assert inside.got == []


def test_of_a_long_answer_the_beginning_is_read(settings):
    with receiver() as shop:
        settings.OUTBOUND_ALLOW = frozenset({shop.listed})
        shop.answers.append((200, {}, b"x" * 1_000_000))
        assert len(post(shop.url, body=b"{}", headers={}).excerpt) == 64 * 1024


def test_a_receiver_that_drips_is_hung_up_on(settings, monkeypatch):
    monkeypatch.setattr(outbound, "ANSWER_WITHIN", 0.5)
    with receiver() as shop:
        settings.OUTBOUND_ALLOW = frozenset({shop.listed})
        shop.drip = threading.Event()
        began = time.monotonic()
        with pytest.raises(OutboundError):
            post(shop.url, body=b"{}", headers={})
        assert time.monotonic() - began < 3
