"""What somebody may do at a time, to be compared with what they may do later."""

from typing import NamedTuple, Self

from django.contrib.auth.models import User


class Standing(NamedTuple):
    """Who somebody is, and what they may do that not everybody may."""

    user_id: int
    rights: frozenset[str]

    @classmethod
    def of(cls, user: User) -> Self:
        """Of a superuser the permissions, which are all there are, are not looked up."""
        rights = {name for name in ("is_staff", "is_superuser") if getattr(user, name)}
        if rights == {"is_staff"}:
            rights |= user.get_all_permissions()
        return cls(user.pk, frozenset(rights))

    def is_kept(self, now: User | None) -> bool:
        if now is None or now.pk != self.user_id:
            return False
        lost = self.rights - self.of(now).rights
        return not lost or (now.is_superuser and "is_staff" not in lost)
