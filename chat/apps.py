from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import forgetting, topics
        from chat.record import writing_rates

        topics.register()
        forgetting.register()
        writing_rates.register()
