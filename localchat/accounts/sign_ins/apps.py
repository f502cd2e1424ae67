from django.apps import AppConfig


class SignInsConfig(AppConfig):
    name = "localchat.accounts.sign_ins"
    label = "sign_ins"
