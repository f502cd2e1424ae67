from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "localchat.accounts"
    label = "accounts"
