"""The command line. `manage.py up` starts everything; `manage.py help` lists the other verbs."""

import os
import sys
from pathlib import Path

from localchat.embedded import command_services, supervisor


def main() -> None:
    command_services.read_env_file(Path(__file__).with_name(".env"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
    if sys.argv[1:] == ["up"]:  # without Django, which would stay in its memory for nothing
        sys.exit(supervisor.up())
    with command_services.services_for(sys.argv[1:]):
        from django.core.management import execute_from_command_line

        command_services.load_settings(sys.argv[1:])
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
