"""Sealing what a stranger sent: a named error, or a seal that holds over it."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.sealing import signature_entries, signed
from support.seals import NOW, changed, pki, sealed_ofd, small_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import SeamSeal, Stamp, prepare_sealing
from yichuan.lib.ofd.verifying import verify

WORDS = st.sampled_from(
    [b"", b"<", b"/>", b'"', b"..", b"/", b"../../x", b"\0", b"-1", b"s999999999", b"9" * 30, b"<Signatures/>"]
)


@cache
def twice_sealed() -> bytes:
    return sealed_ofd(sealed_ofd(small_ofd(2)))


@settings(max_examples=150, deadline=None)
@given(st.integers(0), st.integers(0), st.integers(0, 40), WORDS | st.binary(max_size=8))
def test_a_damaged_document_is_refused_by_name_or_sealed(which, place, cut, word):
    package = Package.open(twice_sealed())
    names = [name for name in package.names() if name.endswith(".xml")]
    name = names[which % len(names)]
    content = package.read(name)
    start = place % len(content)
    data = changed(twice_sealed(), {name: content[:start] + word + content[start + cut :]})
    try:
        prepared = prepare_sealing(data, pki().seal, [Stamp(0, 50, 50)])
    except OfdError as error:
        assert error.code
        assert error.message
        return
    after = signed(prepared, pki().unit).data
    assert signature_entries(after).items() >= signature_entries(data).items()
    assert verify(after, trust=pki().trust, at=NOW).signatures[-1].integrity == "ok"


@pytest.mark.parametrize("box", ["0 0 1 1", "0 0 0 0", "0 0 99999 99999", "0 0 nan 1", "-5 -5 210 297"])
def test_pages_of_any_size_get_a_seam_or_a_named_error(box):
    page = "Doc_0/Document.xml"
    content = Package.open(small_ofd()).read(page).replace(b"0 0 210 297", box.encode())
    try:
        data = signed(prepare_sealing(changed(small_ofd(), {page: content}), pki().seal, [SeamSeal()]), pki().unit).data
    except OfdError as error:
        assert error.code == "seam_place"
    else:
        assert verify(data, trust=pki().trust, at=NOW).valid_and_trusted
