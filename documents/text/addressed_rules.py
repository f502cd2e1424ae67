"""How people order language models about, by language: lists of alternatives that regexes are of."""

from typing import NamedTuple


class Orders(NamedTuple):
    forget: str  # verbs, as one orders
    fill: str  # words that may stand between
    former: str
    rules: str
    you_are: str
    model: str  # with its article
    as_model: str
    must: str
    when: str  # something is done with a document, up to its name
    say: str  # as one orders
    alone: str  # orders that need nothing else


ENGLISH = Orders(
    forget="ignore|disregard|forget",
    fill="all|any|everything|of|the|your|my|our|these|those|other|and|or|system|safety|such|every",
    former="previous|prior|above|preceding|earlier|foregoing|former|existing|original|initial",
    rules="instructions?|prompts?|directions|directives|guidelines|commands?|rules|context"
    "|constraints|programming",
    you_are="you are|you're|you are now|you're now|pretend to be|pretend you are",
    model="(?:an?|the|my|our) (?:(?:helpful|large|powerful|advanced|new|unrestricted|friendly|expert) )*+"
    "(?:(?:ai|artificial intelligence|language|llm|chat)[ -])?"
    "(?:language model|ai assistant|ai model|ai system|ai agent|ai|artificial intelligence|llm|chatbot"
    "|(?<=helpful )assistant|(?<=ai )assistant|(?<=ai )agent|(?<=ai )model|(?<=ai )chatbot)",
    as_model="as an? (?:(?:ai|large) )?(?:ai|language model|ai assistant|ai model|llm|assistant)",
    must="you (?:must|should|shall|will|are to|have to|need to|are required to)",
    when="(?:when|while|if|before|after) (?:(?:you|are|asked|to|requested|ever) )*+"
    "(?:summari[sz]\\w{1,3}|translat\\w{1,3}|review\\w{0,3}|analy[sz]\\w{1,3}|evaluat\\w{1,3}"
    "|describ\\w{1,3}|read\\w{0,3}|process\\w{0,3}|rank\\w{0,3}|screen\\w{0,3})"
    " (?:this|the|my) (?:\\w{1,20} )?"
    "(?:document|text|page|article|paper|file|email|e-mail|message|contract|resume|r\u00e9sum\u00e9|cv)",
    say="say|tell (?:the|your) users?|tell them|respond|reply|answer|output|print|claim|state that|mention that"
    "|write that|conclude that|recommend|append|always|never|do not mention|end with|begin with"
    "|give (?:it|a|the)|insert|you must",
    alone="(?:do not|don't|never|must not|without) (?:ever )?(?:tell|telling|inform|informing|alert"
    "|alerting|notify|notifying|warn|warning) (?:the |your |any )?users?\\b"
    "(?! (?:name|id|interface|account|group|list|agent|space|profile|table))"
    "|(?:do not|don't|never) (?:reveal|mention|disclose|repeat|show) (?:(?:any|of|this|these|the) )*+"
    "(?:instructions?|prompt|message|text)(?: to (?:the )?users?)?\\b"
    "|forget (?:everything|all) (?:that )?(?:you(?:'ve| have| were| know)|above|before)\\b",
)
GERMAN = Orders(
    forget="ignoriere|ignorier|ignorieren sie|missachte|missachten sie|vergiss|vergessen sie",
    fill="alle|allen|s\u00e4mtliche|die|den|bitte|alles|deine|ihre|jede|anderen|und",
    former="vorherigen?|vorigen?|bisherigen?|obigen?|vorangegangenen?|vorangehenden?|fr\u00fcheren?"
    "|vorstehenden?|bisher|zuvor|oben",
    rules="anweisungen|anweisung|instruktionen|befehle|anleitungen|vorgaben|regeln|prompts?|kontext"
    "|aufforderungen|richtlinien",
    you_are="du bist|du bist jetzt|du bist nun|du bist ab jetzt|sie sind|sie sind jetzt|sie sind nun",
    model="(?:eine?|das|die) (?:(?:gro\u00dfes|hilfreiche|hilfreicher|hilfreiches|neue|neues) )*+"
    "(?:ki-assistent\\w{0,2}|ki-modell|ki-system|ki|k\u00fcnstliche intelligenz|sprachmodell|chatbot"
    "|(?<=hilfreicher )assistent|llm)",
    as_model="als (?:eine? )?(?:gro\u00dfes )?(?:ki-assistent\\w{0,2}|ki-modell|ki|k\u00fcnstliche intelligenz"
    "|sprachmodell|llm)",
    must="(?:musst|sollst|m\u00fcssen|sollen|darfst|d\u00fcrfen) (?:du|sie)|du (?:musst|sollst)",
    when="(?:(?:wenn|falls|sobald) (?:du|sie) (?:dieses|diesen|diese|das|den) "
    "(?:dokument|text|seite|datei|artikel|vertrag|bewerbung|lebenslauf) "
    "(?:zusammenfasst|zusammenfassen|\u00fcbersetzt|\u00fcbersetzen|bewertest|bewerten|liest|lesen)"
    "|bei(?:m| der) zusammenfass\\w{2,3}(?: (?:dieses|des|von diesem) \\w{4,12})?)",
    say="sag|sage|sagen sie|schreib|schreibe|schreiben sie|antworte|antworten sie|erw\u00e4hne"
    "|nenne|behaupte|empfiehl|empfehlen sie|gib|geben sie|f\u00fcge|f\u00fcgen sie",
    alone="(?:sag|sage|sagen sie|verrate|verraten sie|erz\u00e4hle|erz\u00e4hlen sie|teile|teilen sie|melde"
    "|zeige|zeigen sie) (?:(?:es|das|dies|davon|dem|der|den|nichts) )*+"
    "(?:nutzer|benutzer|anwender|user|nutzerin|nutzern)\\b (?:(?:davon|es|das|dies|hiervon) )*+(?:nicht|nichts)\\b"
    "|(?:sag|sage|sagen sie|verrate|verraten sie) (?:(?:es|das|dies|nichts|davon) )++(?:dem|der|den) "
    "(?:nutzer|benutzer|anwender|user)",
)
FRENCH = Orders(
    forget="ignore|ignorez|ignores|oublie|oubliez|n\u00e9glige|n\u00e9gligez|ne tiens pas compte"
    "|ne tenez pas compte",
    fill="tout|toute|toutes|tous|les|des|de|ces|vos|tes|ce|qui|est|et|autres",
    former="pr\u00e9c\u00e9dentes?|ant\u00e9rieure?s?|ci-dessus|pr\u00e9alables?|pr\u00e9c\u00e8de|initiales?|plus haut",
    rules="instructions?|consignes?|directives?|r\u00e8gles?|ordres?|commandes?|prompts?|indications?",
    you_are="tu es|tu es maintenant|tu es d\u00e9sormais|vous \u00eates|vous \u00eates maintenant"
    "|vous \u00eates d\u00e9sormais",
    model="(?:une?|l'|le) ?(?:(?:grand|nouvelle) )*+(?:assistant ia|assistant d'ia|mod\u00e8le de langage"
    "|mod\u00e8le de langue|mod\u00e8le d'ia|intelligence artificielle|ia|chatbot|llm)",
    as_model="en (?:tant|ta qualit\u00e9|votre qualit\u00e9) (?:que |qu'|d')(?:une? )?(?:assistant ia"
    "|mod\u00e8le de langage|intelligence artificielle|mod\u00e8le d'ia|ia|llm)",
    must="tu (?:dois|devras)|vous (?:devez|devrez)",
    when="(?:(?:quand|lorsque|si) (?:tu|vous) (?:r\u00e9sum\\w{1,4}|tradui\\w{1,4}|analys\\w{1,4}"
    "|\u00e9valu\\w{1,4}|lis|lisez)|lorsqu'on te demande de r\u00e9sumer|en r\u00e9sumant)"
    " (?:ce|cet|cette|le|la) (?:document|texte|page|article|fichier|contrat)",
    say="dis|dites|r\u00e9ponds|r\u00e9pondez|\u00e9cris|\u00e9crivez|mentionne|mentionnez|affirme|affirmez"
    "|recommande|recommandez|ajoute|ajoutez|indique que",
    alone="ne (?:(?:le|lui|leur|dis|dites|r\u00e9v\u00e8le|r\u00e9v\u00e9lez|mentionne|mentionnez|montre|montrez"
    "|signale|signalez|informe|informez|rien|pas|jamais|en|cela|ceci) )++(?:\u00e0 )?(?:l'utilisateur|aux utilisateurs)",
)
SPANISH = Orders(
    forget="ignora|ignore|ignorad|olvida|olvide|olvidad|descarta|descarte|omite|omita",
    fill="todas?|todos?|las?|los?|de|que|tus|sus|estas|estos|dem\u00e1s|y|cualquier",
    former="anterior(?:es)?|previ[ao]s?|precedentes?|arriba|iniciales",
    rules="instrucci\u00f3n|instrucciones|indicaciones|\u00f3rdenes|reglas|directrices|comandos|prompts?|contexto",
    you_are="eres|eres ahora|ahora eres|t\u00fa eres|usted es|usted es ahora",
    model="una? (?:(?:gran|nuevo|nueva) )*+(?:asistente de ia|asistente de inteligencia artificial"
    "|modelo de lenguaje|modelo de ia|inteligencia artificial|ia|chatbot|llm)",
    as_model="como (?:una? )?(?:asistente de ia|modelo de lenguaje|inteligencia artificial|modelo de ia|ia|llm)",
    must="(?:debes|debe|tienes que|tiene que|deber\u00e1s)",
    when="(?:al|cuando|si) (?:resum\\w{1,4}|traduc\\w{1,4}|traduzca\\w{0,1}|analiz\\w{1,4}|le\\w{1,4})"
    " (?:este|esta|el|la) (?:documento|texto|p\u00e1gina|art\u00edculo|archivo|contrato)",
    say="di|diga|responde|responda|escribe|escriba|menciona|mencione|afirma|afirme|recomienda|recomiende"
    "|a\u00f1ade|a\u00f1ada|indica que",
    alone="no (?:(?:le|lo|se|les|digas|diga|reveles|revele|menciones|mencione|informes|informe|cuentes"
    "|cuente|muestres|nada|esto|eso|de|nunca) )++(?:al usuario|a los usuarios)",
)
ITALIAN = Orders(
    forget="ignora|ignorate|ignori|dimentica|dimenticate|dimentichi|trascura|trascurate",
    fill="tutte|tutti|tutto|le|gli|i|il|di|cui|ogni|queste|tue|altre|ci\u00f2|che|e",
    former="precedent[ei]|sopra|anteriori|iniziali|prima",
    rules="istruzion[ei]|indicazioni|regole|ordini|comandi|direttive|prompt|contesto",
    you_are="sei|tu sei|sei ora|ora sei|adesso sei|lei \u00e8|lei \u00e8 ora",
    model="un[ao']? ?(?:(?:grande|nuovo) )*+(?:assistente ia|assistente ai|assistente di ia|modello linguistico"
    "|modello di linguaggio|intelligenza artificiale|ia|ai|chatbot|llm)",
    as_model="(?:come|in quanto) (?:un[ao']? ?)?(?:assistente ia|assistente ai|modello linguistico"
    "|modello di linguaggio|intelligenza artificiale|ia|ai|llm)",
    must="(?:devi|deve|dovrai)",
    when="(?:(?:quando|se) (?:riassum\\w{1,4}|traduc\\w{1,3}|analizz\\w{1,3}|legg\\w{1,3})"
    "|nel (?:riassumere|tradurre)|riassumendo) (?:questo|questa|il|la) "
    "(?:documento|testo|pagina|articolo|file|contratto)",
    say="d\u00ec|di'|dica|dite|rispondi|risponda|scrivi|scriva|menziona|menzioni|afferma|affermi"
    "|raccomanda|raccomandi|aggiungi|aggiunga|indica che",
    alone="non (?:(?:dire|dirlo|dica|rivelare|rivelarlo|menzionare|menzionarlo|informare|informi|mostrare"
    "|mostrarlo|nulla|niente|questo|ci\u00f2|mai|di) )++(?:all'utente|agli utenti|l'utente|gli utenti)",
)
DUTCH = Orders(
    forget="negeer|negeert|vergeet|sla over",
    fill="alle|alles|de|het|van|deze|je|uw|elke|andere|en|eventuele",
    former="vorige|voorgaande|eerdere|bovenstaande|voorafgaande|oorspronkelijke|hierboven",
    rules="instructies?|opdrachten|opdracht|aanwijzingen|regels|prompts?|bevelen|context|richtlijnen",
    you_are="je bent|je bent nu|jij bent|jij bent nu|u bent|u bent nu",
    model="een (?:(?:groot|behulpzame|nieuwe) )*+(?:ai-assistent|ai-model|ai-systeem|ai|kunstmatige intelligentie"
    "|taalmodel|chatbot|(?<=behulpzame )assistent|llm)",
    as_model="als (?:een )?(?:groot )?(?:ai-assistent|ai-model|ai|kunstmatige intelligentie|taalmodel|llm)",
    must="(?:moet|dien|zult) (?:je|jij|u)|(?:je|jij|u) moet",
    when="(?:(?:wanneer|als|zodra) (?:je|jij|u) (?:dit|deze|het|de) "
    "(?:document|tekst|pagina|artikel|bestand|contract) (?:samenvat|vertaalt|beoordeelt|leest)"
    "|bij het (?:samenvatten|vertalen) van (?:dit|deze|het|de) \\w{4,12})",
    say="zeg|antwoord|schrijf|vermeld|noem|beweer|adviseer|voeg|geef",
    alone="(?:vertel|zeg|meld|laat) (?:(?:dit|dat|het|niet|niets|aan|hierover|de|tegen) )*+"
    "gebruikers?\\b (?:(?:dit|dat|het|hier|hierover|erover) )*+(?:niet|niets|niks)\\b"
    "|(?:vertel|zeg|meld) (?:(?:dit|dat|het|hierover) )*+(?:niet|niets|niks) (?:aan|tegen) (?:de )?gebruikers?",
)
PORTUGUESE = Orders(
    forget="ignore|ignora|ignorem|esque\u00e7a|esquece|esque\u00e7am|desconsidere|desconsidera",
    fill="todas?|todos?|as|os|o|a|de|que|suas|tuas|estas|e|quaisquer|tudo",
    former="anterior(?:es)?|pr\u00e9vi[ao]s?|acima|precedentes|iniciais",
    rules="instru\u00e7\u00e3o|instru\u00e7\u00f5es|orienta\u00e7\u00f5es|ordens|regras|comandos|diretrizes"
    "|prompts?|contexto",
    you_are="voc\u00ea \u00e9|voc\u00ea \u00e9 agora|voc\u00ea agora \u00e9|agora voc\u00ea \u00e9|tu \u00e9s|agora \u00e9s",
    model="uma? (?:(?:grande|novo|nova) )*+(?:assistente de ia|modelo de linguagem|modelo de ia"
    "|intelig\u00eancia artificial|ia|chatbot|llm)",
    as_model="como (?:uma? )?(?:assistente de ia|modelo de linguagem|intelig\u00eancia artificial"
    "|modelo de ia|ia|llm)",
    must="(?:voc\u00ea )?(?:deve|tem de|tem que|dever\u00e1|deves)",
    when="(?:ao|quando|se) (?:resum\\w{1,4}|traduzi\\w{1,2}|analis\\w{1,3}|ler) "
    "(?:este|esta|o|a) (?:documento|texto|p\u00e1gina|artigo|arquivo|ficheiro|contrato)",
    say="diga|diz|responda|responde|escreva|escreve|mencione|afirme|recomende|acrescente|indique que",
    alone="n\u00e3o (?:(?:o|lhe|diga|digas|revele|reveles|mencione|informe|conte|mostre|nada|isto|isso|sobre"
    "|nunca) )++(?:ao|aos|o|os) (?:usu\u00e1rios?|utilizador(?:es)?)",
)
