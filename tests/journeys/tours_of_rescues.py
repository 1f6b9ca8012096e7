"""Tours of what gives an account back to whoever lost everything, and of a change of address."""

from .moves import come_in, follow, give_code, mailed_code, press, sign_in
from .tours_of_wishes import fill, opened

RESCUES = "/association/comptes-a-rendre"
ADDRESS = "/compte/adresse"
SENT = "Votre code pour confirmer cette adresse"


def giving_back(page, site):
    office = site.accounts["office"]
    sign_in(page, office)
    opened(page, RESCUES)
    yield "accounts to give back"
    opened(page, f"{RESCUES}/demande")
    if "/connexion/code" in page.url:  # signed in long ago
        give_code(page, office, "Continuer")
    press(page, "J'ai vérifié, demander la suite")
    yield "an account to give back, nothing typed"
    page.get_by_label("Passeport").check()
    fill(page, Prénom_et_nom="Hélène Exemple-Fictive")
    page.get_by_label("Adresse e-mail du compte").fill(site.accounts["carer"]["email"])
    press(page, "J'ai vérifié, demander la suite")
    yield "an account to give back, seen once"
    press(page, "Arrêter, ne rien changer")
    yield "an account to give back, stopped"
    opened(page, "/retour/jamais-parti")
    yield "a link that stops nothing"


def moving_address(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, ADDRESS)
    yield "my address"
    follow(page, "Changer d'adresse e-mail")
    if "/connexion/code" in page.url:
        give_code(page, {"email": member.email}, "Continuer")
    press(page, "Recevoir un code")
    yield "another address, nothing typed"
    new = f"neuve.{member.email}"
    page.get_by_label("Nouvelle adresse e-mail").fill(new)
    press(page, "Recevoir un code")
    yield "another address, the code"
    page.get_by_label("Code", exact=True).fill(mailed_code(page, new, SENT))
    press(page, "Confirmer cette adresse")
    yield "another address, done"
    opened(page, "/adresse/jamais-partie")
    yield "a change that nothing undoes"


ALL = (giving_back, moving_address)
