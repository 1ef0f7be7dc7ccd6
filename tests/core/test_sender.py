"""Who asks, behind proxies of ours: read from the end, and never what anybody could have written."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from omni.core.sender import sender_of

PROXIES = [ip_network(each) for each in ("10.0.0.0/8", "192.0.2.7", "fd00::/8")]


def asked(remote: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return sender_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(("remote", "forwarded", "sender"), [
    ("203.0.113.9", "", "203.0.113.9"),
    ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours: anybody writes headers
    ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
    ("10.1.2.3", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the first part came along from outside
    ("10.1.2.3", "198.51.100.1, 192.0.2.7", "198.51.100.1"),  # two proxies in a row
    ("10.1.2.3", "198.51.100.1:52100", "198.51.100.1"),
    ("fd00::1", "[2001:db8::5]:443", "2001:db8::5"),
    ("::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
    ("10.1.2.3", "", "10.1.2.3"),
    ("10.1.2.3", "unknown", "10.1.2.3"),
    ("10.1.2.3", "10.9.9.9", "10.9.9.9"),  # somebody inside
    ("", "198.51.100.1", ""),
])  # fmt: skip
def test_the_sender_is_whom_our_outermost_proxy_heard(settings, remote, forwarded, sender):
    settings.TRUSTED_PROXIES = PROXIES
    assert asked(remote, forwarded) == sender


def test_without_the_setting_no_header_is_believed(settings):
    settings.TRUSTED_PROXIES = []
    assert asked("10.1.2.3", "198.51.100.1") == "10.1.2.3"
