"""The pages of imprints, as a clerk goes through them."""

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.seal_imprints import OWN, drawn_row, own_scan
from support.world import World
from yichuan.org.duties import Duty
from yichuan.seals.models import Imprint


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("印模.jpg", data, "image/jpeg")


def test_the_custodian_draws_compares_and_the_head_approves(world: World):
    browser = world.browser(world.custodian["市府办公室"])
    name = str(world.sender.names.get().pk)
    assert browser.get("/seals/imprints/").status_code == 200
    assert browser.get("/seals/imprints/new/").status_code == 200
    made = browser.post("/seals/imprints/new/", {"name": name, "diameter_mm": "42"})
    assert made.status_code == 302, made.content.decode()
    page = made["Location"]
    assert browser.post(f"{page}compare/", {"scan": upload(own_scan()), "turn": ""}).status_code == 302
    shown = browser.get(page).content.decode()
    assert "实物公章扫描件" in shown and "已转正" in shown and "批准印模</button>" not in shown
    assert browser.get(f"{page}imprint.svg")["Content-Type"].startswith("image/svg+xml")
    assert browser.get(f"{page}beside").content.startswith(b"\x89PNG")
    head = world.browser(world.leader)
    assert "批准印模</button>" in head.get(page).content.decode()
    digest = Imprint.objects.get().digest
    assert head.post(f"{page}approve/", {"digest": digest}).status_code == 302
    assert "已批准" in head.get("/seals/imprints/").content.decode()


def test_a_scan_is_cleaned_on_the_page_and_a_bad_one_is_refused_beside_its_field(world: World):
    browser = world.browser(world.custodian["市府办公室"])
    fields = {"name": str(world.sender.names.get().pk), "diameter_mm": "42"}
    refused = browser.post("/seals/imprints/scan/", fields | {"scan": upload(b"no picture")})
    assert refused.status_code == 422 and "不是能打开的图片" in refused.content.decode()
    made = browser.post("/seals/imprints/scan/", fields | {"scan": upload(own_scan())})
    assert made.status_code == 302, made.content.decode()
    assert b"data:image/png" in browser.get(f"{made['Location']}imprint.svg").content
    assert browser.get(f"{made['Location']}beside").content.startswith(b"<svg")


def test_what_is_wrong_with_a_drawing_stands_beside_its_field(world: World):
    browser = world.browser(world.custodian["市府办公室"])
    fields = {"name": str(world.sender.names.get().pk), "diameter_mm": "50", "bottom_line": "市卫生局专用章"}
    answer = browser.post("/seals/imprints/new/", fields)
    assert answer.status_code == 422
    assert "另一个单位的名称" in answer.content.decode()


def test_a_name_of_another_unit_is_no_choice(world: World):
    browser = world.browser(world.custodian["市府办公室"])
    other = world.units["市卫生局"].names.get()
    answer = browser.post("/seals/imprints/new/", {"name": str(other.pk), "diameter_mm": "42"})
    assert answer.status_code == 422 and "请从本单位现在的名称里选择" in answer.content.decode()
    assert not Imprint.objects.exists()


@pytest.mark.parametrize("path", ["", "imprint.svg", "beside", "sheet.pdf"])
def test_another_units_people_see_nothing_of_it(world: World, path: str):
    row = drawn_row(world)
    custodian = world.appoint_custodian("市卫生局")
    assert world.browser(custodian).get(f"/seals/imprints/{row.pk}/{path}").status_code == 404
    assert world.browser(world.holder(Duty.OPERATOR, "市规划局")).get(f"/seals/imprints/{row.pk}/").status_code == 404


def test_the_sheet_prints_the_imprint_at_true_size_over_a_ruler_of_50_mm(world: World):
    row = drawn_row(world)
    answer = world.browser(world.leader).get(f"/seals/imprints/{row.pk}/sheet.pdf")
    with pypdfium2.PdfDocument(io.BytesIO(answer.content)) as pdf:
        page = pdf[0]
        assert [round(side * 25.4 / 72) for side in page.get_size()] == [210, 297]
        text = page.get_textpage().get_text_range()
        picture = page.render(scale=300 / 72).to_numpy()
    assert OWN in text and "100%" in text and "50 毫米" in text
    red = (picture[..., 2].astype(int) - picture[..., 1]) > 60
    columns = red.any(axis=0).nonzero()[0]
    assert (columns[-1] - columns[0]) / 300 * 25.4 == pytest.approx(42.0, abs=0.25)
