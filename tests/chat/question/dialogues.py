"""Made-up documents of which many are alike, and two-turn talks about them."""

from pathlib import Path
from typing import NamedTuple

from tests.factories import make_document

COMPANIES = {
    "Harwell Pumps": ("Ingrid Thorsen", "Leeds"),
    "Nordvik Shipping": ("Lars Eide", "Bergen"),
    "Calder Foods": ("Moira Shaw", "Halifax"),
}
YEARS = (2019, 2020, 2021, 2022)
BUILDINGS = {
    "Kestrel Tower": ("1931", "212 metres", "Adele Voss", "sandstone", "a bank"),
    "Marlow Bridge": ("1887", "310 metres", "Ernest Pell", "riveted iron", "trams"),
    "Saint Orin Library": ("1962", "four storeys", "Tadeo Ruiz", "concrete", "rare maps"),
    "Heron Theatre": ("1904", "1,150 seats", "Clara Munk", "brick", "the city opera"),
}
MACHINES = {
    "KX-40 compressor": ("every 500 hours", "low voltage", "10.5 bar", "two years"),
    "Brennan boiler": ("once a year", "a clogged burner", "3 bar", "five years"),
    "Tulip dishwasher": ("every month", "a kinked hose", "8 bar", "three years"),
}
OTHERS = {
    "leave.txt": (
        "Employees have 28 days of leave a year. Five days may be carried over until 31 March.",
        "Sick notes are due on the third day of an illness. They are sent to Human Resources.",
        "Parental leave lasts up to fourteen months and is requested eight weeks before.",
        "Remote work is possible on two days a week, with the consent of the team lead.",
    ),
    "suppliers.txt": (
        "Our suppliers are Alba, Borea and Cirro. Each is audited once a year.",
        "Alba makes gaskets in Turin. Its contact is Paola Neri.",
        "Borea makes valves in Gdansk. Its contact is Marek Zielinski.",
        "Cirro makes bearings in Porto. Its contact is Rui Tavares.",
        "Late deliveries cost a penalty of one percent of the price for each week.",
    ),
    "trial.txt": (
        "The trial of veltrazumab enrolled 412 adults with asthma at nine hospitals.",
        "Side effects of veltrazumab were headache and reactions where it was injected.",
        "The trial of dorimal enrolled 96 children with eczema at two hospitals.",
        "Side effects of dorimal were dry skin and a mild fever.",
        "Amara Okafor led both trials. She teaches at Leiden and studied in Lagos.",
    ),
}


class Talk(NamedTuple):
    question: str
    answer: str
    then: str
    whole: str  # what it means
    document: str
    page: int


def make_library(owner):
    for company, (chief, town) in COMPANIES.items():
        for year in YEARS:
            make_document(owner, f"{company} {year}.txt", _annual(company, year, chief, town))
    for building, facts in BUILDINGS.items():
        make_document(owner, f"{building}.txt", _building(building, *facts))
    for machine, facts in MACHINES.items():
        make_document(owner, f"{machine}.txt", _machine(machine, *facts))
    for name, pages in OTHERS.items():
        make_document(owner, name, pages)


def _annual(company, year, chief, town):
    base = 10 * year - 20_000 + len(company)
    return (
        f"{company} annual report {year}. The chief executive is {chief}. The seat is {town}.",
        f"In {year} the revenue of {company} was {base}.4 million euros.",
        f"Capital expenditure of {company} in {year} came to {base - 170} million euros.",
        f"For {year} {company} pays a dividend of {base % 9 + 1} cents a share.",
        f"At the end of {year} {company} had {base * 7} employees.",
        f"The accounts of {company} for {year} were audited by Quill & Marsh.",
    )


def _building(name, built, size, architect, material, use):
    return (
        f"The {name} was built in {built}.",
        f"The {name} measures {size}.",
        f"{architect} was the architect of the {name}. {architect} was born in Trieste.",
        f"The {name} is made of {material}. It was cleaned twice.",
        f"Today the {name} serves {use}.",
    )


def _machine(name, service, fault, pressure, warranty):
    return (
        f"{name}: the filter is cleaned {service}.",
        f"{name}: when the motor does not start, the reason is often {fault}.",
        f"{name}: the highest pressure is {pressure}.",
        f"{name}: the warranty lasts {warranty}.",
    )


def _talks() -> list[Talk]:
    """In the file: question, answer, second question, = what it means, @ document and page."""
    text = Path(__file__).with_name("dialogues.txt").read_text(encoding="utf-8")
    found = []
    for lines in (block.split("\n") for block in text.strip().split("\n\n")):
        question, answer, then, whole, place = lines
        document, page = place.removeprefix("@ ").rsplit(" ", 1)
        answer = answer.replace("\\n", "\n")
        found.append(Talk(question, answer, then, whole.removeprefix("= "), document, int(page)))
    return found


TALKS = _talks()
