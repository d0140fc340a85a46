"""The form of a draft. It only carries text: finishing is what checks (`services.finish`)."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from yichuan.common import profile
from yichuan.compose.drafting.content import FIELDS, KINDS, LAYOUTS, Fields

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
        urgency = self.fields["urgency"]
        assert isinstance(urgency, forms.ChoiceField)  # noqa: S101 - tells the type
        urgency.choices = [(each, each) for each in profile.current().urgencies]
        urgency.error_messages["invalid_choice"] = profile.current().refused_urgency_note

    def to_fields(self) -> Fields:
        """The form's text, as services take it."""
        return {name: self.cleaned_data.get(name, "") for name in FIELDS}


class SealForm(forms.Form):
    """Where the seal goes; several places come with the seal placement page."""

    use_required_attribute = False  # the numbers are checked by `fields.js`, in the words of this form

    seal = forms.UUIDField(label="印章", error_messages={"required": "请选择印章。", "invalid": "请选择印章。"})
    page = forms.IntegerField(label="第几页", widget=forms.TextInput)
    x = forms.FloatField(label="离左边", widget=forms.TextInput)
    y = forms.FloatField(label="离上边", widget=forms.TextInput)

    def __init__(self, *args: object, sizes: list[tuple[float, float]], **kwargs: object) -> None:
        """`sizes`: width and height of each page in millimetres, the bounds of the place."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._bound("page", 1, len(sizes), "整数")
        self._bound("x", 0, int(max(width for width, _ in sizes)), "数")
        self._bound("y", 0, int(max(height for _, height in sizes)), "数")

    def _bound(self, name: str, least: int, most: int, kind: str) -> None:
        field = self.fields[name]
        said = f"{field.label}应是 {least} 到 {most} 之间的{kind}。"
        field.validators += [MinValueValidator(least, said), MaxValueValidator(most, said)]
        field.error_messages |= {"required": said, "invalid": said}
        label = str(field.label)
        field.widget.attrs |= {"class": "num", "inputmode": "decimal", "data-label": label}
        field.widget.attrs |= {"data-from": least, "data-to": most} | (
            {} if kind == "整数" else {"data-decimals": True}
        )
