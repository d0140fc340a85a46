"""The USB key's service: on the person's own machine or nowhere, and pages reach exactly this address."""

import pytest
from django.test import Client
from pytest_django import Settings

from yichuan.config.environment import SettingError, local_address

NAME = "YICHUAN_USBKEY_URL"


@pytest.mark.parametrize("value", ["", "http://127.0.0.1:9071", "https://localhost:9443"])
def test_this_machine_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert local_address(NAME) == value


@pytest.mark.parametrize(
    "value",
    [
        "http://10.0.0.1:9071",
        "http://127.0.0.1",
        "http://127.0.0.1:9071/sign",
        "http://127.0.0.1:9071@evil.example:80",
        "http://user@127.0.0.1:9071",
        "ftp://127.0.0.1:21",
        "http://127.0.0.1:9071; script-src *",
        "http://127.0.0.1.evil.example:80",
        "127.0.0.1:9071",
    ],
)
def test_anything_else_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingError, match=NAME):
        local_address(NAME)


@pytest.mark.django_db
def test_pages_may_reach_it_and_nothing_more(settings: Settings) -> None:
    for address in ("", "http://127.0.0.1:9071"):
        settings.YICHUAN_USBKEY_URL = address
        answer = Client().get("/login/certificate/")
        rules = answer.headers["Content-Security-Policy"]
        reached = next(rule for rule in rules.split("; ") if rule.startswith("connect-src"))
        assert (address in reached.split()) is bool(address)
        assert len(reached.split()) <= 4
        assert ("USB Key" in answer.content.decode()) is bool(address)
