from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents import topics
        from documents.desk import (
            attachments,  # noqa: F401 - a task, found by its name
            withdrawing,
        )
        from documents.measuring import model_comparison  # noqa: F401 - likewise

        topics.register()
        withdrawing.watch()
