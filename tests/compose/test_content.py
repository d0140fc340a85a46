"""What the form is told before a document is made of it."""

import pytest

from support.world import small_gongwen
from yichuan.common.errors import Invalid
from yichuan.compose.drafting.content import Fields, from_gongwen, to_gongwen


def _fields(**changes: str) -> Fields:
    return from_gongwen(small_gongwen(), kind="通知") | changes


def _errors(**changes: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        to_gongwen(_fields(**changes), {})
    return refusal.value.errors


@pytest.mark.parametrize("name", ["title", "body", "issuer_mark", "issuer", "date"])
def test_what_every_document_has_may_not_be_empty(name: str) -> None:
    errors = _errors(**{name: " "})
    assert list(errors) == [name]
    assert errors[name].endswith("是空的，请填写。")


def test_all_that_is_missing_is_said_at_once() -> None:
    assert set(_errors(title="", body="", number="")) == {"title", "body", "number"}


@pytest.mark.parametrize(
    "number",
    ["", "44号", "江府办[2008]44号", "江府办〔2008〕044号", "江府办〔08〕44号", "江府办〔2008〕44号\n",
     "江 府〔2008〕4号", "江府办〔２００８〕44号", "江|府〔2008〕44号", "1府〔2008〕44号", "江府办〔2008〕44"],
)  # fmt: skip
def test_a_number_of_another_form_is_refused_with_an_example(number: str) -> None:
    assert "江府办〔2008〕44号" in _errors(number=number)["number"]


@pytest.mark.parametrize("urgency", ["特急", "急件", ""])
def test_urgent_documents_are_refused_with_the_article(urgency: str) -> None:
    assert _errors(urgency=urgency)["urgency"].startswith("第四条（二）")


def test_a_day_that_is_not_in_the_calendar_is_refused() -> None:
    assert "成文日期" in _errors(date="2008-02-30")["date"]


def test_a_letter_that_cannot_be_printed_is_named_with_its_paragraph() -> None:
    assert "正文第 2 段" in _errors(body="好的。\n坏\u202e的。")["body"]


def test_annexes_need_their_heading_line() -> None:
    assert "「#附件 标题」" in _errors(sections="没有标题的一段")["sections"]


def test_what_the_form_does_not_show_is_kept() -> None:
    original = small_gongwen() | {"copy_no": "000001", "seal_diameter_mm": None}
    made = to_gongwen(from_gongwen(original, kind="通知"), original)
    assert (made.copy_no, made.seal_diameter_mm) == ("000001", None)


def test_a_letter_is_set_in_its_own_form_without_printing_office() -> None:
    made = to_gongwen(_fields(layout="letter", issuer_mark="江门市人民政府办公室"), {})
    assert (made.form, made.printer, made.print_date) == ("letter", "", None)
    assert from_gongwen(made.to_json(), kind="函")["layout"] == "letter"


def test_what_a_letter_does_not_have_is_said_at_its_field() -> None:
    assert "「文件」" in _errors(layout="letter", issuer_mark="江门市人民政府办公室文件")["issuer_mark"]
    refused = _errors(layout="letter", issuer_mark="江门市人民政府办公室", signer="张三")
    assert refused == {"signer": "签发人不用于所选的版式，请清空或者换一种版式。"}
    assert list(_errors(layout="poster")) == ["layout"]


def test_pictures_and_landscape_annexes_of_the_original_are_kept() -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAfbLI3wAAAABJRU5ErkJggg=="
    annex = {"title": "图", "landscape": True, "body": [{"type": "picture", "data": dot, "width_mm": 30.0}]}
    original = small_gongwen() | {"annexes": [annex]}
    fields = from_gongwen(original, kind="通知")
    assert "【图片 1】" in fields["sections"]
    assert to_gongwen(fields, original).to_json()["annexes"] == [annex]
