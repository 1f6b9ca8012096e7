"""A tour of the lists of members: sent in, told column by column, looked at, made."""

from .moves import follow, press, sign_in
from .tours_of_wishes import LONG, opened

PATH = "/association/adherents/listes"
LIST = f"""Liste des adhérents
N° adhérent;Nom;Prénom(s);Né(e) le;Civilité;Courriel;NIR;Remarque
;{LONG[:60]};Zoé;06/05/2010;Mme;;2 10 05 35 238 123 45;aucune
;{LONG[:60]};Léa;06/05/2010;Mme;;;
;Fictif-de-Liste;Paul;29/02/2023;M.;;;
"""


def sending_a_list(page, site):
    sign_in(page, site.accounts["office"])
    opened(page, PATH)
    yield "lists"
    opened(page, f"{PATH}/nouvelle")
    press(page, "Lire cette liste")
    yield "a list, no file chosen"
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("Fichier de la liste").set_input_files(file)
    press(page, "Lire cette liste")
    yield "a list, its columns"
    page.get_by_label("Civilité").select_option("Ne pas lire")
    press(page, "Voir ce qui sera créé")
    yield "a list, a column missing"
    page.get_by_label("Civilité").select_option("Sexe ou civilité")
    press(page, "Voir ce qui sera créé")
    yield "a list, what will be made"
    follow(page, "Refusées")
    yield "a list, what is refused"
    follow(page, "À vous demander")
    yield "a list, what is asked"
    press(page, "Ce sont toutes d'autres personnes")
    yield "a list, answered"
    press(page, "Créer les 2 espaces")
    yield "a list, made"
    opened(page, PATH)
    yield "lists, one of them done"


ALL = (sending_a_list,)
