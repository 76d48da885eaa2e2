"""A corpus with known answers, made from templates: as large as wanted, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case, Evidence

_SEED = 20240229
_SYLLABLES = (
    "ba bor cal den dra el fen gar hal is jor kel lum mar nor or pel quin ros sol tam ul ven wes yor zel".split()
)
_FIRST = "Ada Ben Clara David Edith Frank Greta Hugo Iris Jonas Karin Leo Mona Nils Olga Rosa Tilda Viktor".split()
_CITIES = "Aberdeen Bergen Cardiff Dresden Eindhoven Florence Ghent Hamburg Innsbruck Jena Krakow Leeds".split()
_PRODUCTS = (
    "ferry engines;garden tools;piano strings;sailcloth;tunnel drills;weather balloons;wind vanes;clock parts".split(
        ";"
    )
)
_FILLERS = (
    "The company keeps a small archive of letters, drawings and ledgers, which is open to visitors in summer.",
    "Most of the work is done by hand, and apprentices stay for four years before they sign a piece.",
    "A fire in the drying shed was put out within the hour, and nobody was hurt.",
    "Neighbours know the yard for its whistle, which is blown at noon on every working day.",
    "The paint is mixed on the premises from pigments that a family of millers has ground for generations.",
    "Visitors are shown the long hall first, then the store, and at last the office under the roof.",
)
# (question, sentence, answer), each filled from one company's facts.
_FACTS = (
    ("Who founded {name}?", "{name} was founded by {founder}.", "{founder}"),
    ("In which year did {name} open its first yard?", "{name} opened its first yard in {year}.", "{year}"),
    ("In which city is the head office of {name}?", "The head office of {name} is in {city}.", "{city}"),
    ("What does {name} make?", "{name} makes {product}.", "{product}"),
    ("Who leads {name} today?", "Today {name} is led by {chief}.", "{chief}"),
    ("How many people does {name} employ?", "{name} employs {staff} people.", "{staff}"),
    ("How much did {name} earn in 2019?", "In 2019 {name} earned ${earned} million.", "${earned} million"),
    ("Which company did {name} buy?", "{name} bought the company {bought}.", "{bought}"),
    ("How much did {name} pay for {bought}?", "{name} paid ${paid} million for {bought}.", "${paid} million"),
)
_UNKNOWN = "Which orchestra did {name} sponsor in 1998?"
CASES_A_DOCUMENT = len(_FACTS) + 1


@dataclass(frozen=True, slots=True)
class Material:
    """What a suite is run on: document texts by document id, and cases about them."""

    documents: dict[str, str]
    cases: tuple[Case, ...]


def synthetic(cases: int) -> Material:
    """Give so many cases, nine in ten of which the documents answer, ten about each document of some 500 words."""
    chance = random.Random(_SEED)
    names = _names(chance, 2 * -(-cases // CASES_A_DOCUMENT))
    documents, made = {}, list[Case]()
    while len(made) < cases:
        name, bought = names.pop(), names.pop()
        document = f"{name.lower().replace(' ', '-')}.txt"
        text, about = _company(chance, name, bought, document)
        documents[document] = text
        made += about
    return Material(documents, tuple(made[:cases]))


def _company(chance: random.Random, name: str, bought: str, document: str) -> tuple[str, list[Case]]:
    """Give a document's text and its cases; each fact stands once, between sentences that answer nothing."""
    facts = {
        "name": name,
        "bought": bought,
        "founder": _person(chance),
        "chief": _person(chance),
        "year": str(chance.randint(1850, 1990)),
        "city": chance.choice(_CITIES),
        "product": chance.choice(_PRODUCTS),
        "staff": str(chance.randint(20, 990)),
        "earned": f"{chance.randint(11, 99)}.{chance.randint(1, 9)}",
        "paid": f"{chance.randint(2, 9)}.{chance.randint(1, 9)}",
    }
    text, cases = f"{name}\n\n", []
    for number in chance.sample(range(len(_FACTS)), len(_FACTS)):
        question, sentence, answer = (part.format(**facts) for part in _FACTS[number])
        start = len(text)
        text += f"{sentence} {' '.join(chance.sample(_FILLERS, 3))}\n\n"
        evidence = Evidence(document=document, quote=sentence, start=start, end=start + len(sentence))
        cases.append(Case(id=f"{document}-{number}", question=question, answers=(answer,), evidence=(evidence,)))
    cases.append(Case(id=f"{document}-unknown", question=_UNKNOWN.format(**facts), answerable=False))
    return text, cases


def _names(chance: random.Random, most: int) -> list[str]:
    """Give different names of companies, such as "Kelvenbor Works"."""
    names: dict[str, None] = {}
    while len(names) < most:
        word = "".join(chance.sample(_SYLLABLES, 3)).capitalize()
        names[f"{word} {chance.choice(('Works', 'Yard', 'Mills', 'Foundry'))}"] = None
    return list(names)


def _person(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {_surname(chance, _SYLLABLES)}"


def _surname(chance: random.Random, syllables: Sequence[str]) -> str:
    return "".join(chance.sample(syllables, 2)).capitalize() + "sen"
