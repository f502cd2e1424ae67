"""Who may follow or stop an answer, and what its row shows now."""

from django.contrib.auth.models import User

from chat import stopping
from chat.models import Message
from chat.record import sources
from localchat.lib import following
from localchat.lib.events import Event
from localchat.lib.following import Snapshot


class AnswerTopics:
    lossless = True

    def snapshot(self, user: User, pk: int) -> Snapshot | None:
        answer = Message.objects.for_user(user).answers().filter(pk=pk).first()
        if answer is None:
            return None
        cited = list(answer.sources.all())
        told: list[Event] = []
        if shown := sources.as_json(cited):
            told.append({"type": "sources", "sources": shown})
        if answer.thinking:
            told.append({"type": "thinking", "text": answer.thinking})
        if answer.text:
            told.append({"type": "token", "text": answer.text})
        if answer.is_writing:
            return Snapshot(told, answer.cursor, False)
        if answer.status == Message.Status.FAILED:
            told.append({"type": "failed", "error": answer.error, "message": answer.problem})
        else:
            facts = sources.end_of(answer, cited, sources.facts_of(answer))
            told.append({"type": "done", **facts})
        return Snapshot(told, answer.cursor, True)

    def stop(self, user: User, pk: int) -> None:
        stopping.stop(user, pk)


def register() -> None:
    following.register("answer", AnswerTopics())
