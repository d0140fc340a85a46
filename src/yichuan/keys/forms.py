"""The forms of the security officer's pages. What a field may hold is the service's word; these bound it."""

from django import forms

from yichuan.keys.states import Why


class WordsForm(forms.Form):
    """Why a certificate is held or released."""

    words = forms.CharField(label="情况说明", max_length=200, required=False)


class RevokeForm(WordsForm):
    """Why a certificate is revoked."""

    reason = forms.ChoiceField(
        label="吊销原因",
        choices=[("", "请选择"), *((why.value, why.label) for why in Why)],
        required=False,
        error_messages={"invalid_choice": "请选择吊销原因。"},
    )
    field_order = ("reason", "words")


class SystemForm(forms.Form):
    """A certificate for another system."""

    name = forms.CharField(label="系统名称", max_length=60, error_messages={"required": "请填写系统名称。"})
    request = forms.FileField(
        label="证书请求",
        widget=forms.ClearableFileInput(attrs={"accept": ".csr,.pem,.der,.p10"}),
        error_messages={"required": "请选择证书请求文件。", "empty": "文件是空的，请重新选择。"},
    )


class BundleForm(forms.Form):
    """Certificates of authorities outside."""

    bundle = forms.FileField(
        label="证书文件",
        widget=forms.ClearableFileInput(attrs={"accept": ".pem,.crt,.cer,.der"}),
        error_messages={"required": "请选择证书文件。", "empty": "文件是空的，请重新选择。"},
    )


class RevocationsForm(forms.Form):
    """A revocation list of an authority outside."""

    revocations = forms.FileField(
        label="吊销列表",
        widget=forms.ClearableFileInput(attrs={"accept": ".crl,.pem,.der"}),
        error_messages={"required": "请选择吊销列表文件。", "empty": "文件是空的，请重新选择。"},
    )
