"""Mutated files and structures: an answer or a named error, never a crash, and no check that breaks off."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.other_seals import (
    indefinite,
    seal_info,
    seal_v1,
    signature_v1,
    signed_data,
    stamping_authority,
    time_stamp,
)
from support.seals import NOW, pki, sealed_ofd
from support.verified import VALUE, original_xml
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import parse_seal, parse_signature
from yichuan.lib.ses.time_stamp import read_time_stamp

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHANGES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=4
)


def mutated(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """`data` with bytes taken out at some places and others put in."""
    out = bytearray(data)
    for place, taken, put in changes:
        at = int(place * len(out))
        out[at : at + taken] = put
    return bytes(out)


@cache
def values() -> dict[str, bytes]:
    """A signature value of each kind."""
    unit, xml = pki().unit, original_xml()
    authority = stamping_authority(pki().root)
    v4 = Package.open(sealed_ofd()).read(VALUE)

    def stamped(signature: bytes) -> bytes:
        return time_stamp(authority, signature, NOW)

    return {
        "v4": v4,
        "ber": indefinite(v4),
        "v1": signature_v1(seal_v1(pki().maker, seal_info(unit)), unit, xml, stamped(xml)),
        "form A": signed_data(unit, xml, form="content"),
        "form B": signed_data(unit, xml, form="attributes", stamped=stamped),
        "bare": unit.key.sign(xml),
    }


@cache
def entries() -> dict[str, bytes]:
    package = Package.open(sealed_ofd())
    return {name: package.read(name) for name in package.names()}


def unbroken(report: Report) -> Report:
    assert report.error != "broken", report.detail
    steps = [step for each in report.signatures for step in each.steps]
    assert [step.note for step in steps if step.finding == "check_failed"] == []
    return report


@FUZZ
@given(st.sampled_from(sorted(values())), CHANGES)
def test_mutated_signature_values_end_as_steps(kind, changes):
    data = write_package(entries() | {VALUE: mutated(values()[kind], changes)})
    unbroken(verify(data, trust=pki().trust, at=NOW, crls=[]))


@FUZZ
@given(st.sampled_from(sorted(values())), CHANGES)
def test_mutated_structures_are_read_or_refused_by_name(kind, changes):
    der = mutated(values()[kind], changes)
    for read in (parse_signature, parse_seal, read_time_stamp):
        try:
            read(der)
        except SesError as error:
            assert error.code


@FUZZ
@given(st.sampled_from([name for name in entries() if name.endswith(".xml")]), CHANGES)
def test_mutated_xml_ends_as_steps(name, changes):
    unbroken(verify(write_package(entries() | {name: mutated(entries()[name], changes)}), trust=[], at=NOW))


@pytest.mark.samples
def test_mutated_samples_are_answered(samples):
    seeds = []
    for path in sorted((samples / "ofd").glob("*.ofd")):
        if path.stat().st_size < 100_000:
            package = Package.open(path.read_bytes())
            seeds.append({name: package.read(name) for name in package.names()})
    if not seeds:
        pytest.skip("the samples are not here")

    @settings(FUZZ, max_examples=300)
    @given(st.data())
    def answered(data):
        chosen = data.draw(st.sampled_from(seeds))
        name = data.draw(st.sampled_from([name for name in chosen if name.endswith((".xml", ".dat", ".esl"))]))
        package = write_package(chosen | {name: mutated(chosen[name], data.draw(CHANGES))})
        unbroken(verify(package, trust=[], at=NOW))

    answered()
