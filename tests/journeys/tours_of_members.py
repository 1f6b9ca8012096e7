"""Tours of the office's pages on its members: looked for, added, corrected, helped."""

from .members import BIRTH_DATE
from .moves import press, sign_in
from .tours_of_wishes import LONG, fill, opened

MEMBERS = "/association/adherents"
HELP = "/association/aide-aux-adherents"


def members(page, site):
    sign_in(page, site.accounts["office"])
    opened(page, MEMBERS)
    yield "members"
    opened(page, f"{MEMBERS}?q=personne-ne-s-appelle-ainsi")
    yield "members, nobody found"
    opened(page, f"{MEMBERS}/ajout")
    press(page, "Créer son espace")
    yield "a member added, nothing typed"
    for given_names in ("Rose", "Pierre"):
        opened(page, f"{MEMBERS}/ajout")
        fill(page, Nom_de_naissance=LONG[:60], Prénoms_de_naissance=given_names)
        fill(page, Date_de_naissance="12/03/1970")
        page.get_by_label("Pas connu").check()
        press(page, "Créer son espace")
        yield f"a member added: {given_names}"
    page.get_by_role("link", name="Rose").click()
    yield "a member"
    page.get_by_role("link", name="Corriger sa fiche").click()
    yield "a member, to correct"


def helping(page, site):
    newcomer = site.newcomer()
    sign_in(page, site.accounts["office"])
    opened(page, HELP)
    press(page, "Chercher cette personne")
    yield "helping, nothing typed"
    page.get_by_label("Numéro d'adhérent").fill(newcomer.number)
    press(page, "Chercher cette personne")
    yield "helping someone"
    press(page, "Envoyer un nouveau code par e-mail")
    yield "helping someone, a code sent"
    page.get_by_role("link", name="Donner un code au guichet").click()
    press(page, "J'ai vérifié, montrer le code")
    yield "a code at the desk, nothing typed"
    page.get_by_label("Passeport").check()
    fill(page, Date_de_naissance=f"{BIRTH_DATE:%d/%m/%Y}")
    press(page, "J'ai vérifié, montrer le code")
    yield "a code at the desk"


ALL = (members, helping)
