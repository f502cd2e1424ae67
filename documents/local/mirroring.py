"""A folder that is followed: look by look its documents become what its files are."""

import time
from collections.abc import Iterator

from documents.local import folders, gathering
from documents.local.folders import Listing, Local, Only
from documents.local.gathering import Gatherer, News
from documents.models.local_files import LocalFile

STILL_SECONDS = 2.0  # a file that changed since then may be half written
AWAY_SECONDS = 5.0  # programs that save by replacing let a file vanish for a moment
MANY = 10  # files that may vanish at once without more being asked


class Mirror:
    """Remembers between two looks what is not yet settled.

    Documents go only with files that have been away for a while; and nothing goes when the
    folder is not there or empty, or more than half of its files, and more than MANY, are gone.
    With `allow_empty` what is gone at the first look may go, however much that is.
    """

    def __init__(
        self,
        gatherer: Gatherer,
        only: Only,
        *,
        allow_empty: bool = False,
        still: float = STILL_SECONDS,
        away: float = AWAY_SECONDS,
    ) -> None:
        self.gatherer, self.only, self.still, self.away = gatherer, only, still, away
        self.unsettled: dict[bytes, tuple[str, float]] = {}  # stamp, and since when it is that
        self.missing: dict[bytes, float] = {}  # since when
        self.refused: dict[bytes, str] = {}  # stamps of files that cannot be documents
        self.confirmed: set[bytes] | None = None if allow_empty else set()
        self.said: set[str] = set()  # that is still so, and not said again

    @property
    def is_settled(self) -> bool:
        """Whether another look is of no use until something happens."""
        return not self.unsettled and not self.missing

    def look(self) -> Iterator[News]:
        """One comparison of the folder with its documents; what was done and what went wrong."""
        try:
            listing = folders.listing(self.gatherer.folder, self.only)
        except OSError as error:
            why = f"{folders.reason(error)} Until it is there again nothing is changed."
            yield from self._say_once([News("held", "The folder cannot be read", said=why)])
            return
        self.gatherer.recall(listing.files)
        gone = self._gone(listing)
        ripe = self._ripe(listing)
        # New ones first: a file that was moved away to be replaced keeps its vectors so.
        for local in sorted(ripe, key=lambda each: each.path in self.gatherer.rows):
            yield self._take(local, gone)
        troubles = [
            News("failed", folders.path_text(path), said=why)
            for path, why in listing.unreadable.items()
        ]
        yield from self._say_once([*troubles, *self._too_many(gone)])
        if not self._too_many(gone):
            yield from self._forget(gone)

    def _gone(self, listing: Listing) -> dict[bytes, LocalFile]:
        """Rows whose file is not there; it may also just be out of sight."""
        gone = {
            path: row
            for path, row in self.gatherer.rows.items()
            if path not in listing.files and folders.is_gone(self.gatherer.folder, path)
        }
        now = time.monotonic()
        self.missing = {path: self.missing.get(path, now) for path in gone}
        if self.confirmed is None:
            self.confirmed = set(gone)
        return gone

    def _ripe(self, listing: Listing) -> list[Local]:
        """Files that are not as they were remembered, and have stood still for a while."""
        stirring = [
            local
            for local in listing.files.values()
            if self.refused.get(local.path) != local.stamp and not self.gatherer.is_known(local)
        ]
        now, clock, before = time.monotonic(), time.time(), self.unsettled
        self.unsettled, ripe = {}, []
        for local in stirring:
            stamp, since = before.get(local.path, ("", now))
            since = since if stamp == local.stamp else now
            if self.still <= max(now - since, clock - local.touched):
                ripe.append(local)
            else:
                self.unsettled[local.path] = (local.stamp, since)
        return ripe

    def _take(self, local: Local, gone: dict[bytes, LocalFile]) -> News:
        if local.path not in self.gatherer.rows and gone:
            sha256 = gathering.sum_of(self.gatherer.folder, local.path)
            for path, row in gone.items():
                if row.sha256 == sha256 and (news := self.gatherer.rename(row, local)):
                    del gone[path], self.missing[path]
                    return news
        news = self.gatherer.bring(local)
        if news.what == "failed":
            self.refused[local.path] = local.stamp
        for path in [path for path in gone if path not in self.gatherer.rows]:
            del gone[path], self.missing[path]  # its document has gone over to this file
        return news

    def _too_many(self, gone: dict[bytes, LocalFile]) -> list[News]:
        vanished, known = len(gone.keys() - (self.confirmed or set())), len(self.gatherer.rows)
        if not vanished or (vanished < known and (vanished <= MANY or 2 * vanished <= known)):
            return []
        why = "None of their documents is deleted. If that is meant, start with --allow-empty."
        return [News("held", f"{vanished} of {known} files are gone", said=why)]

    def _forget(self, gone: dict[bytes, LocalFile]) -> Iterator[News]:
        now = time.monotonic()
        for path, row in gone.items():
            if now - self.missing[path] >= self.away:
                del self.missing[path]
                yield self.gatherer.forget(row)

    def _say_once(self, news: list[News]) -> Iterator[News]:
        """Those that were not so at the last look."""
        before, self.said = self.said, {each.name for each in news}
        yield from (each for each in news if each.name not in before)
