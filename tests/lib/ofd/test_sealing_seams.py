"""Seam seals in a sealed document, from the call to the StampAnnots that a reader finds."""

import json

from support.sealing import signed, units
from support.seals import NOW, pki, sealed_ofd, small_ofd
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.sealing import FacingSeal, SeamSeal, Stamp, prepare_sealing
from yichuan.lib.ofd.signatures import StampAnnot, read_signature_file
from yichuan.lib.ofd.verifying import verify


def stamps_of(data: bytes, number: int = 0) -> tuple[StampAnnot, ...]:
    return read_signature_file(Package.open(data), f"Doc_0/Signs/Sign_{number}/Signature.xml").stamps


def test_one_signature_bears_the_seal_itself_and_its_seam():
    data = sealed_ofd(small_ofd(3), stamps=[Stamp(2, 140, 220), SeamSeal()])
    stamps = stamps_of(data)
    assert [each.page_ref for each in stamps] == ["103", "101", "102", "103"]
    assert [each.boundary for each in stamps] == [
        (117.5, 197.5, 45, 45),
        (195, 126, 45, 45),
        (180, 126, 45, 45),
        (165, 126, 45, 45),
    ]
    assert [each.clip for each in stamps] == [None, (0, 0, 15, 45), (15, 0, 15, 45), (30, 0, 15, 45)]
    assert len({each.id for each in stamps}) == 4
    report = verify(data, trust=pki().trust, at=NOW)
    assert report.valid_and_trusted
    assert len(report.signatures) == 1


def test_a_seam_of_uneven_strips_still_adds_up_where_it_is_written():
    clips = [each.clip for each in stamps_of(sealed_ofd(small_ofd(7), stamps=[SeamSeal()])) if each.clip]
    ends = [round(x + width, 3) for x, _, width, _ in clips]
    assert ends == [round(x, 3) for x, *_ in clips[1:]] + [45]


def test_several_seams_of_several_units_stand_one_above_the_other():
    (first, first_seal), (second, second_seal), _ = units()
    data = signed(prepare_sealing(small_ofd(), first_seal, [SeamSeal(centre_mm=100)]), first).data
    data = signed(prepare_sealing(data, second_seal, [SeamSeal(centre_mm=160), FacingSeal()]), second).data
    assert len(stamps_of(data, 0)) == 5
    assert len(stamps_of(data, 1)) == 5 + 8
    assert verify(data, trust=pki().trust, at=NOW).valid_and_trusted


def test_the_person_who_signs_sees_strips_as_what_they_are():
    waiting = prepare_sealing(small_ofd(2), pki().seal, [SeamSeal()]).for_signer(pki().unit.certificate, NOW)
    shown = waiting.describe()
    assert shown["stamps"] == [
        {"page": 1, "box_mm": [187.5, 126.0, 45.0, 45.0], "clip_mm": [0.0, 0.0, 22.5, 45.0]},
        {"page": 2, "box_mm": [165.0, 126.0, 45.0, 45.0], "clip_mm": [22.5, 0.0, 22.5, 45.0]},
    ]
    json.dumps(shown)
