"""Pictures of questions on their way out of the program, and into it again."""

import base64
import binascii
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from chat import pictures
from chat.pictures import Picture, Small
from localchat.lib import environment
from localchat.lib.errors import BadRequest, TooLarge

JPEG = "data:image/jpeg;base64,"
LONGEST = 4 * pictures.LARGEST_FILE // 3 + 4  # characters of base64


class Embedded(NamedTuple):
    """In a file that asks nothing of anybody."""

    data: str  # a data: address
    width: int  # pixels
    height: int


def embedded(picture: Picture) -> Embedded:
    coded = base64.b64encode(bytes(picture.jpeg)).decode()
    return Embedded(f"{JPEG}{coded}", picture.width, picture.height)


def as_json(picture: Picture) -> dict[str, str | int]:
    return embedded(picture)._asdict()


def taken(data: object) -> Small:
    """Of a file from anywhere. Raises BadRequest."""
    if not (isinstance(data, str) and data.startswith(JPEG) and len(data) < LONGEST):
        raise BadRequest
    try:
        return pictures.smaller(base64.b64decode(data.removeprefix(JPEG), validate=True))
    except (binascii.Error, ValueError, TooLarge) as error:
        raise BadRequest from error


def address(picture: Picture) -> str:
    """Where who may see it finds it, also from outside of the pages."""
    path = reverse("picture", args=[picture.pk])
    if settings.PUBLIC_URL:
        public = urlsplit(settings.PUBLIC_URL)
        return f"{public.scheme}://{public.netloc}{path}"
    host = environment.reached_at(settings.HOST)
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{settings.PORT}{path}"
