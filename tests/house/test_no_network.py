"""Tests cannot reach another host."""

from __future__ import annotations

import socket

import pytest


def test_another_host_is_out_of_reach() -> None:
    with socket.socket() as client, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        client.connect(("192.0.2.1", 80))


def test_a_host_by_its_name_is_out_of_reach() -> None:
    with socket.socket() as client, pytest.raises(AssertionError, match="example"):
        client.connect_ex(("registry.example", 443))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
