from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "yichuan.org"
    label = "org"
