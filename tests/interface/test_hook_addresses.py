"""Where an office system may be called, and where never: the operator names hosts, and a name leads nowhere else."""

import socket

import pytest
from django.conf import LazySettings

from support.receivers import Receiver, calls_of, hook_of, receiver
from support.systems import System
from support.world import World
from yichuan.interface import hook_addresses
from yichuan.interface.models import Hook
from yichuan.operations.services.settle import settle


def test_a_redirect_is_not_followed(world: World, system: System, there: Receiver) -> None:
    with receiver() as elsewhere:
        hook = hook_of(system, there)
        world.delivery()
        there.answers, there.location = [307], elsewhere.url
        settle(sweep=False)
        [call] = calls_of(system, hook)
        assert (call["state"], call["status"], elsewhere.heard) == ("waiting", 307, [])


REFUSED = [
    "http://oa.example.gov.cn/x", "https://user:pass@oa.example.gov.cn/", "https://@oa.example.gov.cn/",
    "https://oa.example.gov.cn:99999/", "ftp://oa.example.gov.cn/", "https:///x", "https://oa.example.gov.cn/#x",
    "https://oa.example.gov.cn\\@evil.example/", "https://oa.example.gov.cn/\n", "https://公文.example/", "",
    "https://oa.example.gov.cn:444/", "https://oa.example.gov.cn.evil.example/", "https://169.254.169.254/",
    "https://oa.example.gov.cn/" + "x" * 300, "file:///etc/passwd", "https://[::1/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED, ids=range(len(REFUSED)))
def test_addresses_that_are_no_hooks_are_refused(system: System, url: str, settings: LazySettings) -> None:
    settings.YICHUAN_HOOK_HOSTS = ["oa.example.gov.cn"]
    answer = system.post("/hooks", {"url": url})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"url"})
    assert not Hook.objects.exists()


def test_without_hosts_that_the_operator_named_there_are_no_hooks(system: System) -> None:
    answer = system.post("/hooks", {"url": "https://oa.example.gov.cn/x"})
    assert (answer.status_code, "运维人员" in answer.json()["detail"]) == (422, True)


def test_a_host_that_the_operator_struck_out_is_called_no_more(
    world: World, system: System, there: Receiver, settings: LazySettings
) -> None:
    hook = hook_of(system, there)
    world.delivery()
    settings.YICHUAN_HOOK_HOSTS = []
    settle(sweep=False)
    [call] = calls_of(system, hook)
    assert (call["state"], call["error"], there.heard) == ("waiting", "中心没有登记这个主机。", [])


@pytest.mark.parametrize("number", ["127.0.0.1", "169.254.169.254", "::", "224.0.0.1", "::ffff:127.0.0.1", "::1"])
def test_a_name_that_leads_to_the_loopback_or_nowhere_is_not_called(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = (number, 443) if ":" not in number else (number, 443, 0, 0)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)])
    with pytest.raises(hook_addresses.NotThere):
        hook_addresses.resolved(hook_addresses.address_of("https://oa.example.gov.cn/x"))


def test_an_internal_address_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    assert hook_addresses.resolved(hook_addresses.address_of("https://oa.example.gov.cn/x")) == "10.1.2.3"
