"""What stands in the talk keeps its number, and the passage that it had under it."""

from chat.answers.passage_choice import PassageChoice
from chat.record.transcript import Transcript
from models_mgmt.counting import usual
from tests.chat.test_prompt import make_passage


def test_a_number_that_stands_for_two_passages_stays_that_of_its_own():
    first = make_passage("The ferry runs three times a day. ", chunk=1, start=0)
    second = make_passage("On Sundays it runs twice. ", chunk=2, start=len(first.text))
    spans = {(each.chunk, each.text): {4: [(0, len(each.text))]} for each in (first, second)}
    begun = Transcript([], [], True, {4: first}, {4: first.text + second.text}, spans)
    choice = PassageChoice("How often on Sundays?", [second], begun, usual())
    chosen = choice(1_000)
    assert (chosen.sent, chosen.above) == ([], [4])
    assert choice.found(chosen) == {4: first}
