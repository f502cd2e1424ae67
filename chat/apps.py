from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import forgetting, topics
        from chat.record import asked_lately, writing_rates

        topics.register()
        forgetting.register()
        writing_rates.register()
        asked_lately.register()
