from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    name = "localchat.accounts.invitations"
    label = "invitations"
