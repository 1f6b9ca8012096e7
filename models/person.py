"""What is said of a person around the holder, as it was typed, and how it is kept."""

from dataclasses import dataclass
from datetime import date

from . import clock, phone
from .account import canonical, is_email
from .record import years
from .reference.links import LINKS, OTHER
from .refusal import Refusal
from .words import tidy, tidy_lines

LONGEST_NAME = 100
LONGEST_ADDRESS = 500
OLDEST_AGE = 130


@dataclass(frozen=True)
class Told:
    given_name: str = ""
    family_name: str = ""
    link: str = ""
    link_words: str = ""
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    postal_address: str = ""
    birth_date: date | None = None
    called: bool = False
    carer: bool = False
    parent: bool = False

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        if self.called and not tidy(self.phone):
            raise Refusal("Pour prévenir cette personne, il faut son téléphone.", "phone")
        return {
            "given_name": checked_given_name(self.given_name),
            "family_name": checked_family_name(self.family_name),
            "link": checked_link(self.link),
            "link_words": _link_words(self.link, self.link_words),
            "phone": phone.understood(self.phone),
            "other_phone": phone.understood(self.other_phone, "other_phone"),
            "email": checked_email(self.email),
            "postal_address": checked_address(self.postal_address),
            "birth_date": checked_birth_date(self.birth_date),
            "carer": self.carer,
            "parent": self.parent,
        }


def checked_given_name(text: str | None) -> str:
    return _name(text, "given_name", "son prénom")


def checked_family_name(text: str | None) -> str:
    return _name(text, "family_name", "son nom")


def checked_full_name(text: str | None) -> str:
    """Of whoever fills in the form, in one line."""
    return _name(text, "name", "votre prénom et votre nom")


def _name(text, field, what):
    name = tidy(text or "")
    if not name:
        raise Refusal(f"Écrivez {what}.", field)
    if len(name) > LONGEST_NAME:
        raise Refusal(f"C'est trop long : {LONGEST_NAME} lettres au plus.", field)
    return name


def checked_link(link: str | None) -> str:
    if link not in LINKS:
        raise Refusal("Choisissez votre lien avec cette personne.", "link")
    return link


def _link_words(link, words):
    words = tidy(words)
    if link != OTHER:
        return ""
    if not words:
        raise Refusal("Dites ce lien avec vos mots, par exemple « ma marraine ».", "link_words")
    if len(words) > LONGEST_NAME:
        raise Refusal(f"C'est trop long : {LONGEST_NAME} lettres au plus.", "link_words")
    return words


def checked_email(text: str | None) -> str:
    email = canonical(text or "")
    if email and not is_email(email):
        raise Refusal("Cette adresse e-mail n'est pas complète. Exemple : nom@exemple.fr.", "email")
    return email


def checked_address(text: str | None) -> str:
    address = tidy_lines(text or "")
    if len(address) > LONGEST_ADDRESS:
        raise Refusal(f"C'est trop long : {LONGEST_ADDRESS} lettres au plus.", "postal_address")
    return address


def checked_birth_date(born: date | None) -> date | None:
    if born and born > clock.today():
        raise Refusal("Cette date est dans le futur. Vérifiez l'année.", "birth_date")
    if born and years(born, clock.today()) > OLDEST_AGE:
        raise Refusal("Cette date est trop ancienne. Vérifiez l'année.", "birth_date")
    return born
