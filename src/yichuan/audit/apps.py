from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "yichuan.audit"
    label = "audit"
