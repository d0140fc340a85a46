from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "yichuan.portal"
    label = "portal"
