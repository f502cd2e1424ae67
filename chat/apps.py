from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import forgetting, topics

        topics.register()
        forgetting.register()
