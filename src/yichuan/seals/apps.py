from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "yichuan.seals"
    label = "seals"
