from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "localchat.accounts.audit"
    label = "audit"

    def ready(self) -> None:
        from localchat.accounts.audit import watching

        watching.watch()
