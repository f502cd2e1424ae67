"""The words of questions that compute: English and German, folded and stemmed."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

from documents.text.folding import fold

_CUES = {
    "count": "how many|number of|count of|count|how often|wie viele|wieviele|wie oft|anzahl"
    "|anzahl der|zahl der|how many times",
    "sum": "total|totals|sum of|sum|sum up|in total|how much|altogether|overall|combined|add up"
    "|summe|summe der|gesamt|insgesamt|wie viel|wieviel|zusammen|aufsummiert|gesamte|gesamten",
    "average": "average|averages|mean|on average|avg|durchschnitt|durchschnittlich"
    "|durchschnittliche|durchschnittlichen|durchschnittlicher|im durchschnitt|mittelwert|im schnitt"
    "|im mittel|mittlere|mittleren",
    "median": "median|median of|medians|zentralwert",
    "max": "highest|largest|biggest|greatest|maximum|maximal|maximale|max|most expensive|priciest"
    "|höchste|höchsten|höchster|größte|größten|größter|teuerste|teuersten|teuerster|longest|längste",
    "min": "lowest|smallest|minimum|minimal|minimale|min|cheapest|least expensive|niedrigste"
    "|niedrigsten|kleinste|kleinsten|kleinster|geringste|geringsten|günstigste|günstigsten"
    "|billigste|billigsten|tiefste|shortest|kürzeste",
    "last": "latest|newest|most recent|last|neueste|neuesten|letzte|letzten|späteste|jüngste",
    "first": "earliest|oldest|first|früheste|frühesten|älteste|ältesten|erste|ersten",
    "most": "the most|most|most often|meisten|am meisten|häufigsten|am häufigsten|meiste",
    "least": "the fewest|fewest|the least|least|wenigsten|am wenigsten|seltensten",
    "best": "top|best|best selling|stärksten|besten",
    "worst": "bottom|worst|worst selling|schwächsten|schlechtesten",
    "distinct": "different|distinct|unique|verschiedene|verschiedenen|unterschiedliche"
    "|unterschiedlichen|eindeutige",
    "per": "per|by|for each|for every|each|in each|in every|grouped by|broken down by|by each|je"
    "|pro|nach|für jedes|für jeden|für jede|in jedem|in jeder|gruppiert nach|aufgeschlüsselt nach"
    "|every|jede|jedes|jeden|jedem|jeder",
    "which": "which|what|who|welche|welcher|welches|welchem|welchen|wer|was|whose|when|wann|wie hoch"
    "|wie groß|how high|how big|how large",
    "list": "list|list all|list the|name all|what are the|which are the|liste|nenne|zähle auf"
    "|gib es|gibt es|are there|show all|show the|zeige",
    "not": "not|except|excluding|except for|other than|apart from|outside|outside of|isn't|aren't"
    "|wasn't|weren't|is not|are not|nicht|außer|ohne die|nicht aus|außerhalb|not in|not from",
    "empty": "without|without a|without an|with no|no|missing|missing a|lacking|have no|has no|ohne"
    "|ohne eine|ohne einen|ohne ein|kein|keine|keinen|fehlt|fehlendes|fehlende|fehlender",
    "is empty": "is empty|is missing|are missing|is blank|leer ist|fehlt|ist leer|empty|blank",
    "contains": "contains|containing|contain|including the word|with the word|enthält|enthalten"
    "|mit dem wort|that contain|which contain|mentioning|includes",
    ">": "more than|over|above|greater than|higher than|larger than|bigger than|exceeding|exceeds"
    "|exceed|older than|longer than|mehr als|über|größer als|höher als|oberhalb von|länger als|>",
    ">=": "at least|no less than|not less than|mindestens|wenigstens|>=|≥",
    "<": "less than|under|below|fewer than|smaller than|lower than|cheaper than|younger than"
    "|shorter than|weniger als|unter|kleiner als|niedriger als|unterhalb von|günstiger als|<",
    "<=": "at most|no more than|not more than|höchstens|maximal|<=|≤",
    "or more": "or more|or higher|or above|oder mehr|oder höher|and above|und mehr",
    "or less": "or less|or fewer|or lower|or below|oder weniger",
    "between": "between|zwischen",
    "from": "from|von|vom",
    "to": "to|until|till|through|bis|bis zum",
    "and": "and|und|or|oder|&|as well as|sowie",
    "equal": "exactly|equal to|equals|equal|of exactly|genau|gleich|=",
    "in": "in|during|im|for|of|on|at|in the year|in the month of|im jahr|im jahre|während|am|für|aus"
    "|im monat",
    "after": "after|nach dem|later than|später als",
    "before": "before|vor|vor dem|prior to|earlier than|bis vor",
    "since": "since|seit|ab|starting|starting in|starting from|seit dem",
    "year": "year|years|yearly|annually|annual|jahr|jahre|jährlich|calendar year",
    "month": "month|months|monthly|monat|monate|monatlich",
    "rows": "row|rows|record|records|entries|line|lines|line items|zeile|zeilen|einträge"
    "|datensätze|datensatz|posten|positionen",
    "often": "most often|am häufigsten|häufigsten|seltensten",
}
_GRAMMAR = """
a an the this that these those there here it its is are was were be been being has have had do does did
done can could would will shall please tell me us i we you our your their them he she his her
give show find out know want need like what's whats so much many all any with who which when where
ever yet just so far than as into across within among having every one and or
der die das den dem des ein eine einen einem einer eines es ist sind war waren wird werden wurde wurden
hat haben hatte hatten gibt gab sich ich wir uns mir mich sie er ihr ihre unser unsere bitte sag sage
mit auf zu zum zur alle allen aller alles dabei denn davon darin da dort hier kann können könnte soll
jeweils hoch viel viele bisher jemals bei beim durch als so zeige gib
"""
_VERBS = """
compute calculate table sheet file spreadsheet csv xlsx data dataset document
came come comes go goes went made make makes sold sell sells bought buy buys ordered placed place
shipped paid pay pays spent spend earned earn earns cost costs received get gets got gotten recorded
registered exist exists existed belong belongs work works worked working live lives lived based located
entry item items case cases eintrag fälle posten transaction transactions
value values amount worth figure figures occurred happened appear appears listed marked labelled
tabelle blatt datei daten dokument wert werte betrug beträgt lag liegt liegen kommen kamen kommt
verkauft gekauft bestellt geliefert bezahlt gezahlt ausgegeben verdient verdienen kostet kosten
gehören gehört arbeiten arbeitet wohnen wohnt leben lebt stehen steht vorhanden berechne
gemacht erzielt erhalten
"""
_SYNONYMS = """
country land nation staat
customer client buyer kunde käufer
amount revenue sales turnover umsatz betrag erlös einnahmen income value wert
price preis kosten cost
quantity units unit pieces menge stück stückzahl qty volume
city stadt ort town
date datum day tag
product item article produkt artikel ware
salary gehalt lohn wage pay
employee mitarbeiter staff angestellter person people persons personen leute
department abteilung
order bestellung auftrag
invoice rechnung
patient
booking buchung
age alter
year jahr
category kategorie type art typ
name
supplier lieferant vendor
warehouse lager
stock bestand inventory
rating bewertung score
discount rabatt
manager leiter
"""
_MONEY = """
amount total revenue sales turnover umsatz betrag gesamtbetrag erlös salary gehalt price preis cost
kosten value wert spend
"""
_PIECES = "quantity qty units unit pieces menge stück stückzahl anzahl count"
# Names of what is measured, counted or a time, though their figures may look like numbers of rows.
_MEASURES = """
budget profit gewinn income balance saldo weight gewicht height höhe length länge width breite
distance entfernung strecke area fläche size größe capacity kapazität population einwohner besucher
zuschauer teilnehmer leser nutzer gast staff personnel people headcount personal volume volumen
votes stimmen points punkte spent ausgaben percentage share anteil level stufe rank rang stock bestand inventory
hours hour stunde minute second sekunde day tag week woche month monat quarter quartal duration
dauer time zeit temperature temperatur speed power energy energie consumption verbrauch wage pay
lohn tax steuer fee gebühr charge margin debt loss verlust average sum
"""
_TRADE = """
sold sell sells selling bought buy buys ordered shipped delivered purchased
verkauft gekauft bestellt geliefert kaufte kauften verkaufte verkauften
"""
_NOT_ADDED = (
    "price preis rate age alter rating bewertung score discount rabatt percent prozent note grade"
)
_COUNTS = "stock bestand inventory population einwohner besucher staff personnel people headcount"
UNITS = frozenset("eur euro euros usd gbp chf jpy dollar dollars € $ £ % percent kg km m h".split())  # noqa: SIM905
NUMBER_WORDS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten",
        "ein zwei drei vier fünf sechs sieben acht neun zehn",
    )
    for number, word in enumerate(words.split(), start=1)
    if word not in {"one", "ein"}
}
# Written together in German: Gesamtumsatz, Durchschnittspreis.
_PREFIXES = {
    "gesamt": "gesamt",
    "durchschnitts": "durchschnitt",
    "höchst": "höchste",
    "mindest": "minimum",
    "maximal": "maximum",
    "minimal": "minimum",
}
_WORD = re.compile(
    r"[\"“„«\u2018](?P<quoted>[^\"“”„«»\u2019]{1,200})[\"”“»\u2019](?!\w)"
    r"|(?P<date>\d{4}-\d\d?-\d\d?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-(?:Q[1-4]|\d\d)(?!\d))"
    r"|(?P<number>(?<![\w.])-?(?:\d[\d.,'\u2019]*\d|\d)(?![^\W\d_]))"
    r"|(?P<sign>>=|<=|[<>=≥≤&])"
    r"|(?P<word>[^\W_]+(?:['\u2019.&+#](?=\w)[^\W_]+)*[+#]*)"
)


class Token(NamedTuple):
    text: str
    folded: str
    stems: frozenset[str]
    kind: str  # word, number, date, quoted or sign


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        kind = match.lastgroup or "word"
        found += _token(match[kind], kind)
    return found


def _token(text: str, kind: str) -> list[Token]:
    if kind != "word":
        return [Token(text, fold(text), frozenset({fold(text)}), kind)]
    low = text.lower()
    for prefix, meant in _PREFIXES.items():
        rest = low.removeprefix(prefix)
        if rest != low and len(rest) > 3:
            return [Token(part, fold(part), stems(part), "word") for part in (meant, rest)]
    return [Token(text, fold(text), stems(text), "word")]


@lru_cache(maxsize=100_000)
def stems(word: str) -> frozenset[str]:
    """Two words are the same when one of their stems is."""
    low = word.lower()
    if not low.isalpha():
        return frozenset({fold(low)})
    return frozenset({fold(low), *(fold(each.stemWord(low)) for each in _stemmers())})


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, ...]:
    return Stemmer.Stemmer("english"), Stemmer.Stemmer("german")


def words_of(name: str) -> list[Token]:
    """The words of a column's name or a file's: OrderDate, order_date and order-date are alike."""
    spaced = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|[_\-./]", " ", name)
    return [token for token in tokens(spaced) if token.kind in {"word", "number"}]


@cache
def cues() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded words, and what they may mean."""
    found: dict[tuple[str, ...], list[str]] = {}
    for meaning, phrases in _CUES.items():
        for phrase in phrases.split("|"):
            found.setdefault(tuple(fold(word) for word in phrase.split()), []).append(meaning)
    return {words: tuple(meanings) for words, meanings in found.items()}


LONGEST_CUE = 4


@cache
def grammar_words() -> frozenset[str]:
    return frozenset(fold(word) for word in _GRAMMAR.split())


@cache
def fillers() -> frozenset[str]:
    """What says nothing of which rows are meant."""
    return grammar_words() | {fold(word) for word in _VERBS.split()}


@cache
def money() -> list[frozenset[str]]:
    """The stems of each word by which a column is known to be an amount, the surest first."""
    return [stems(word) for word in _MONEY.split()]


@cache
def pieces() -> frozenset[str]:
    """The stems of words by which a column tells how many."""
    return frozenset(stem for word in _PIECES.split() for stem in stems(word))


@cache
def counts() -> frozenset[str]:
    """The stems of words that say how many of something there are."""
    return pieces() | frozenset(stem for word in _COUNTS.split() for stem in stems(word))


@cache
def measures() -> frozenset[str]:
    """The stems of words that name a figure, not what has it."""
    words = f"{_MEASURES} {_PIECES} {_MONEY} {_NOT_ADDED} year jahr"
    return frozenset(stem for word in words.split() for stem in stems(word))


@cache
def trade() -> frozenset[str]:
    """What is done with so many pieces at a time."""
    return frozenset(fold(word) for word in _TRADE.split())


@cache
def not_added() -> frozenset[str]:
    """The stems of words that name what is not added up unless somebody asks for it."""
    return frozenset(stem for word in _NOT_ADDED.split() for stem in stems(word))


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """The stems of words that may stand for a word, by its stems."""
    found: dict[str, frozenset[str]] = {}
    for line in _SYNONYMS.split("\n"):
        group = frozenset(stem for word in line.split() for stem in stems(word))
        for stem in group:
            found[stem] = found.get(stem, frozenset()) | group
    return found
