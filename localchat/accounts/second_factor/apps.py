from django.apps import AppConfig


class SecondFactorConfig(AppConfig):
    name = "localchat.accounts.second_factor"
    label = "second_factor"
