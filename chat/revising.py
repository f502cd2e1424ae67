"""The front desk for what has been said: which version of it is shown, and what one thinks of it."""

from chat.models import Conversation, Message
from chat.record.branches import Tree
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence

LONGEST_WORDS = 500  # characters


def show(message: Message) -> None:
    """From now on the conversation is shown with this version, and the newest of what follows it."""
    end = Tree(message.conversation).below(message.pk)[-1]
    mine = Conversation.objects.filter(pk=message.conversation_id, owner=message.owner_id)
    mine.update(shown=end)


def go_on_from(answer: Message) -> None:
    """Of several that were asked for together: what is asked next follows it, and its model answers."""
    show(answer)
    mine = Conversation.objects.filter(pk=answer.conversation_id, owner=answer.owner_id)
    if name := answer.model or answer.wish.model:
        mine.update(model=name)


def judge(answer: Message, verdict: str, words: str = "") -> None:
    """Keep what its reader thinks of the answer; an empty verdict takes it back."""
    if verdict and verdict not in Message.Verdict.values:
        raise BadRequest(
            Sentence(
                "A verdict is one of %(names)s, or empty.", names=", ".join(Message.Verdict.values)
            )
        )
    words = " ".join(words.replace("\0", "").split())[:LONGEST_WORDS] if verdict else ""
    Message.objects.for_user(answer.owner).answers().filter(pk=answer.pk).update(
        verdict=verdict, verdict_words=words
    )
