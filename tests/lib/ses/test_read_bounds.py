"""Structures made to exhaust their reader."""

from dataclasses import replace

import pytest

from support.other_seals import seal_info, seal_v1
from support.seals import NOW, pki
from yichuan.lib.ses import tlv
from yichuan.lib.ses.model import SesError, parse_seal, parse_signature
from yichuan.lib.ses.verify import seal_steps


def test_a_structure_of_countless_values_is_refused_before_it_is_walked():
    inner = b"\x30\x80" + b"\x30\x80\0\0" * 4000 + b"\0\0"
    with pytest.raises(SesError, match="more values than any seal"):
        parse_signature(b"\x30\x80" + inner * 60 + b"\0\0")


def test_a_certificate_longer_than_any_is_not_read():
    info = seal_info(pki().unit)
    seal = parse_seal(seal_v1(pki().maker, info))
    long = replace(seal, maker_certificate=tlv.encode(tlv.SEQUENCE, bytes(20_000)))
    steps = {each.name: (each.ok, each.finding) for each in seal_steps(long, trust=pki().trust, at=NOW)}
    assert steps["seal_maker_certificate"] == (False, "certificate_unreadable")
