"""What the person adds to the beginning of every prompt of a conversation."""

from chat.manner import AboutMe
from chat.models import Message
from chat.prompt import Own


def of(answer: Message) -> Own:
    """The notes as they are now: where one has changed, the engine reads the talk anew."""
    wish = answer.wish
    kept = answer.conversation_id is not None and answer.conversation.temporary
    if wish.without_notes or wish.temporary or kept:
        return Own(wish.instructions)
    notes = AboutMe.objects.for_user(answer.owner).sent()
    return Own(wish.instructions, [(note.pk, note.text) for note in notes])
