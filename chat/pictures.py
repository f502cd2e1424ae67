"""Pictures that are asked about: made small, without what a camera wrote into them, and kept."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import NamedTuple, Protocol, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from PIL import Image, ImageOps

from localchat.lib.errors import BadRequest, NotFound, TooLarge
from localchat.lib.sentences import Sentence

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_FILE = 30_000_000  # bytes
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1568  # pixels: models that see make them this small, or smaller, themselves
QUALITY = 90
MOST = 8  # of one question
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
UNASKED = timedelta(days=1)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Small(NamedTuple):
    jpeg: bytes
    width: int
    height: int


class PictureQuerySet(models.QuerySet["Picture"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)

    def unasked(self) -> Self:
        return self.filter(message=None)


class Picture(models.Model):
    """Goes with its question; one that is not asked about goes after a day."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    message = models.ForeignKey(
        "chat.Message",
        models.CASCADE,
        null=True,
        related_name="pictures",
        help_text="The question; null: not asked yet",
    )
    jpeg = models.BinaryField()
    width = models.PositiveIntegerField(help_text="Pixels")
    height = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"picture {self.pk}"


def keep(owner: User, file: Readable) -> Picture:
    """Not asked about yet. Raises BadRequest and TooLarge."""
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise TooLarge(Sentence("The picture is larger than 30 MB."))
    small = smaller(data)
    return Picture.objects.create(
        owner=owner, jpeg=small.jpeg, width=small.width, height=small.height
    )


def smaller(data: bytes) -> Small:
    """The first frame, upright, on white, as JPEG. Raises BadRequest."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadRequest(Sentence("The picture has too many pixels."))
            opened.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            paper = Image.new("RGB", upright.size, "white")
            with_alpha = upright.convert("RGBA")
            paper.paste(with_alpha, mask=with_alpha)
    except (OSError, ValueError, SyntaxError, *BOMBS) as error:
        raise BadRequest(
            Sentence("This is no picture that can be looked at: PNG, JPEG, WebP and GIF can.")
        ) from error
    written = BytesIO()
    paper.save(written, "JPEG", quality=QUALITY)
    return Small(written.getvalue(), *paper.size)


def hand_over(owner: User, wanted: Sequence[int], message: models.Model) -> None:
    """To the question that is asked about them. Raises BadRequest and NotFound."""
    if len(wanted) > MOST:
        raise BadRequest(Sentence("A question can have %(most)s pictures.", most=MOST))
    mine = Picture.objects.for_user(owner).unasked().filter(pk__in=set(wanted))
    if mine.update(message=message) < len(set(wanted)):
        raise NotFound(Sentence("The picture is not there any more. Attach it again."))


def copy(owner: User, question: models.Model, version: models.Model) -> None:
    """What another version of a question is about too."""
    for each in Picture.objects.for_user(owner).filter(message_id=question.pk):
        each.pk, each.message_id = None, version.pk
        each.save(force_insert=True)


def as_json(picture: Picture) -> dict[str, int | str]:
    address = reverse("picture", args=[picture.pk])
    return {
        "id": picture.pk,
        "width": picture.width,
        "height": picture.height,
        "url": address,
    }


def of_messages(owner: User, messages: Sequence[int]) -> dict[int, list[Picture]]:
    """Those that have some."""
    found: dict[int, list[Picture]] = {}
    for each in Picture.objects.for_user(owner).filter(message__in=list(messages)):
        found.setdefault(each.message_id or 0, []).append(each)
    return found


def sweep() -> None:
    Picture.objects.unasked().filter(created__lt=Now() - UNASKED).delete()
