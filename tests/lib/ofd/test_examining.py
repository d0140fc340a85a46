"""What is found in the bytes once is judged for whoever is trusted and whenever, as if it were looked at anew."""

from datetime import timedelta

from support.seals import NOW, changed, pki, sealed_ofd
from yichuan.lib.ofd.examining import examine
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.verifying import judge, verify

LONG_AGO = NOW - timedelta(days=40_000)


def test_one_finding_gives_each_verdict_that_looking_anew_gives() -> None:
    data = sealed_ofd()
    found = examine(data)
    for trust, at in ((pki().trust, NOW), ([], NOW), (pki().trust, LONG_AGO), (pki().trust, NOW)):
        assert judge(found, trust=trust, at=at) == verify(data, trust=trust, at=at)
    assert judge(found, trust=pki().trust, at=NOW).signatures[0].valid_and_trusted
    assert not judge(found, trust=[], at=NOW).signatures[0].valid_and_trusted
    assert not judge(found, trust=pki().trust, at=LONG_AGO).signatures[0].valid_and_trusted


def test_a_fault_in_the_bytes_is_told_before_anybody_judges() -> None:
    data = sealed_ofd()
    assert examine(data).faultless
    page = next(name for name in Package.open(data).names() if name.endswith("Content.xml"))
    altered = changed(data, {page: Package.open(data).read(page) + b" "})
    assert not examine(altered).faultless
    assert not examine(b"no package").faultless


def test_its_size_is_that_of_the_values_and_of_what_they_sign() -> None:
    data = sealed_ofd()
    [signature] = examine(data).signatures
    assert signature.signature is not None
    assert examine(data).size == len(signature.content) + len(signature.signature.der)
    assert examine(data).values == (signature.signature,)
