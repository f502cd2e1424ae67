from django.apps import AppConfig


class LocalChatConfig(AppConfig):
    name = "localchat"

    def ready(self) -> None:
        from localchat import celery  # noqa: F401 - tasks find their broker by it
        from localchat.accounts import revocation

        revocation.watch()
