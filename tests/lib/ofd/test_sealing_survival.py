"""An existing signature survives every operation of ours, byte for byte."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.sealing import signature_entries, signed, token_for, units
from support.seals import NOW, pki, small_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import (
    Edge,
    FacingSeal,
    Printing,
    Protection,
    SeamSeal,
    Stamp,
    prepare_sealing,
    prepare_signing,
)
from yichuan.lib.ofd.signatures import read_records
from yichuan.lib.ofd.verifying import verify

PAGES = 4

stamp = st.builds(Stamp, st.integers(0, PAGES - 1), st.floats(0, 210), st.floats(0, 297))
seam = st.builds(SeamSeal, st.sampled_from(Edge), printing=st.sampled_from((Printing.ONE_SIDED, Printing.BOTH_SIDES)))
facing = st.builds(FacingSeal, st.sampled_from(Edge), share=st.floats(0.1, 0.9))

seal = st.tuples(
    st.just("seal"),
    st.integers(0, 2),
    st.lists(stamp | seam | facing, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from((None, "first", "last")),
)
sign = st.tuples(st.just("sign"), st.integers(0, 2), st.booleans())
add = st.tuples(st.just("add"), st.text("abc", min_size=1, max_size=4), st.binary(max_size=200))
rewrite = st.tuples(st.just("rewrite"))


def sealed(data: bytes, who: int, stamps: list, time_stamped: bool, builds_on: str | None) -> bytes:
    holder, its_seal = units()[who]
    ids = [record.id for record in read_records(Package.open(data))]
    relative = {"first": ids[0], "last": ids[-1]}.get(builds_on or "") if ids else None
    document = signed(prepare_sealing(data, its_seal, stamps, builds_on=relative), holder)
    return document.stamped(token_for(document)).data if time_stamped else document.data


def signed_plainly(data: bytes, who: int, time_stamped: bool) -> bytes:
    document = signed(prepare_signing(data), units()[who][0])
    return document.stamped(token_for(document)).data if time_stamped else document.data


def with_a_file(data: bytes, name: str, content: bytes) -> bytes:
    """A file that nothing of the document names; not one that a signature protects already."""
    package = Package.open(data)
    path = f"Notes/{len(package.names())}_{name}.bin"
    return package.replace({path: content})


def rewritten(data: bytes) -> bytes:
    return Package.open(data).replace({})


OPERATIONS = {"seal": sealed, "sign": signed_plainly, "add": with_a_file, "rewrite": rewritten}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(seal | sign | add | rewrite, min_size=1, max_size=6), st.booleans())
def test_a_signature_keeps_every_byte_and_its_verdict_whatever_follows(operations, ends_whole):
    data = small_ofd(PAGES)
    kept: dict[str, bytes] = {}
    kinds: list[str] = []
    for name, *details in operations:
        data = OPERATIONS[name](data, *details)
        after = signature_entries(data)
        assert after.items() >= kept.items()
        kept = after
        kinds += {"seal": ["Seal"], "sign": ["Sign"]}.get(name, [])
    if ends_whole:
        holder, its_seal = units()[0]
        data = signed(prepare_sealing(data, its_seal, [Stamp(0, 1, 1)], protection=Protection.WHOLE), holder).data
        kinds.append("Seal")
        assert signature_entries(data).items() >= kept.items()
        assert rewritten(data) == data
    report = verify(data, trust=pki().trust, at=NOW)
    assert [each.kind for each in report.signatures] == kinds
    for each in report.signatures:
        assert (each.integrity, each.signer) == ("ok", "ok")
        assert each.seal == ("ok" if each.kind == "Seal" else "unknown")
        assert each.time in ("ok", "unknown")
        assert each.coverage.uncovered == ()
