"""The header of the reverse proxy that is believed has a name that no other header can take the place of."""

import pytest

from yichuan.config.environment import SettingError, header_name

NAME = "YICHUAN_TLS_CLIENT_HEADER"


@pytest.mark.parametrize("value", ["", "XClientCert", "ClientCert2"])
def test_letters_and_digits_are_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert header_name(NAME) == value


@pytest.mark.parametrize("value", ["X-Client-Cert", "X_Client_Cert", "Client Cert", "证书", "2Cert", "X\n"])
def test_a_name_that_two_headers_share_in_wsgi_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingError, match=NAME):
        header_name(NAME)
