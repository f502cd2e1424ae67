"""The gate and nothing behind it, for a server that the tests start."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
django.setup()

from localchat.accounts.gate import Gate
from tests.accounts.test_gate import house

application = Gate(house)
