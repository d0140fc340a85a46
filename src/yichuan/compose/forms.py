"""The form of a draft. It only carries text: finishing is what checks (`services.finish`)."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache

from django import forms

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.compose.drafting.content import FIELDS, KINDS, LAYOUTS, Fields
from yichuan.compose.services.take_scan import EDITABLE

LONGEST_TEXT = 400_000  # what the content model takes (lib/gongwen/schema.py)


class DraftForm(forms.Form):
    kind = forms.ChoiceField(label="文种", choices=[(kind, kind) for kind in KINDS])
    urgency = forms.ChoiceField(label="紧急程度", choices=())
    layout = forms.ChoiceField(label="版式", choices=tuple(LAYOUTS.items()), required=False)
    number = forms.CharField(label="发文字号", max_length=60, required=False)
    title = forms.CharField(label="标题", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))
    recipients = forms.CharField(label="主送机关", max_length=2000, required=False)
    body = forms.CharField(
        label="正文", required=False, strip=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 12})
    )
    attachments = forms.CharField(label="附件说明", required=False, widget=forms.Textarea({"rows": 3}))
    issuer = forms.CharField(label="署名", max_length=400, required=False, widget=forms.Textarea({"rows": 1}))
    date = forms.CharField(label="成文日期", required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label="附注", max_length=200, required=False)
    sections = forms.CharField(
        label="随文内容", required=False, strip=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6})
    )
    issuer_mark = forms.CharField(label="发文机关标志", max_length=200, required=False)
    signer = forms.CharField(label="签发人", max_length=100, required=False)
    copy_recipients = forms.CharField(label="抄送机关", max_length=2000, required=False)
    printer = forms.CharField(label="印发机关", max_length=100, required=False)
    print_date = forms.CharField(label="印发日期", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _let_choose(self.fields["urgency"], profile.current().urgencies, profile.current().refused_urgency_note)

    @property
    def urgency_hint(self) -> str:
        """What becomes of urgent documents where none are exchanged (J-4)."""
        rules = profile.current()
        return rules.refused_urgency_note if len(rules.urgencies) == 1 else ""

    def to_fields(self) -> Fields:
        """The form's text, as services take it."""
        return _with_lines_alike(self.cleaned_data)


def fields_of(texts: Mapping[str, str]) -> Fields:
    """What the form makes of these texts, as `DraftForm.to_fields`, for a program, which is shown no form. Raises
    `Invalid`, one message a field."""
    cleaned: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name, field in _fields(profile.current().urgencies, profile.current().refused_urgency_note).items():
        try:
            cleaned[name] = field.clean(texts.get(name))
        except forms.ValidationError as error:
            errors[name] = str(error.messages[0])
    if errors:
        raise Invalid(errors)
    return _with_lines_alike(cleaned)


@cache
def _fields(urgencies: tuple[str, ...], refused: str) -> dict[str, forms.Field]:
    fields = deepcopy(DraftForm.base_fields)
    _let_choose(fields["urgency"], urgencies, refused)
    return fields


def _let_choose(urgency: forms.Field, urgencies: Iterable[str], refused: str) -> None:
    assert isinstance(urgency, forms.ChoiceField)  # noqa: S101 - tells the type
    urgency.choices = [(each, each) for each in urgencies]
    urgency.error_messages["invalid_choice"] = refused


def _with_lines_alike(cleaned: Mapping[str, str]) -> Fields:
    """Lines end alike, whether a browser sent them or a script did."""
    return {name: cleaned.get(name, "").replace("\r\n", "\n") for name in FIELDS}


class ScanForm(forms.Form):
    """Sealed paper as a scan, and its text in a form to work on (G-note-4)."""

    scan = forms.FileField(
        label="PDF 扫描件",
        widget=forms.FileInput({"accept": ".pdf"}),
        error_messages={"required": "请选择盖章纸质件的 PDF 扫描件。", "empty": "扫描件是空文件，没有保存。"},
    )
    text = forms.FileField(
        label="可编辑文本",
        widget=forms.FileInput({"accept": ",".join(EDITABLE)}),
        error_messages={"required": "请选择同一件公文的可编辑文本。", "empty": "可编辑文本是空文件，没有保存。"},
    )
