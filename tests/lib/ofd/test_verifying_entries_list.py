"""The signed list of a package's files: nothing smuggled in, nothing taken out (GM/T 0099)."""

from datetime import UTC, datetime

import pytest

from support.other_seals import signed_data
from support.seals import NOW, changed, pki, sealed_ofd, small_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import ListReport
from yichuan.lib.ofd.verifying import verify

LIST, VALUE = "OFDEntries.xml", "signedvalue.dat"


def listing(names: tuple[str, ...], value: str = f"/{VALUE}") -> bytes:
    files = "".join(f'<ofd:File ID="{index}" FileLoc="/{name}"/>' for index, name in enumerate(names))
    return (
        '<ofd:DocEntries xmlns:ofd="http://www.ofdspec.org/2016" ID="1" CreatorName="x" Version="1" '
        f'CreationDate="2026-11-21"><ofd:SignedValueLoc>{value}</ofd:SignedValueLoc>'
        f"<ofd:FileList>{files}</ofd:FileList></ofd:DocEntries>"
    ).encode()


def with_list(data: bytes, listed: bytes | None = None) -> bytes:
    """The package with a signed list of its files."""
    listed = listed or listing(Package.open(data).names())
    return changed(data, {LIST: listed, VALUE: signed_data(pki().unit, listed, form="content")})


def report(data: bytes, at: datetime = NOW) -> ListReport:
    found = verify(data, trust=pki().trust, at=at).entries_list
    assert found is not None
    return found


def steps(data: bytes) -> dict[str, bool | None]:
    return {each.name: each.ok for each in report(data).steps}


def test_a_package_without_a_list_has_no_report_on_it():
    assert verify(small_ofd(), trust=[], at=NOW).entries_list is None


def test_a_package_with_exactly_the_listed_files_holds():
    found = report(with_list(small_ofd()))
    assert (found.holds, found.unlisted, found.missing) == (True, (), ())


def test_a_file_that_was_smuggled_in_is_named_and_spoils_the_trust():
    sealed = with_list(sealed_ofd())
    assert verify(sealed, trust=pki().trust, at=NOW).valid_and_trusted
    smuggled = changed(sealed, {"Doc_0/Attachs/virus.exe": b"MZ"})
    found = report(smuggled)
    assert (found.holds, found.unlisted) == (False, ("Doc_0/Attachs/virus.exe",))
    assert "there but not listed: Doc_0/Attachs/virus.exe" in [each.note for each in found.steps]
    assert not verify(smuggled, trust=pki().trust, at=NOW).valid_and_trusted


def test_a_listed_file_that_is_gone_is_named():
    found = report(changed(with_list(small_ofd()), {"Doc_0/Res/font.otf": None}))
    assert (found.holds, found.missing) == (False, ("/Doc_0/Res/font.otf",))


def test_a_list_that_was_lengthened_is_not_what_was_signed():
    data = with_list(small_ofd())
    longer = listing((*Package.open(small_ofd()).names(), "virus.exe"))
    found = {each.name: each.ok for each in report(changed(data, {LIST: longer, "virus.exe": b"MZ"})).steps}
    assert (found["list_unlisted"], found["data_hash"]) == (True, False)


@pytest.mark.parametrize("value", [None, b"", b"\x30\x00", b"nothing"])
def test_a_list_without_a_readable_signature_fails(value):
    data = changed(with_list(small_ofd()), {VALUE: value})
    assert steps(data)["structure"] is False
    assert report(data).holds is False


def test_a_list_that_is_no_xml_fails_and_the_rest_is_checked():
    data = changed(sealed_ofd(), {LIST: b"<DocEntries"})
    result = verify(data, trust=pki().trust, at=NOW)
    assert result.entries_list is not None
    assert result.entries_list.holds is False
    assert result.signatures[0].valid_and_trusted


def test_a_list_signed_by_someone_unknown_leaves_it_open():
    found = verify(with_list(small_ofd()), trust=[], at=NOW).entries_list
    assert found is not None
    assert found.holds is None


@pytest.mark.samples
def test_the_list_of_another_maker_is_read(samples):
    path = samples / "ofd" / "integrity-0099.ofd"
    if not path.exists():
        pytest.skip("the sample is not here")
    data = path.read_bytes()
    at = datetime(2026, 12, 1, tzinfo=UTC)
    found = verify(data, trust=[], at=at).entries_list
    assert found is not None
    assert (found.holds, found.unlisted, found.missing) == (None, (), ())
    assert {"list_missing", "list_unlisted", "data_hash", "signature"} <= {s.name for s in found.steps if s.ok}
    smuggled = verify(changed(data, {"Doc_0/extra.bin": b"x"}), trust=[], at=at).entries_list
    assert smuggled is not None
    assert smuggled.unlisted == ("Doc_0/extra.bin",)
