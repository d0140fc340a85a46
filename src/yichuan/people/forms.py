"""Forms of login and password."""

from django import forms


class LogInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请输入账号。"})
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入密码。"},
    )


class ChangePasswordForm(forms.Form):
    old = forms.CharField(
        label="现在的密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入现在的密码。"},
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入新密码。"},
    )
    again = forms.CharField(
        label="再输一次",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请再输入一次新密码。"},
    )
