"""What is said in place of an answer when nothing in the documents answers the question."""

import unicodedata

from documents.text import words

_SAID = {
    "english": "Your documents do not answer this: nothing close enough to the question was found"
    " in them.",
    "german": "Ihre Dokumente beantworten das nicht: Nichts, was der Frage nahe genug kommt, wurde"
    " darin gefunden.",
    "french": "Vos documents n’y répondent pas : rien d’assez proche de la question n’y a été"
    " trouvé.",
    "spanish": "Sus documentos no responden a esto: no se ha encontrado en ellos nada lo bastante"
    " cercano a la pregunta.",
    "italian": "I suoi documenti non rispondono a questa domanda: non vi è stato trovato nulla di"
    " abbastanza vicino.",
    "portuguese": "Os seus documentos não respondem a isto: não se encontrou neles nada próximo o"
    " bastante da pergunta.",
    "dutch": "Uw documenten beantwoorden dit niet: er is niets in gevonden dat dicht genoeg bij de"
    " vraag ligt.",
    "swedish": "Dina dokument svarar inte på detta: inget tillräckligt nära frågan hittades i dem.",
    "danish": "Dine dokumenter svarer ikke på dette: der blev ikke fundet noget, der ligger tæt nok"
    " på spørgsmålet.",
    "norwegian": "Dokumentene dine svarer ikke på dette: det ble ikke funnet noe som ligger nær nok"
    " spørsmålet.",
    "russian": "В ваших документах нет ответа на это: в них не нашлось ничего достаточно близкого к"
    " вопросу.",
    "arabic": "مستنداتك لا تجيب عن هذا: لم يُعثر فيها على شيء قريب بما يكفي من السؤال.",
    "chinese": "您的文档没有回答这个问题：其中没有找到与问题足够接近的内容。",
    "japanese": "お手元の文書はこの質問に答えていません。質問に十分近い内容が見つかりませんでした。",
    "korean": "문서에 이 질문에 대한 답이 없습니다. 질문과 충분히 가까운 내용을 찾지 못했습니다.",
}
_SCRIPTS = {
    "HIRAGANA": "japanese",
    "KATAKANA": "japanese",
    "HANGUL": "korean",
    "CYRILLIC": "russian",
    "ARABIC": "arabic",
    "CJK": "chinese",
}


def sentence(question: str) -> str:
    """In the question's language, where we speak it; else in English."""
    return _SAID.get(_language(question), _SAID["english"])


def _language(question: str) -> str:
    """Japanese is told from Chinese by its syllables, wherever they stand."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in question}
    for script, language in _SCRIPTS.items():
        if script in scripts:
            return language
    return words.language(question)
