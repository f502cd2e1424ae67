from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "localchat.accounts.identities"
    label = "identities"
