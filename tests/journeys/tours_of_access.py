"""Tours of « Qui peut entrer » for carers: invited, answering, let in, changed, shut out."""

import re

from .members import BLOOD, PASSWORD
from .moves import come_in, follow, press
from .tours_of_wishes import LEFTWARDS, LONG, fill, opened

WRONG = "AAAA AAAA"


def become(page, site, member=None):
    """Another person in the same browser; or nobody."""
    page.context.clear_cookies()
    if member:
        come_in(page, site, member)


def accesses_of(member):
    return f"/espaces/{member.uid}/acces"


def invite(page, member, name, email="", phone="", choice="ajouter"):
    """The code."""
    opened(page, f"{accesses_of(member)}/invitations/nouvelle?choix={choice}")
    fill(page, Son_prénom_et_son_nom=name, Ou_son_numéro_de_téléphone=phone)
    page.get_by_label("Qui est-ce pour moi ?").fill("une amie d'enfance")
    page.get_by_label("Son adresse e-mail").fill(email)
    page.get_by_label("6 mois").check()
    press(page, "Préparer l'invitation")
    return page.get_by_role("main").get_by_role("strong").inner_text()


def link_shown(page):
    return page.get_by_role("main").get_by_text(re.compile("^http.*/invitation/")).inner_text()


def inviting(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, f"/espaces/{member.uid}/dossiers")
    fill(page, Nom_du_dossier=LONG[:60])
    press(page, "Créer le dossier")
    opened(page, accesses_of(member))
    yield "who may enter, nobody"
    follow(page, "Donner accès à un proche")
    yield "inviting, the choice"
    follow(page, "Choisir « Tout gérer pour moi »")
    yield "inviting"
    press(page, "Préparer l'invitation")
    yield "inviting, nothing typed"
    fill(page, Ou_son_numéro_de_téléphone="12", Ce_jour="hier")
    page.get_by_label("Lire les documents").uncheck()
    page.get_by_label("Jusqu'à un jour que je choisis").check()
    press(page, "Préparer l'invitation")
    yield "inviting, all wrong"
    invite(page, member, LONG, "invite-tour@exemple.invalid")
    yield "an invitation, by e-mail"
    invite(page, member, LEFTWARDS, phone="06 39 98 00 11")
    yield "an invitation, by telephone"
    follow(page, "Laisser des documents de côté")
    yield "left out, nothing"
    page.get_by_label("Un mot du titre ou du texte").fill("zyx")
    press(page, "Chercher")
    yield "left out, nothing found"
    page.get_by_label("Un mot du titre ou du texte").fill(BLOOD)
    press(page, "Chercher")
    yield "left out, found"
    press(page, "Laisser de côté")
    yield "left out, one document"
    opened(page, accesses_of(member))
    yield "who may enter, invitations wait"
    follow(page, LONG)
    press(page, "Annuler cette invitation")
    yield "who may enter, one cancelled"


def answering(page, site):
    """Someone who has no account, then makes one, on the holder's telephone number only."""
    member = site.member()
    come_in(page, site, member)
    code = invite(page, member, "Zoé Inventée", phone="06 39 98 00 11", choice="gerer")
    waiting, link = page.url, link_shown(page)
    become(page, site)
    opened(page, link)
    yield "answering, the code"
    press(page, "Ouvrir l'invitation")
    yield "answering, nothing typed"
    fill(page, Le_code=WRONG)
    press(page, "Ouvrir l'invitation")
    yield "answering, a wrong code"
    fill(page, Le_code=code)
    press(page, "Ouvrir l'invitation")
    yield "answering"
    press(page, "Accepter, et créer mon compte")
    yield "answering, an account"
    page.get_by_label("Mon prénom et mon nom").fill("")
    press(page, "Créer mon compte et entrer")
    yield "answering, an account without a name"
    fill(page, Mon_prénom_et_mon_nom="Zoé Inventée", Mot_de_passe=PASSWORD)
    page.get_by_label("Mon adresse e-mail").fill(f"zoe-tour-{member.number}@exemple.invalid")
    press(page, "Créer mon compte et entrer")
    yield "let in, with a notice"
    for path, state in (
        ("/documents", "a carer's documents"),
        ("/dossiers", "a carer's folders"),
        ("/activite", "a carer's journal"),
        ("/entourage-et-volontes", "a carer's wishes"),
        ("/acces/mon-acces", "what I may do here"),
        ("/acces/mon-acces/fin", "giving it up"),
        ("/acces", "who may enter, to a carer"),
    ):
        opened(page, f"/espaces/{member.uid}{path}")
        yield state
    opened(page, "/invitation")
    yield "answering, nothing waits"
    become(page, site, member)
    opened(page, waiting)
    yield "an invitation, accepted"


def keeping(page, site):
    """The holder and her carer, who has a record of her own."""
    member, helper = site.member(), site.member()
    come_in(page, site, member)
    code = invite(page, member, helper.name, phone="06 39 98 00 11")
    link = link_shown(page)
    become(page, site, helper)
    opened(page, link)
    fill(page, Le_code=code)
    press(page, "Ouvrir l'invitation")
    yield "answering, signed in"
    press(page, "Accepter")
    yield "let in, with two records"
    opened(page, "/espaces")
    yield "my records, two"
    opened(page, f"/espaces/{member.uid}/documents")
    yield "a carer's documents, two records"

    become(page, site, member)
    opened(page, accesses_of(member))
    yield "who may enter, a carer"
    follow(page, helper.name)
    yield "a carer's access"
    follow(page, "Changer ce qu'elle peut faire")
    yield "a carer's rights"
    page.get_by_label("Lire les documents").uncheck()
    press(page, "Garder ces choix")
    yield "a carer's rights, refused"
    page.get_by_label("Ajouter des documents").uncheck()
    page.get_by_label("Lire « Entourage et volontés »").check()
    press(page, "Garder ces choix")
    yield "a carer's access, changed"
    become(page, site, helper)
    opened(page, f"/espaces/{member.uid}/")
    yield "a carer's home, without the documents"
    opened(page, f"/espaces/{member.uid}/documents")
    yield "documents, forbidden to a carer"

    become(page, site, member)
    opened(page, accesses_of(member))
    follow(page, helper.name)
    follow(page, "Mettre fin à cet accès")
    yield "a carer's access, ended?"
    press(page, "Mettre fin à cet accès")
    yield "who may enter, an access ended"
    become(page, site, helper)
    opened(page, f"/espaces/{member.uid}/documents")
    yield "an access that has ended"


ALL = (inviting, answering, keeping)
