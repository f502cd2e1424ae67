from django.apps import AppConfig


class KeptSettingsConfig(AppConfig):
    name = "localchat.kept_settings"

    def ready(self) -> None:
        """What the settings are without a row is known before the first is read."""
        from localchat.kept_settings import applying  # noqa: F401
