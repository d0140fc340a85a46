"""What `yichuan doctor` says of the CA, the revocation lists and HTTPS."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.conf import LazySettings

from support.certificates import DAY, YEAR, accepted, for_person, outside
from support.world import World
from yichuan.common import clock
from yichuan.common.secret_files import write_secret
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import OCSP
from yichuan.keys.services.publish import publish_lists
from yichuan.keys.states import CertificateState
from yichuan.lib.tls import make_root, make_server
from yichuan.operations.services.doctor import Finding, examine


def finding(name: str) -> Finding:
    return next(each for each in examine() if each.name == name)


def test_a_new_centre_is_well(world: World) -> None:
    assert finding("证书").ok
    assert "近期没有到期的" in finding("证书").note


def test_it_says_how_many_certificates_end_soon(world: World) -> None:
    for_person(world.clerk["市环保局"], lasts=20 * DAY)
    assert finding("证书").ok
    assert "30 天内有 1 张到期" in finding("证书").note


def test_an_old_revocation_list_is_bad(world: World) -> None:
    with clock.fixed_at(clock.now() + 8 * DAY):
        assert not finding("证书").ok
        assert "过期了" in finding("证书").note
        publish_lists()
        assert finding("证书").ok


def test_a_responder_that_was_revoked_is_bad(world: World) -> None:
    IssuedCertificate.objects.filter(label=OCSP).update(state=CertificateState.REVOKED)
    assert not finding("证书").ok


def test_the_issuing_ca_ends_one_day(world: World) -> None:
    with clock.fixed_at(clock.now() + 16 * YEAR):
        assert not finding("证书").ok


def test_plain_http_for_other_machines_is_bad(db: None, settings: LazySettings) -> None:
    settings.YICHUAN_ORIGIN = "http://10.1.2.3:8000"
    assert not finding("HTTPS").ok


@pytest.mark.parametrize(("age", "ok"), [(timedelta(0), True), (380 * DAY, False)])
def test_the_pages_certificate_ends_too(
    db: None, settings: LazySettings, tmp_path: Path, age: timedelta, ok: bool
) -> None:
    settings.YICHUAN_ORIGIN, settings.SECRETS = "https://oa.example", tmp_path
    host = urlparse(settings.YICHUAN_ORIGIN).hostname or ""
    server = make_server(make_root("江门市", clock.now() - age), [host], clock.now() - age)
    write_secret(tmp_path / "tls" / "server.key", server.key)
    write_secret(tmp_path / "tls" / "server.pem", server.certificate)
    assert finding("HTTPS").ok is ok
    (tmp_path / "tls" / "server.key").chmod(0o644)
    assert not finding("HTTPS").ok


def test_a_list_that_was_not_published_for_two_days_is_bad_before_it_ends(world: World) -> None:
    with clock.fixed_at(clock.now() + 3 * DAY):
        assert "应每天发布" in finding("证书").note
        assert not finding("证书").ok
        publish_lists()
        assert finding("证书").ok


def test_a_list_of_an_authority_outside_is_asked_for_three_days_before_its_end(world: World) -> None:
    assert finding("外部证书机构").note.startswith("信任 0 家")
    accepted(world, outside())
    assert finding("外部证书机构").ok
    with clock.fixed_at(clock.now() + 4 * DAY):
        assert not finding("外部证书机构").ok
        assert "广东省党政内网证书机构" in finding("外部证书机构").note
