"""Signatures that build on one another (GM/T 0099, Relative): the one below has to hold too."""

import pytest

from support.seals import NOW, changed, pki, sealed_ofd
from support.verified import LIST
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import Report
from yichuan.lib.ofd.verifying import verify


def twice_sealed(*relative: str) -> bytes:
    """Two seals, one after the other; `relative` are their Relative attributes ("" for none)."""
    data = sealed_ofd(sealed_ofd())
    listing = Package.open(data).read(LIST).decode()
    for number, name in enumerate(relative):
        mark = f"Sign_{number}/Signature.xml"
        assert mark in listing
        if name:
            at = listing.index("<ofd:Signature ", 0 if number == 0 else listing.index("Sign_0/"))
            listing = f'{listing[:at]}<ofd:Signature Relative="{name}" {listing[at + len("<ofd:Signature ") :]}'
    return changed(data, {LIST: listing.encode()})


def ids() -> list[str]:
    return [each.id for each in checked(sealed_ofd(sealed_ofd())).signatures]


def checked(data: bytes) -> Report:
    return verify(data, trust=pki().trust, at=NOW)


def relative(report: Report, number: int = 1) -> tuple[bool | None, str]:
    return next((each.ok, each.finding) for each in report.signatures[number].steps if each.name == "relative")


def test_a_signature_on_a_good_one_holds():
    report = checked(twice_sealed("", ids()[0]))
    assert relative(report) == (True, "relative_holds")
    assert report.valid_and_trusted
    assert all(each.name != "relative" for each in report.signatures[0].steps)


def test_a_signature_on_a_broken_one_fails_too():
    data = twice_sealed("", ids()[0])
    value = bytearray(Package.open(data).read("Doc_0/Signs/Sign_0/SignedValue.dat"))
    value[-3] ^= 1
    report = checked(changed(data, {"Doc_0/Signs/Sign_0/SignedValue.dat": bytes(value)}))
    assert relative(report) == (False, "relative_broken")
    assert report.signatures[1].integrity == "failed"


def test_a_base_whose_id_two_signatures_bear_is_none():
    data = twice_sealed("", ids()[0])
    listing = Package.open(data).read(LIST).decode()
    doubled = listing.replace("</ofd:Signatures>", f'<ofd:Signature ID="{ids()[0]}" BaseLoc="x"/></ofd:Signatures>')
    assert relative(checked(changed(data, {LIST: doubled.encode()}))) == (False, "relative_absent")


@pytest.mark.parametrize(
    ("names", "finding"),
    [(("", "gone"), "relative_absent"), (("two", "one"), "relative_circle"), (("", "two"), "relative_circle")],
)
def test_a_base_that_is_not_there_or_leads_round_fails(names, finding):
    first, second = ids()
    named = [{"one": first, "two": second}.get(name, name) for name in names]
    assert relative(checked(twice_sealed(*named))) == (False, finding)
