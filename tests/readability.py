"""`python -m tests.readability`: how easily each page and letter of « Entourage et volontés »
reads, in French (Kandel and Moles's version of Flesch's formula)."""

import re
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import textstat
from bs4 import BeautifulSoup

from app import create_app
from models import access, clock, designation, directive, instance, signing
from models.access import Role
from models.account import Account
from models.contact import Contact
from models.record import Record
from models.reference.directives import FORMS, Model
from models.settings import Settings
from models.signing import Protection

from .client import Visitor
from .world import PASSWORD, World, enrolled, make_holder

EASY = 60
LONGEST_SENTENCE = 19
SECTION = "/espaces/{}/entourage-et-volontes"
BLOCKS = "h1, h2, h3, p, li, dt, dd, label, legend, button, summary"
# What people are, have or wrote themselves. A value of a list is a name, a date or an address.
THEIRS = ".text, dd, option, textarea, .card, [hidden]"
DAY = re.compile(r"\b(1er|\d{1,2}) \w+ (19|20)\d\d\b|\b\d\d/\d\d/\d{4}\b")
NUMBER = re.compile(r"\+?\d[\d ]{8,}\d|\b[LR]\d{4}-\d+\b")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")


@dataclass(frozen=True)
class Reading:
    ease: float
    words: int
    longest: str

    @property
    def longest_words(self) -> int:
        return _words(self.longest)


def reading(blocks: list[str]) -> Reading:
    """Of sentences, whatever ends them: a title is one."""
    textstat.set_lang("fr")
    ended = [block if block[-1] in ".!?…" else f"{block}." for block in blocks]
    sentences = [one for block in ended for one in re.split(r"(?<=[.!?…])\s+", block)]
    text = " ".join(ended)
    ease = textstat.flesch_reading_ease(text)
    return Reading(ease, _words(text), max(sentences, key=_words))


def all_of(app) -> dict[str, Reading]:
    """Each page and letter of the section, in the states that have words of their own."""
    world = World()
    visitor = Visitor(app)
    visitor.sign_in("alice@exemple.invalid", PASSWORD)
    found = {name: _page(visitor, address) for name, address in _empty(world)}
    found |= {name: _page(visitor, address) for name, address in _filled(world)}
    found |= {name: _page(visitor, address) for name, address in _of_a_child(world)}
    found["answer of the trusted person"] = _page(visitor, _asked(world))
    return {name: reading(blocks) for name, blocks in (found | _letters()).items()}


def _empty(world):
    here = SECTION.format(world.record("alice").uid)
    for name in ("", "/personne-de-confiance", "/directives", "/organes", "/lecteurs"):
        yield f"empty{name}", here + name
    for name in ("/pour-ceux-qui-me-soignent", "/carte", "/personnes", "/personnes/ajout"):
        yield f"empty{name}", here + name
    for name in ("situation", "choix"):
        yield f"trusted person, {name}", f"{here}/personne-de-confiance/{name}"
        designation.begin(world.access("alice"), Protection.NONE, witnessed=False)
    for name in ("formulaire", "papier", "ailleurs"):
        yield f"directives, {name}", f"{here}/directives/{name}"


def _filled(world):
    here, today = SECTION.format(world.record("alice").uid), clock.today()
    for days in (400, 300, 200):
        one = world.designation(today - timedelta(days=days))
        world.directive(today - timedelta(days=days))
    yield "trusted person, valid", f"{here}/personne-de-confiance/{one.uid}"
    yield "revoke her", f"{here}/personne-de-confiance/{one.uid}/revocation"
    yield "announce to her", f"{here}/personne-de-confiance/{one.uid}/annonce"
    yield "valid/personne-de-confiance", f"{here}/personne-de-confiance"
    yield "valid/directives", f"{here}/directives"
    yield "care, all said", f"{here}/pour-ceux-qui-me-soignent"
    yield "card, all said", f"{here}/carte"
    yield from _revoked(world, here, one)
    yield from _to_sign(world, here)
    yield from _questions(world, here)


def _revoked(world, here, named):
    holder = world.access("alice")
    written = directive.history(holder)
    for one, noun in ((named, "personne-de-confiance"), (written[0], "directives")):
        yield f"{noun}, revoke?", f"{here}/{noun}/{one.uid}/revocation"
        signing.revoke(holder, one, clock.today())
        yield f"{noun}, sheet of revocation", f"{here}/{noun}/{one.uid}/revocation/feuille"
    yield "directives, revoked", f"{here}/directives/{written[0].uid}"
    yield "directives, replaced", f"{here}/directives/{written[1].uid}"
    yield "revoked/personne-de-confiance", f"{here}/personne-de-confiance"
    yield "wishes, revoked", here


def _to_sign(world, here):
    """Of a protected adult who cannot write: the sheets say the most."""
    holder, one = world.access("alice"), world.designation(protection=Protection.REPRESENTED)
    one.witnessed = True
    one.save()
    path = f"{here}/personne-de-confiance/{one.uid}"
    yield "trusted person, to sign", path
    yield "trusted person, to check", f"{path}/preparation"
    for name in ("feuille", "signature", "abandon"):
        yield f"trusted person, {name}", f"{path}/{name}"
    yield "a person", f"{here}/personnes/{one.contact.uid}"
    yield "people", f"{here}/personnes"
    written = directive.begin(holder, Model.HEALTH)
    directive.answer(holder, written, "valeurs", "", "La mer.")
    path = f"{here}/directives/{written.uid}"
    yield "directives, to read again", f"{path}/relecture"
    directive.finish(holder, written, "Rennes, France", Protection.REPRESENTED, witnessed=True)
    yield "directives, to sign", path
    for name in ("feuille", "signature", "abandon"):
        yield f"directives, {name}", f"{path}/{name}"
    yield "wishes, to sign", here
    yield "to sign/directives", f"{here}/directives"


def _questions(world, here):
    holder = world.access("alice")
    for model in (Model.HEALTH, Model.ILLNESS):
        one = directive.begin(holder, model)
        for question in FORMS[model].questions:
            path = f"{here}/directives/{one.uid}/questions?question={question.code}"
            yield f"question {model}, {question.code}", path


def _of_a_child(world):
    made = enrolled("child", birth_date="2018-01-31").record
    access.grant(world.account("alice"), made, Role.REPRESENTATIVE)
    here = SECTION.format(made.uid)
    for name in ("", "/personne-de-confiance", "/directives", "/organes"):
        yield f"of a child{name}", here + name


def _asked(world):
    holder = world.access("alice")
    one = signing.in_preparation(designation.history(holder))
    links = []
    designation.tell(holder, one, "paule@exemple.invalid", lambda token: links.append(token) or "")
    return f"/personne-de-confiance/{links[0]}"


def _letters():
    letters = {
        "letter to the trusted person": designation.LETTER.format(name="Anne", address=""),
        "letter of her answer": designation.ANSWERED,
        "letter to read again": directive.REMINDER,
    }
    return {
        name: [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
        for name, text in letters.items()
    }


def _page(visitor, address):
    page = visitor.get(address)
    main = BeautifulSoup(page.html, "html.parser").main
    for theirs in main.select(THEIRS):
        theirs.decompose()
    leaves = [one for one in main.select(BLOCKS) if not one.select(BLOCKS)]
    return [text for one in leaves if re.search(r"\w", text := _ours(one))]


def _ours(block):
    """Its words; a name, a day or a number counts as one short word."""
    for inside in block.select(".tag"):
        inside.append(".")
    for line in block.select("br"):
        line.replace_with(" ")
    text = " ".join(block.get_text().split())
    for name in _names():
        text = re.sub(rf"\b{re.escape(name)}\b", "Anne", text)
    for pattern, word in ((DAY, "hier"), (NUMBER, "deux"), (ADDRESS, "ici")):
        text = pattern.sub(word, text)
    return text


def _names():
    found = {record.name for record in Record.select()}
    found |= {one.name for one in Contact.select()} | {one.given_name for one in Contact.select()}
    found |= {account.name for account in Account.select()}
    return sorted(found, key=len, reverse=True)


def _words(sentence):
    """« l'espace » is one, as textstat counts."""
    return len(re.findall(r"\w[\w'’-]*", sentence))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder) / "instance")
        instance.create(settings)
        instance.open_instance(settings)
        make_holder("alice")
        readings = all_of(create_app(settings))
    for name, one in sorted(readings.items(), key=lambda pair: pair[1].ease):
        print(
            f"{one.ease:6.1f}  {one.words:4} words, longest sentence {one.longest_words:2}  {name}"
        )


if __name__ == "__main__":
    main()
