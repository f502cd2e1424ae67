from django.apps import AppConfig


class OpenIdConfig(AppConfig):
    name = "localchat.accounts.openid"
    label = "openid"
