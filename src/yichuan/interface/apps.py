from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    name = "yichuan.interface"
    label = "interface"
