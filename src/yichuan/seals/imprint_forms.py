"""The forms of imprints. They carry text and a file; the services check."""

from collections.abc import Iterable

from django import forms

from yichuan.org.models import UnitName

FORMATS = ".png,.jpg,.jpeg,.bmp,.tif,.tiff,.gif"


class ImprintForm(forms.Form):
    """What both ways of making an imprint ask for."""

    use_required_attribute = False

    name = forms.TypedChoiceField(
        label="印章名称",
        coerce=int,
        error_messages={"required": "请选择名称。", "invalid_choice": "请从本单位现在的名称里选择。"},
    )
    bottom_line = forms.CharField(label="下方文字", max_length=12, required=False)

    def __init__(self, *args: object, names: Iterable[UnitName], **kwargs: object) -> None:
        """`names`: those that the unit carries now; the cleaned `name` is the id of one of them."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type
        field.choices = [(each.pk, each.name if each.main else f"{each.name}（增挂的牌子）") for each in names]


class DrawForm(ImprintForm):
    diameter_mm = forms.IntegerField(
        label="直径", error_messages={"required": "请填写直径。", "invalid": "直径应是整毫米数。"}
    )
    foreign = forms.CharField(label="外文名称", max_length=60, required=False)
    field_order = ("name", "diameter_mm", "bottom_line", "foreign")


class TurnForm(forms.Form):
    """A scan: it is set upright by itself; `turn` helps where that could not be told."""

    use_required_attribute = False

    scan = forms.FileField(
        label="扫描件",
        widget=forms.FileInput({"accept": FORMATS}),
        error_messages={"required": "请选择扫描件。", "empty": "文件是空的，请重新选择。"},
    )
    turn = forms.FloatField(
        label="再转",
        required=False,
        min_value=-360,
        max_value=360,
        widget=forms.TextInput({"class": "num", "inputmode": "decimal"}),
        error_messages={"invalid": "再转的角度应在 -360 到 360 度之间。"},
    )


class ScanForm(ImprintForm, TurnForm):
    diameter_mm = forms.FloatField(
        label="实物公章直径",
        widget=forms.TextInput({"class": "num", "inputmode": "decimal"}),
        error_messages={"required": "请填写直径。", "invalid": "直径应是毫米数，如 42 或 42.5。"},
    )
    field_order = ("name", "diameter_mm", "scan", "bottom_line", "turn")
