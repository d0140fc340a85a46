"""The form of the placement page: a list of places from the script, or the numbers of one without it."""

import json
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from yichuan.seals.places import Place, read_places

LONGEST = 8000
NOWHERE = "请写明印章盖在哪里。"
NOT_READ = "页面发来的印章位置不对，请刷新页面重新摆放。"


class SealForm(forms.Form):
    use_required_attribute = False  # the numbers are checked by `fields.js`, in the words of this form

    seal = forms.UUIDField(label="印章", error_messages={"required": "请选择印章。", "invalid": "请选择印章。"})
    places = forms.CharField(label="位置", max_length=LONGEST, required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(label="第几页", widget=forms.TextInput)
    x = forms.FloatField(label="离左边", widget=forms.TextInput)
    y = forms.FloatField(label="离上边", widget=forms.TextInput)

    def __init__(self, *args: object, sizes: list[tuple[float, float]], **kwargs: object) -> None:
        """`sizes`: width and height of each page in millimetres, the bounds of the place."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._bound("page", 1, len(sizes), "整数")
        self._bound("x", 0, int(max(width for width, _ in sizes)), "数")
        self._bound("y", 0, int(max(height for _, height in sizes)), "数")
        if self.data.get("places"):
            for name in ("page", "x", "y"):
                self.fields[name].required = False

    def clean_places(self) -> list[Place]:
        """The places that the script sent; none where there was no script."""
        text: str = self.cleaned_data["places"]
        found = listed(text)
        if text and not found:
            raise forms.ValidationError(NOWHERE)
        return found

    def wanted(self) -> list[Place]:
        """Where the seal goes. After `is_valid`."""
        given: dict[str, Any] = self.cleaned_data
        return given["places"] or [Place(given["page"] - 1, given["x"], given["y"])]

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


def listed(text: str) -> list[Place]:
    """The places in a JSON list of `Place.to_json`; none of an empty text. Raises ValidationError."""
    try:
        return read_places(json.loads(text)) if text else []
    except (ValueError, RecursionError) as error:
        raise forms.ValidationError(NOT_READ) from error
