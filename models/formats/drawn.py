"""The page of a document that software wrote: of whom and by whom it is, then what it says."""

import json
from dataclasses import dataclass, replace

from models.formats import kinds, narrative
from models.formats.naming import capitalised, in_words
from models.formats.speech import send_part, send_text
from models.header import Header

LONG = "Ce document est très long : la page qui le montre n'a que le début."
BORN = {"F": "Née le", "M": "Né le"}


@dataclass(frozen=True)
class About:
    """What is said on top. `authors`: all of them, with what each is; `keeper`: the custodian."""

    header: Header
    authors: tuple[str, ...] = ()
    keeper: str = ""

    def facts(self) -> list[dict]:
        header, person = self.header, self.header.person
        keeper = "" if self.keeper == header.organisation else self.keeper
        return narrative.facts(
            [
                ("Personne", name_of(person)),
                (BORN.get(person.sex, "Date de naissance"), in_words(person.birth_date)),
                ("Document du", in_words(header.dated)),
                ("Écrit par", " ; ".join(self.authors or (header.author,))),
                ("Établissement", header.organisation),
                ("Conservé par", keeper),
            ]
        )


def send_page(about: About, told: list[dict], whole: bool = True) -> None:
    """And its text, for the search."""
    page = about.facts() + told
    if not whole:
        page.append(narrative.paragraph(narrative.CUT))
    data = json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    send_part(data, role="page", name="", media_type=kinds.JSON)
    send_text(narrative.text(page))


def name_of(person) -> str:
    """As she is called, then as she was born where that is another name."""
    given = person.used_given_name or person.birth_given_names
    used, birth = capitalised(person.used_name), capitalised(person.birth_name)
    name = " ".join(filter(None, (capitalised(given), used or birth)))
    return f"{name} (nom de naissance : {birth})" if used and birth and used != birth else name


def warned(header: Header, sentences: list[str]) -> Header:
    told = (*header.warnings, *sentences)
    return replace(header, warnings=tuple(dict.fromkeys(told)))
