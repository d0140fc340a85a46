"""The forms of a batch. They take the types; what must hold stands in the services."""

from typing import Any

from django import forms

from yichuan.changes.forms import Day
from yichuan.changes.models import Batch, Import, Stage
from yichuan.changes.services.batch_plan import MOST_BATCHES, MOST_STAGES, StageEntry
from yichuan.changes.sheet_forms import FORMS


class BatchForm(forms.Form):
    """A new batch."""

    number = forms.IntegerField(label="批次", min_value=1, max_value=MOST_BATCHES, help_text="数字，例如 1 是第一批。")
    starts = Day(label="启用日期", help_text="本批单位从这一天起使用系统。")
    note = forms.CharField(label="说明", required=False, max_length=400)


class EditBatchForm(forms.Form):
    """A batch's name, day and words; `version` tells whether somebody else changed it meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=40)
    starts = Day(label="启用日期")
    note = forms.CharField(label="说明", required=False, max_length=400)

    @classmethod
    def of(cls, batch: Batch) -> "EditBatchForm":
        """The form as the batch stands."""
        initial = {"version": batch.version, "name": batch.name, "starts": batch.starts, "note": batch.note}
        return cls(initial=initial)


class StageForm(forms.Form):
    """One line of the timetable; a line without words is left out."""

    phase = forms.ChoiceField(label="阶段", choices=Stage.Phase.choices)
    until = Day(label="日期", required=False)
    what = forms.CharField(label="工作内容", required=False, max_length=200)
    who = forms.CharField(label="责任单位", required=False, max_length=120)

    def entry(self) -> StageEntry:
        """The line as the service takes it."""
        kept = self.cleaned_data
        return StageEntry(kept["phase"], kept["until"], kept["what"], kept["who"])


_Stages = forms.formset_factory(
    StageForm, extra=2, max_num=MOST_STAGES, validate_max=True, absolute_max=MOST_STAGES + 2
)


def stage_forms(data: Any, batch: Batch) -> Any:
    """The timetable's lines with two more to be filled in."""
    initial = [{"phase": s.phase, "until": s.until, "what": s.what, "who": s.who} for s in batch.stages.all()]
    return _Stages(data or None, initial=initial, prefix="stage")


class UploadForm(forms.Form):
    """A filled-in form of a batch."""

    kind = forms.ChoiceField(
        label="导入哪一种表", choices=[(kind.value, kind.label) for kind in Import.Kind if kind in FORMS]
    )
    file = forms.FileField(label="表格", max_length=200, help_text="xlsx 或 csv，最多 20,000 行。")
    pictures = forms.FileField(
        label="印模图片", required=False, max_length=200, help_text="只有附件2 需要：图片没有插在表里时，打成一个 zip。"
    )
