"""What a signature protects, and what may follow it."""

import pytest

from support.sealing import signature_entries, signed, units
from support.seals import NOW, changed, pki, small_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import Protection, Stamp, prepare_sealing, prepare_signing
from yichuan.lib.ofd.signatures import read_signature_file
from yichuan.lib.ofd.verifying import verify

LISTING = "Doc_0/Signs/Signatures.xml"
SEALS = [Stamp(0, 50, 220), Stamp(0, 105, 220), Stamp(0, 160, 220)]


def sealed_by(number: int, data: bytes, **options) -> bytes:
    holder, seal = units()[number]
    return signed(prepare_sealing(data, seal, [SEALS[number]], **options), holder).data


def protected_by(data: bytes, number: int) -> set[str | None]:
    file = read_signature_file(Package.open(data), f"Doc_0/Signs/Sign_{number}/Signature.xml")
    return {each.entry for each in file.references}


def test_three_units_seal_one_after_the_other_and_all_three_hold():
    data = small_ofd()
    for number in range(3):
        before = signature_entries(data)
        data = sealed_by(number, data)
        assert signature_entries(data).items() >= before.items()
    report = verify(data, trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert len(report.signatures) == 3
    assert LISTING not in protected_by(data, 2)


def test_whole_protection_covers_the_list_too():
    data = sealed_by(1, sealed_by(0, small_ofd()), protection=Protection.WHOLE)
    own = {"Doc_0/Signs/Sign_1/Signature.xml", "Doc_0/Signs/Sign_1/SignedValue.dat"}
    assert protected_by(data, 1) == set(Package.open(data).names()) - own
    report = verify(data, trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert [each.coverage.whole for each in report.signatures] == [False, True]


def test_a_signature_taken_out_shows_under_whole_protection():
    data = sealed_by(1, sealed_by(0, small_ofd()), protection=Protection.WHOLE)
    listing = Package.open(data).read(LISTING)
    first, _, rest = listing.partition(b"<ofd:Signature ID")
    shortened = first + b"<ofd:Signature ID" + rest.partition(b"<ofd:Signature ID")[2]
    report = verify(changed(data, {LISTING: shortened}), trust=pki().trust, at=NOW)
    assert [each.integrity for each in report.signatures] == ["failed"]


@pytest.mark.parametrize("prepare", [lambda data: prepare_sealing(data, units()[1][1], SEALS[:1]), prepare_signing])
def test_nobody_signs_after_whole_protection(prepare):
    data = sealed_by(0, small_ofd(), protection=Protection.WHOLE)
    with pytest.raises(OfdError, match=r"Sign_0/Signature\.xml protects Doc_0/Signs/Signatures\.xml") as error:
        prepare(data)
    assert error.value.code == "whole_protected"


def test_the_person_who_signs_is_told_how_far_it_protects():
    prepared = prepare_sealing(small_ofd(), units()[0][1], SEALS[:1], protection=Protection.WHOLE)
    shown = prepared.for_signer(units()[0][0].certificate, NOW).describe()
    assert (shown["protection"], shown["files"]) == ("whole", 11)


def test_a_signature_may_say_which_one_it_confirms():
    data = sealed_by(1, sealed_by(0, small_ofd()), builds_on="s001")
    listing = Package.open(data).xml(LISTING)
    assert [each.get("Relative") for each in listing.iter("{*}Signature")] == [None, "s001"]
    assert verify(data, trust=pki().trust, at=NOW).valid_and_trusted


def test_it_cannot_confirm_one_that_is_not_there():
    with pytest.raises(OfdError) as error:
        sealed_by(0, small_ofd(), builds_on="s001")
    assert error.value.code == "builds_on"


def test_a_signed_list_of_files_takes_no_further_file():
    listed = changed(small_ofd(), {"OFDEntries.xml": b"<OFDEntries/>"})
    with pytest.raises(OfdError) as error:
        sealed_by(0, listed)
    assert error.value.code == "entries_list"
