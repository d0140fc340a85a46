from django.apps import AppConfig


class ComposeConfig(AppConfig):
    name = "yichuan.compose"
    label = "compose"
