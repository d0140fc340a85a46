"""The form with which a verification seal is taken over."""

from django import forms


class TakeForm(forms.Form):
    """A password of one's own, twice."""

    new = forms.CharField(
        label="保管密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请输入保管密码。"},
        help_text="不要和登录密码一样；忘了没有人能找回，只能申请更换印章。",
    )
    again = forms.CharField(
        label="再输一次",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请再输一次保管密码。"},
    )
