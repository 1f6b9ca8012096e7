"""The words of the notice: what the law wants is there, and anyone can read it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import clock
from models.record import Record
from models.sheet import Heading, Paragraph, Points, Scan
from models.sheets import telling
from models.telling import What
from models.words import day

from .. import readability
from ..world import SENDER

CODE = "ACDEFGHJKMNP"
LAST = clock.today() + timedelta(days=40)
TOLD = clock.now() - timedelta(days=20)
STATES = {
    "waiting": {},
    "told": {"told_at": TOLD},
    "open": {"told_at": TOLD, "opened_at": clock.now()},
}


def her(**told):
    known = {"birth_name": "Exemple", "birth_given_names": "Odette", "sex": "F"}
    known |= {"member_number": "A-12", "birth_date": date(1951, 3, 14)}
    return Record(**known | told)


def child(**told):
    return her(birth_given_names="Zoé", birth_date=date(2020, 1, 1), **told)


def said(record, what=What.SPACE, last=LAST, sender=SENDER, until=None):
    return " ".join(telling.plain(telling.sheet(record, CODE, sender, what, last, until)).split())


@pytest.mark.parametrize("make", (her, child))
def test_it_says_what_the_law_wants(make):
    words = said(make())
    for needed in (
        *("Association Fictive prépare", "espace de santé", "gratuit", "Mon espace santé"),
        *(f"opposer à cet espace jusqu'au {day(LAST)}", "pas à dire pourquoi"),
        *(f"s'ouvrira de lui-même le {day(LAST + timedelta(days=1))}", "ACDE FGHJ KMNP"),
        *(SENDER.activation, SENDER.objection, SENDER.contact, "date de naissance"),
        *("cinq minutes", "liste des adhérents", "Qui pourra le lire", "dix ans", "effacé"),
        *("article 6,\u00a01,\u00a0f", "Vos droits", "corriger", "CNIL", "/confidentialite"),
        *("A-12", "Plus tard aussi", "changer d'avis", "votre accord"),
    ):
        assert needed.replace("\u00a0", " ") in words.replace("\u00a0", " "), needed


def test_a_child_s_is_for_whoever_represents_her():
    words = said(child())
    assert words.startswith("Aux parents ou représentants légaux de Zoé Exemple")
    assert "devant la loi" in words and "18 ans" in words and "Bonjour Zoé" not in words
    assert telling.subject(child(), What.SPACE) == "Un espace de santé attend Zoé Exemple"
    assert "parent" not in said(her())


@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("make", (her, child))
def test_anyone_can_read_it(make, state, what):
    record = make(**STATES[state])
    blocks = telling.sheet(record, CODE, SENDER, what, LAST).blocks
    found = readability.reading([ours(text, record) for text in written(blocks)])
    assert found.ease >= readability.EASY
    assert found.longest_words <= readability.LONGEST_SENTENCE, found.longest


@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("make", (her, child))
def test_its_lines_are_short_and_its_addresses_whole(make, what):
    far = "https://sante.association-fictive-des-patients-de-bretagne-et-d-ailleurs.example"
    sender = replace(SENDER, address=far, activation=f"{far}/activation")
    lines = telling.plain(telling.sheet(make(), CODE, sender, what, LAST)).splitlines()
    assert f"{far}/activation" in {line.rpartition(" ")[2] for line in lines}
    assert all(len(line) <= 76 or far in line for line in lines)


def test_a_heading_stays_with_what_it_announces():
    text = telling.plain(telling.sheet(her(), CODE, SENDER, What.SPACE, LAST))
    assert "\n\nPour l'activer\nIl faut cinq minutes" in text


def test_a_reminder_is_shorter_and_says_when_she_was_told():
    words = said(her(told_at=TOLD), What.REMINDER)
    assert len(words) < len(said(her())) / 2
    assert f"vous a écrit le {day(TOLD.astimezone(clock.PARIS).date())}" in words
    assert (
        "remplace" in words and f"s'ouvrira de lui-même le {day(LAST + timedelta(days=1))}" in words
    )


def test_once_open_it_says_how_to_close():
    words = said(her(told_at=TOLD, opened_at=clock.now()), What.REMINDER)
    assert "est ouvert" in words and "s'ouvrira" not in words and "le fermer" in words


def test_another_code_says_until_when_to_object_as_she_was_told():
    record = her(told_at=TOLD, opens_at=clock.midnight(LAST + timedelta(days=1)))
    assert f"jusqu'au {day(LAST)}" in said(record, What.CODE, last=None)


def test_the_last_day_of_the_code_may_be_another():
    until = clock.today() + timedelta(days=99)
    assert f"Dernier jour : {day(until)}" in said(her(), until=until)
    assert day(clock.today() + timedelta(days=SENDER.code_days)) in said(her(), last=None)


def test_what_is_not_set_is_said_otherwise():
    words = said(her(), sender=replace(SENDER, publisher="", contact=""))
    assert "Votre association prépare" in words and "Demandez à votre association." in words


def test_braces_in_a_name_are_a_name():
    words = said(her(birth_name="{code}"), sender=replace(SENDER, contact="{name}"))
    assert "Odette {code}" in words and "{name}" in words


def test_the_picture_holds_the_address_and_nothing_of_hers():
    (scan,) = (
        one
        for one in telling.sheet(her(), CODE, SENDER, What.SPACE, LAST).blocks
        if isinstance(one, Scan)
    )
    assert scan.link == SENDER.activation


def written(blocks):
    for one in blocks:
        if isinstance(one, Heading | Paragraph):
            yield one.text
        if isinstance(one, Points):
            yield from one.items


def ours(text, record):
    for theirs in (record.name, SENDER.publisher):
        text = text.replace(theirs, "Anne")
    for pattern, word in (
        (readability.DAY, "hier"),
        (readability.NUMBER, "deux"),
        (readability.ADDRESS, "ici"),
    ):
        text = pattern.sub(word, text)
    return text
