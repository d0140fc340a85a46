from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "yichuan.changes"
    label = "changes"
