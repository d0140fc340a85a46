"""Verifying hostile bytes: nothing crashes, and nothing that was touched comes out trusted."""

from functools import cache

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from support.other_seals import indefinite
from support.seals import NOW, changed, pki, sealed_ofd, small_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.verifying import verify

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4)
LIST = "Doc_0/Signs/Signatures.xml"


@cache
def sealed() -> bytes:
    return sealed_ofd()


@cache
def entries() -> dict[str, bytes]:
    package = Package.open(sealed())
    return {name: package.read(name) for name in package.names()}


def flipped(data: bytes, flips: list[tuple[float, int]]) -> bytes:
    out = bytearray(data)
    for place, mask in flips:
        out[int(place * len(out))] ^= mask
    return bytes(out)


def trusted(data: bytes) -> bool:
    return verify(data, trust=pki().trust, at=NOW).valid_and_trusted


@FUZZ
@given(st.sampled_from(sorted(entries())), FLIPS)
def test_flipped_bytes_of_an_entry_are_never_trusted(name, flips):
    damaged = flipped(entries()[name], flips)
    result = trusted(changed(sealed(), {name: damaged}))
    # The list is unprotected by design (more seals may follow), and two flips can undo each other.
    assert not result or name == LIST or damaged == entries()[name]


@FUZZ
@given(st.sampled_from(sorted(entries())), st.floats(0, 1, exclude_max=True))
def test_cut_off_entries_are_never_trusted(name, place):
    damaged = entries()[name][: int(place * len(entries()[name]))]
    assert not trusted(changed(sealed(), {name: damaged})) or name == LIST


@FUZZ
@given(FLIPS, st.floats(0.3, 1))
def test_a_damaged_zip_never_crashes(flips, keep):
    damaged = flipped(sealed(), flips)
    report = verify(damaged[: int(keep * len(damaged))], trust=pki().trust, at=NOW)
    assert report.readable or report.error


@FUZZ
@given(st.binary(max_size=300))
@example(b"")
@example(b"\x30\x80" * 100)
def test_any_bytes_as_signature_value_fail(value):
    (signature,) = verify(
        changed(sealed(), {"Doc_0/Signs/Sign_0/SignedValue.dat": value}), trust=pki().trust, at=NOW
    ).signatures
    assert signature.integrity == "failed"


@FUZZ
@given(st.text(max_size=60))
@example("<o:a xmlns:o='x'><o:SignedInfo><o:References><o:Reference/></o:References></o:SignedInfo></o:a>")
@example("<a><SignedInfo><References CheckMethod='sm3'><Reference FileRef='/OFD.xml'/></References></SignedInfo></a>")
@example("<a><SignedInfo><Seal/><StampAnnot Boundary='1 2'/></SignedInfo><SignedValue>/OFD.xml</SignedValue></a>")
def test_any_text_as_signature_xml_fails(text):
    data = changed(sealed(), {"Doc_0/Signs/Sign_0/Signature.xml": text.encode("utf-8", "surrogatepass")})
    (signature,) = verify(data, trust=pki().trust, at=NOW).signatures
    assert signature.integrity == "failed"


def test_a_signature_value_in_ber_is_accepted_but_remarked():
    value = indefinite(entries()["Doc_0/Signs/Sign_0/SignedValue.dat"])
    (signature,) = verify(
        changed(sealed(), {"Doc_0/Signs/Sign_0/SignedValue.dat": value}), trust=pki().trust, at=NOW
    ).signatures
    notes = {step.name: step.note for step in signature.steps}
    assert "BER" in notes["deviations"]
    assert signature.steps[0].ok


def test_thousands_of_listed_signatures_are_refused():
    line = '<ofd:Signature ID="s{}" BaseLoc="Sign_0/Signature.xml"/>'
    listing = "".join(line.format(number) for number in range(600))
    text = f'<ofd:Signatures xmlns:ofd="http://www.ofdspec.org/2016">{listing}</ofd:Signatures>'
    report = verify(changed(sealed(), {LIST: text.encode()}), trust=[], at=NOW)
    assert (report.readable, report.error) == (False, "too_many_signatures")


def test_a_document_that_names_itself_in_circles_ends():
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    loop = f"<ofd:Res {space}><ofd:PageRes>Res.xml</ofd:PageRes><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:Res>"
    data = sealed_ofd(changed(small_ofd(), {"Doc_0/PublicRes.xml": loop.encode(), "Doc_0/Res.xml": loop.encode()}))
    assert trusted(data)


def test_references_without_number_are_refused():
    many = "<Reference FileRef='/OFD.xml'/>" * 100_001
    xml = f"<a><SignedInfo><References>{many}</References></SignedInfo></a>"
    data = changed(sealed(), {"Doc_0/Signs/Sign_0/Signature.xml": xml.encode()})
    (signature,) = verify(data, trust=[], at=NOW).signatures
    assert "100000 references" in signature.steps[0].note
    assert signature.integrity == "failed"
