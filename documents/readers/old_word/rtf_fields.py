"""Fields of RTF: what is seen of each takes the place of its result."""

from documents.readers.old_word import rtf_properties, word_fields
from documents.readers.old_word.rtf_marks import Field, Setting


def end_field(closed: Setting) -> None:
    if field := _of_its_paragraph(closed):
        _see(closed, field, "".join(field.instruction))


def end_on_edge(closed: Setting) -> None:
    """In a header, where the pages are counted."""
    if field := _of_its_paragraph(closed):
        instruction = "".join(field.instruction)
        if word_fields.counts_pages(instruction):
            del closed.story.runs[field.start :]
        else:
            _see(closed, field, instruction)


def _of_its_paragraph(closed: Setting) -> Field | None:
    """None of one that goes over several, or stands in the instruction of another."""
    field = closed.field
    return field if field and not closed.into and field.ended == closed.story.ended else None


def _see(closed: Setting, field: Field, instruction: str) -> None:
    story = closed.story
    result = story.runs[field.start :]
    before = "".join(run.text for run in result)
    entry = rtf_properties.entry(field.data) if field.data else None
    seen = word_fields.seen(instruction, before, entry)
    if seen is None:
        return
    if before and seen.startswith(before):
        story.add(seen[len(before) :], hidden=result[-1].hidden)
    else:
        del story.runs[field.start :]
        story.add(seen, hidden=closed.hidden)
