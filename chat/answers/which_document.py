"""Asking back which of several documents is meant, where they fit a request equally well."""

from django.utils.translation import gettext as _

from chat.answers.outcome import Answered
from chat.question.documents_meant import WholeQuestion
from chat.question.intents import SUMMARY
from chat.record.draft import Draft
from chat.record.search_record import SearchRecord
from documents.models import Document
from documents.text import words
from documents.text.markdown_escape import literal
from localchat.lib.language import speaking

OFFERED = 12


def is_open(draft: Draft, wanted: WholeQuestion) -> bool:
    """Who has chosen exactly these documents means them all."""
    if not wanted.chosen.tied or wanted.intent.kind != SUMMARY or draft.wish.whole:
        return False
    return set(draft.wish.documents or ()) != {each.pk for each in wanted.chosen.documents}


async def ask_back(draft: Draft, question: str, documents: list[Document]) -> Answered:
    draft.choices = [each.pk for each in documents[:OFFERED]]
    draft.read, draft.unfinished = [], []
    draft.search = SearchRecord(query=question)
    await draft.show_sources({})
    await draft.keep_provenance()
    with speaking(words.language(question)):
        text = _("Several documents fit this equally well. Which one do you mean?")
        if (more := len(documents) - OFFERED) and more > 0:
            text += " " + _("There are %(more)d more; name it more closely.") % {"more": more}
    names = "\n".join(f"- {literal(each.name)}" for each in documents[:OFFERED])
    await draft.say(f"{text}\n\n{names}")
    return Answered()
