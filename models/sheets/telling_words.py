"""The words of the notice. What it must say: R1111-28 of the Code de la santé publique, taken as
the model, and articles 13 and 14 of the RGPD. Two voices: to the person, and to whoever represents
a child."""

from dataclasses import dataclass

SOMEONE = "Votre association"
NO_CONTACT = "Demandez à votre association."
HELP = (
    ("Qui vous écrit", "{by}"),
    ("Nous joindre", "{contact}"),
    ("Numéro d'adhérent", "{number}"),
)
KEY = (("Adresse", "{activation}"), ("Code", "{code}"), ("Dernier jour", "{until}"))
STATE = "Ce n'est pas « Mon espace santé », le service de l'État."
REPLACES = "Le code de ce courrier remplace celui du précédent."
CODE = (
    "Le code sert une seule fois. Ne le donnez à personne. Il est perdu, ou trop ancien ? "
    "Demandez-en un autre, sur cette page ou à l'association."
)
WAYS = (
    "En ligne, avec le code et la date de naissance : {objection}",
    "En le disant à l'association. {contact}",
)
RIGHTS = (
    "Vous pouvez demander à voir ces données. Vous pouvez les faire corriger, geler ou effacer, et "
    "les emporter. Écrivez à l'association : c'est gratuit, et elle répond en un mois.",
    "La réponse ne vous va pas ? Vous pouvez vous plaindre à la CNIL, qui protège les données en "
    "France. Son site : cnil.fr. Son adresse : 3 place de Fontenoy, TSA 80715, 75334 Paris CEDEX "
    "07.",
    "Tout est expliqué sur cette page : {privacy}",
)
SERVER = "La personne qui tient le serveur garde la clé, mais n'a pas le droit de lire."


@dataclass(frozen=True)
class Voice:
    subjects: dict[str, str]
    hello: str
    to: str
    made: str
    what_for: str
    held: str
    told_before: str
    new_code: str
    choices: tuple[str, str, str]
    opens: str
    is_open: str
    five_minutes: str
    then: str
    refuse: str
    trace: str
    later: str
    close: str
    holds: tuple[str, str]
    readers: str
    lasts: tuple[str, ...]
    ground: tuple[str, str]
    help: str


HERS = Voice(
    subjects={
        "space": "Un espace de santé vous attend",
        "reminder": "Votre espace de santé vous attend toujours",
        "code": "Votre nouveau code d'activation",
    },
    hello="Bonjour {name},",
    to="",
    made="{by} prépare pour vous un espace de santé, sur le site {site}. Il est gratuit.",
    what_for=(
        "Il sert à garder vos papiers de santé au même endroit. Vous les rangez, vous les cachez, "
        "vous les montrez à qui vous voulez. Rien ne vous y oblige : vos soins n'en dépendent pas."
    ),
    held="",
    told_before="{by} vous a écrit le {told} : un espace de santé est prêt pour vous.",
    new_code="Voici un nouveau code pour activer votre espace de santé. Il remplace le précédent.",
    choices=(
        "L'activer : vous pouvez vous en servir tout de suite.",
        "Dire non jusqu'au {last} : il ne sera pas ouvert.",
        "Ne rien faire : il s'ouvrira de lui-même le {opens}. Personne n'y entre avant vous.",
    ),
    opens="Sans réponse de votre part, il s'ouvrira de lui-même le {opens}.",
    is_open="Votre espace est ouvert. Tant que vous ne l'activez pas, personne n'y entre.",
    five_minutes="Il faut cinq minutes, votre date de naissance et ce code.",
    then="",
    refuse=(
        "Vous pouvez vous opposer à cet espace jusqu'au {last}. Vous n'avez pas à dire pourquoi. "
        "Il y a deux façons de le faire :"
    ),
    trace=(
        "Vous aurez un reçu. L'association garde seulement votre identité, votre numéro et votre "
        "choix : ainsi, l'espace n'est pas refait. Vous pourrez changer d'avis."
    ),
    later="Plus tard aussi, vous pourrez dire non : votre espace sera fermé.",
    close=(
        "Vous n'en voulez pas ? Vous pouvez le fermer à tout moment, sans dire pourquoi. Il y a "
        "deux façons de le faire :"
    ),
    holds=(
        "Au début : votre identité, vos adresses et votre numéro d'adhérent. Ils viennent de la "
        "liste des adhérents.",
        "Ensuite : ce que vous y mettez, et les documents que des soignants, un laboratoire ou un "
        "hôpital vous envoient.",
    ),
    readers=(
        "Vous. Puis les proches et les soignants que vous choisirez. En urgence, un soignant entre "
        "seulement si vous l'avez permis. Le bureau de l'association ne lit aucun document."
    ),
    lasts=(
        "Il dure tant que vous ne le fermez pas. En le fermant, vous choisirez. Soit tout est "
        "effacé. Soit tout reste dix ans sous clé : il faudra votre demande pour le rouvrir.",
        "Après un décès, il est fermé et gardé dix ans.",
    ),
    ground=(
        "L'association a intérêt à aider ses adhérents : c'est ce qui lui permet de préparer "
        "l'espace. La règle est l'article 6, 1, f du règlement européen sur les données. C'est "
        "pourquoi vous pouvez vous y opposer.",
        "En l'activant, vous donnez votre accord. Vous pourrez le reprendre à tout moment.",
    ),
    help="Quelqu'un vous représente devant la loi ? Montrez-lui ce courrier.",
)

A_CHILD_S = Voice(
    subjects={
        "space": "Un espace de santé attend {name}",
        "reminder": "L'espace de santé de {name} attend toujours",
        "code": "Un nouveau code d'activation pour {name}",
    },
    hello="Bonjour,",
    to="Aux parents ou représentants légaux de {name}",
    made="{by} prépare pour {name} un espace de santé, sur le site {site}. Il est gratuit.",
    what_for=(
        "Il sert à garder ses papiers de santé au même endroit. On les range, on les cache, on les "
        "montre à qui l'on veut. Rien n'y oblige : les soins n'en dépendent pas."
    ),
    held=(
        "Avant ses 18 ans, c'est un parent qui active cet espace et qui le tient. Ou c'est la "
        "personne qui représente l'enfant devant la loi. Parlez-en avec l'enfant."
    ),
    told_before="{by} vous a écrit le {told} : un espace de santé est prêt pour {name}.",
    new_code=(
        "Voici un nouveau code pour activer l'espace de santé de {name}. Il remplace le précédent."
    ),
    choices=(
        "L'activer : vous pouvez vous en servir tout de suite.",
        "Dire non jusqu'au {last} : il ne sera pas ouvert.",
        "Ne rien faire : il s'ouvrira de lui-même le {opens}. Personne n'y entre avant vous.",
    ),
    opens="Sans réponse de votre part, il s'ouvrira de lui-même le {opens}.",
    is_open="Cet espace est ouvert. Tant que vous ne l'activez pas, personne n'y entre.",
    five_minutes="Il faut cinq minutes, la date de naissance de l'enfant et ce code.",
    then="L'autre parent pourra être invité ensuite.",
    refuse=(
        "Vous pouvez vous opposer à cet espace jusqu'au {last}. Vous n'avez pas à dire pourquoi. "
        "Il y a deux façons de le faire :"
    ),
    trace=(
        "Vous aurez un reçu. L'association garde seulement son identité, son numéro et votre "
        "choix : ainsi, l'espace n'est pas refait. Vous pourrez changer d'avis."
    ),
    later="Plus tard aussi, vous pourrez dire non : cet espace sera fermé.",
    close=(
        "Vous n'en voulez pas ? Vous pouvez le fermer à tout moment, sans dire pourquoi. Il y a "
        "deux façons de le faire :"
    ),
    holds=(
        "Au début : l'identité de l'enfant, ses adresses et son numéro d'adhérent. Ils viennent de "
        "la liste des adhérents.",
        "Ensuite : ce que vous y mettez, et les documents que des soignants, un laboratoire ou un "
        "hôpital lui envoient.",
    ),
    readers=(
        "Vous, sauf ce que la loi permet à un enfant de garder pour lui. Puis les proches et les "
        "soignants que vous choisirez. En urgence, un soignant entre seulement si vous l'avez "
        "permis. Le bureau de l'association ne lit aucun document."
    ),
    lasts=(
        "Il dure tant que vous ne le fermez pas. En le fermant, vous choisirez. Soit tout est "
        "effacé. Soit tout reste dix ans sous clé : il faudra une demande pour le rouvrir.",
        "Le jour de ses 18 ans, votre accès prend fin. Après un décès, l'espace est fermé et gardé "
        "dix ans.",
    ),
    ground=(
        "L'association a intérêt à aider ses adhérents : c'est ce qui lui permet de préparer "
        "l'espace. La règle est l'article 6, 1, f du règlement européen sur les données. C'est "
        "pourquoi vous pouvez vous y opposer.",
        "En l'activant, vous donnez votre accord. Vous pourrez le reprendre à tout moment.",
    ),
    help="Une autre personne représente l'enfant devant la loi ? Donnez-lui ce courrier.",
)
