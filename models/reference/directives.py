"""The questions of the guided form of « directives anticipées ».

Source: Code de la santé publique, L1111-11 and R1111-17 to 19 (form and life of the directives),
L1110-5-1 and L1110-5-2 (treatments that keep alive, sedation), R4127-37-3 (sedation when the
person cannot speak); legal content of models A and B of the arrêté of 3 August 2016. Read in
November 2026 and restated in our own plain words: no sentence comes from the official form.

Neutral on purpose: the same three answers in the same order everywhere, as much said of what an
act can bring as of what it can cost, examples in an order that changes from page to page.

Answers are kept under the code of their question, whatever the model: one code, one question."""

from dataclasses import dataclass
from enum import StrEnum

YES, NO, DEPENDS = "oui", "non", "cela-depend"
DEPENDS_WORDS = "Cela dépend, je l'explique avec mes mots."
# Offered for every question, beside its answers.
UNKNOWN = "ne-sais-pas"
UNKNOWN_WORDS = "Je ne sais pas encore."


class Model(StrEnum):
    """The two models of the law: a serious illness is known, or none is."""

    ILLNESS = "a"
    HEALTH = "b"


@dataclass(frozen=True)
class Question:
    code: str
    title: str
    explanation: tuple[str, ...]
    examples: tuple[str, ...]
    # The heading of the answer in the document.
    written: str
    # Value -> sentence, on the page and in the document; none when only one's own words will do.
    answers: dict[str, str]


@dataclass(frozen=True)
class Form:
    model: Model
    title: str
    for_whom: str
    questions: tuple[Question, ...]


def _choice(yes: str, no: str) -> dict[str, str]:
    return {YES: yes, NO: no, DEPENDS: DEPENDS_WORDS}


# What matters, in one's own words

ILLNESS = Question(
    code="maladie",
    title="Que savez-vous de votre maladie ?",
    explanation=(
        "Écrivez le nom de votre maladie. Dites avec vos mots ce que l'on vous a expliqué.",
        "Dites aussi ce que vous craignez, et ce que vous attendez des soins.",
        "Vous pouvez poser toutes vos questions à votre médecin. "
        "Vous pouvez aussi ne pas vouloir tout savoir.",
    ),
    examples=(
        "J'ai une maladie du cœur. On me suit à l'hôpital depuis cinq ans.",
        "Mon cancer est revenu. Je veux moins de soins, et plus de temps chez moi.",
        "Mon cancer est revenu. Je veux essayer tous les soins que l'on me propose.",
        "Je préfère ne pas tout savoir. Mon fils parle avec les médecins.",
        "J'ai peur d'avoir du mal à respirer.",
    ),
    written="Ma maladie",
    answers={},
)

COURSE = Question(
    code="evolution",
    title="Que voulez-vous si votre maladie avance ?",
    explanation=(
        "Une maladie grave peut faire perdre la parole ou la conscience. "
        "Cela peut durer un moment, ou pour toujours.",
        "Demandez à votre médecin ce qui peut vous arriver. "
        "Écrivez ce que vous voudriez dans chaque cas.",
        "On peut vouloir surtout gagner du temps. On peut vouloir surtout du confort. "
        "On peut aussi vouloir un peu des deux.",
    ),
    examples=(
        "Je veux gagner du temps, même quelques jours, même avec des soins difficiles.",
        "Je veux surtout du confort, même si ma vie est plus courte.",
        "Si une infection se soigne vite, je veux un traitement. Sinon, je veux rester chez moi.",
        "Si je perds conscience, je ne veux pas aller à l'hôpital.",
        "Si je perds conscience, je veux que l'on me conduise à l'hôpital.",
    ),
    written="Si ma maladie avance",
    answers={},
)

VALUES = Question(
    code="valeurs",
    title="Qu'est-ce qui compte le plus pour vous ?",
    explanation=(
        "Un jour, vous ne pourrez peut-être plus dire ce que vous voulez. "
        "Vos mots aideront alors les médecins et vos proches.",
        "Dites ce qui vous fait aimer la vie, ce qui vous fait peur, ce que vous croyez. "
        "Dites ce que vous pouvez accepter, et ce que vous ne pouvez pas.",
        "Cette réponse n'oblige pas les médecins. Elle les aide à comprendre vos autres réponses.",
    ),
    examples=(
        "Je veux vivre le plus longtemps possible, même avec une santé très fragile.",
        "Je ne veux pas vivre longtemps si je ne reconnais plus mes proches.",
        "Ma religion compte beaucoup dans mes choix.",
        "J'ai peur que l'on continue mes soins trop longtemps.",
        "J'ai peur que l'on arrête mes soins trop tôt.",
    ),
    written="Ce qui compte pour moi",
    answers={},
)

SITUATIONS = Question(
    code="situations",
    title="À quelles situations pensez-vous ?",
    explanation=(
        "Un accident grave peut arriver à tout âge. "
        "Une maladie peut toucher le cerveau d'un coup, ou peu à peu.",
        "Après cela, des personnes retrouvent une vie proche d'avant. "
        "D'autres gardent du mal à parler, à bouger ou à comprendre.",
        "Dites à quoi vous pensez. Dites ce que vous voudriez alors, ou ne voudriez pas.",
    ),
    examples=(
        "Après un accident, je veux que l'on attende plusieurs semaines avant de choisir.",
        "Si je perds la mémoire, je ne veux plus de soins pour vivre plus longtemps.",
        "Si je perds la mémoire, je veux les mêmes soins qu'aujourd'hui.",
        "Même si je dépends des autres pour tout, je veux vivre.",
        "Si je dépends des autres pour tout, je ne veux pas que l'on prolonge ma vie.",
    ),
    written="Les situations auxquelles je pense",
    answers={},
)

# Being kept alive, and each act

KEPT_ALIVE = Question(
    code="vie-artificielle",
    title="Si vous perdez conscience pour toujours, voulez-vous que l'on vous maintienne en vie ?",
    explanation=(
        "Après un accident ou une maladie, le cerveau peut rester abîmé pour toujours. "
        "La personne ne reprend pas conscience. Elle ne peut plus communiquer avec ses proches.",
        "Elle peut vivre ainsi des mois, parfois des années. "
        "Par exemple, une machine l'aide à respirer, ou un tube la nourrit.",
        "Les médecins font des examens avant de dire que c'est pour toujours. "
        "Un doute peut rester.",
        "Avantages possibles : la personne vit, et l'on peut rester auprès d'elle. "
        "S'il y avait une erreur, il reste du temps pour le voir.",
        "Inconvénients possibles : le corps a besoin de soins jour et nuit. "
        "Il s'affaiblit et d'autres maladies peuvent venir, sans que le contact revienne.",
        "Si l'on arrête, la mort vient, en quelques minutes, quelques jours ou quelques semaines. "
        "Les soins de confort continuent dans tous les cas.",
        "On peut aussi limiter : garder les traitements déjà là, sans en ajouter. "
        "Pour cela, choisissez « Cela dépend » et écrivez-le.",
        "Les médecins suivent votre réponse, sauf dans les cas prévus par la loi.",
    ),
    examples=(
        "Non, dès que plusieurs médecins disent que c'est pour toujours.",
        "Cela dépend : que l'on attende six mois, puis que l'on arrête si rien ne change.",
        "Oui, aussi longtemps que mon cœur bat.",
        "Cela dépend : que l'on continue si mes proches sentent encore un contact.",
        "Cela dépend : que l'on garde les traitements, sans en ajouter.",
    ),
    written="Si je perds conscience pour toujours : mon maintien en vie par des traitements",
    answers=_choice(
        "Je veux que l'on me maintienne en vie.",
        "Je ne veux pas que l'on me maintienne en vie.",
    ),
)

HEART = Question(
    code="reanimation",
    title="Si votre cœur s'arrête, voulez-vous que l'on tente de le faire repartir ?",
    explanation=(
        "C'est la réanimation. On appuie fort et vite sur la poitrine. "
        "On peut donner un choc électrique, des médicaments, et de l'air par un tube.",
        "Sans ces gestes, la mort suit en quelques minutes. Avec eux, le résultat varie. "
        "Il dépend de la cause, de la santé d'avant et du temps passé avant ces gestes.",
        "Avantages possibles : le cœur repart, et l'on peut soigner la cause de l'arrêt. "
        "Des personnes retrouvent leur vie d'avant.",
        "Inconvénients possibles : souvent, le cœur ne repart pas. "
        "S'il repart, le cerveau peut rester abîmé. Des côtes peuvent se casser.",
        "Dans l'urgence, les secours peuvent commencer avant d'avoir lu vos volontés.",
    ),
    examples=(
        "Oui, même si les chances sont petites.",
        "Cela dépend : oui après un accident, non si une maladie est très avancée.",
        "Non, même si les chances sont bonnes.",
        "Cela dépend : oui si l'on commence tout de suite, non si l'on arrive trop tard.",
    ),
    written="Si mon cœur s'arrête : la réanimation",
    answers=_choice(
        "Je veux que l'on tente de faire repartir mon cœur.",
        "Je ne veux pas que l'on tente de faire repartir mon cœur.",
    ),
)

BREATHING = Question(
    code="respiration",
    title="Si vous respirez trop mal, voulez-vous l'aide d'une machine ?",
    explanation=(
        "La machine pousse de l'air dans les poumons. "
        "L'air passe par un masque, ou par un tube dans la gorge.",
        "Avec un tube, des médicaments endorment souvent la personne. "
        "Si cela dure, on peut placer le tube dans le cou, par une petite ouverture.",
        "Avantages possibles : les poumons ont du temps pour guérir. "
        "Des personnes respirent ensuite seules. D'autres vivent des années avec la machine.",
        "Inconvénients possibles : un tube dans la gorge empêche de parler et de manger. "
        "Le corps s'affaiblit. Des personnes ne peuvent plus se passer de la machine.",
        "Sans cette aide, la mort peut venir. Des médicaments calment alors le manque d'air.",
    ),
    examples=(
        "Cela dépend : je veux bien un masque, mais pas de tube.",
        "Non, ni masque ni tube, même pour peu de temps.",
        "Oui, un masque ou un tube, même pour longtemps.",
        "Cela dépend : que l'on essaie deux semaines, puis que l'on en parle avec ma fille.",
    ),
    written="Si je respire trop mal : l'aide d'une machine",
    answers=_choice(
        "Je veux qu'une machine m'aide à respirer.",
        "Je ne veux pas qu'une machine m'aide à respirer.",
    ),
)

BREATHING_BEGUN = Question(
    code="respiration-en-cours",
    title="Si une machine vous aide déjà à respirer, voulez-vous continuer ?",
    explanation=(
        "Ici, la machine est déjà en place, et vous ne pouvez plus dire ce que vous voulez. "
        "L'air passe par un masque ou par un tube.",
        "Avantages possibles : continuer laisse du temps au corps et aux soins. "
        "Des personnes finissent par respirer seules. D'autres vivent des années ainsi.",
        "Inconvénients possibles : le corps s'affaiblit quand cela dure. "
        "Des infections peuvent venir. Des personnes ne respireront plus jamais seules.",
        "Si l'on arrête, la mort peut venir en quelques minutes ou quelques jours. "
        "Des médicaments calment alors la douleur et le manque d'air.",
    ),
    examples=(
        "Oui, même si je dois garder la machine toute ma vie.",
        "Non, même si la mort doit venir vite.",
        "Cela dépend : oui tant que je peux répondre, même par un signe.",
        "Cela dépend : non si les médecins ne voient aucun progrès après un mois.",
    ),
    written="Si une machine m'aide déjà à respirer",
    answers=_choice(
        "Je veux que la machine continue à m'aider à respirer.",
        "Je ne veux pas que la machine continue à m'aider à respirer.",
    ),
)

FEEDING = Question(
    code="alimentation",
    title="Si vous ne pouvez plus avaler, voulez-vous de l'eau et de la nourriture par un tube ?",
    explanation=(
        "Le tube passe par le nez ou par le ventre. "
        "Il peut aussi aller dans une veine : c'est une perfusion.",
        "Pour la loi, c'est un traitement. Les repas par la bouche n'en sont pas un. "
        "On peut toujours en proposer à une personne qui avale.",
        "Avantages possibles : le corps reçoit de l'eau et des forces. "
        "Cela donne le temps de guérir, ou permet de vivre des mois ou des années.",
        "Inconvénients possibles : le tube peut gêner, se boucher ou causer une infection. "
        "Tout à la fin de la vie, il peut ajouter de la gêne.",
        "Sans ce tube, une personne qui n'avale plus meurt en quelques jours ou semaines. "
        "On soigne la bouche pour calmer la soif.",
    ),
    examples=(
        "Non, même si cela doit raccourcir ma vie.",
        "Cela dépend : oui pour l'eau, non pour la nourriture.",
        "Oui, aussi longtemps que cela me fait vivre.",
        "Cela dépend : oui pour quelques mois, le temps de voir si je vais mieux.",
    ),
    written="Si je ne peux plus avaler : l'eau et la nourriture par un tube",
    answers=_choice(
        "Je veux de l'eau et de la nourriture par un tube.",
        "Je ne veux pas d'eau ni de nourriture par un tube.",
    ),
)

FEEDING_BEGUN = Question(
    code="alimentation-en-cours",
    title="Si un tube vous nourrit déjà, voulez-vous continuer ?",
    explanation=(
        "Ici, un tube apporte déjà de l'eau et de la nourriture. "
        "Il passe par le nez, par le ventre ou par une veine.",
        "Avantages possibles : continuer peut faire vivre, parfois des années. "
        "Cela laisse à certaines personnes le temps d'avaler de nouveau.",
        "Inconvénients possibles : le tube peut gêner et demande des soins chaque jour. "
        "Tout à la fin de la vie, il peut ajouter de la gêne.",
        "Si l'on arrête, une personne qui n'avale plus meurt en quelques jours ou semaines. "
        "Les soins de la bouche et du confort continuent.",
    ),
    examples=(
        "Cela dépend : que l'on continue l'eau, et que l'on arrête la nourriture.",
        "Oui, même si le tube me gêne un peu.",
        "Non, même si le tube ne me gêne pas.",
        "Cela dépend : oui tant que je reconnais mes proches.",
    ),
    written="Si un tube me nourrit déjà",
    answers=_choice(
        "Je veux garder l'eau et la nourriture par un tube.",
        "Je ne veux pas garder l'eau et la nourriture par un tube.",
    ),
)

KIDNEYS = Question(
    code="dialyse",
    title="Si vos reins ne marchent plus, voulez-vous une dialyse ?",
    explanation=(
        "La dialyse nettoie le sang à la place des reins. "
        "Souvent, une machine le fait, trois fois par semaine, pendant quatre heures environ.",
        "On peut aussi la faire chez soi. Par exemple, un liquide passe chaque jour par le ventre.",
        "Avantages possibles : elle peut faire vivre des mois ou des années. "
        "Parfois, les reins repartent et on l'arrête, ou une greffe la remplace.",
        "Inconvénients possibles : elle prend du temps et fatigue souvent. "
        "Il faut faire attention à ce que l'on mange et boit. Des infections sont possibles.",
        "Sans elle, si les reins ne marchent plus du tout, la mort vient. "
        "C'est souvent en quelques jours ou quelques semaines. Des soins calment la gêne.",
    ),
    examples=(
        "Oui, même trois fois par semaine et pour toujours.",
        "Cela dépend : oui pour un temps, si mes reins peuvent repartir.",
        "Cela dépend : oui si je peux la faire chez moi, non s'il faut se déplacer.",
        "Non, même chez moi et même pour un temps.",
    ),
    written="Si mes reins ne marchent plus : la dialyse",
    answers=_choice(
        "Je veux une dialyse si mes reins ne marchent plus.",
        "Je ne veux pas de dialyse si mes reins ne marchent plus.",
    ),
)

KIDNEYS_BEGUN = Question(
    code="dialyse-en-cours",
    title="Si vous avez déjà une dialyse, voulez-vous continuer ?",
    explanation=(
        "Ici, la dialyse nettoie déjà votre sang à la place des reins. "
        "Vous ne pouvez plus dire si vous la voulez encore.",
        "Avantages possibles : continuer peut faire vivre encore des mois ou des années. "
        "Cela limite aussi les troubles dus aux reins.",
        "Inconvénients possibles : les séances fatiguent, et parfois plus qu'avant. "
        "La maladie peut avancer malgré elles.",
        "Si l'on arrête, la mort vient souvent en une ou deux semaines. "
        "C'est parfois plus court ou plus long. Des médicaments calment la gêne et la douleur.",
    ),
    examples=(
        "Non, même si je la supporte bien.",
        "Cela dépend : oui tant que je la supporte sans trop de fatigue.",
        "Oui, même si elle me fatigue beaucoup.",
        "Cela dépend : que l'on continue le temps que mon frère arrive.",
    ),
    written="Si j'ai déjà une dialyse",
    answers=_choice(
        "Je veux que l'on continue ma dialyse.",
        "Je ne veux pas que l'on continue ma dialyse.",
    ),
)

SURGERY = Question(
    code="chirurgie",
    title="Si les médecins proposent une opération, la voulez-vous ?",
    explanation=(
        "Une opération peut soigner, ou seulement soulager. "
        "Des médicaments empêchent d'avoir mal, et souvent endorment : c'est l'anesthésie.",
        "Certaines opérations sont courtes. "
        "Après d'autres, il faut des semaines pour reprendre des forces.",
        "Avantages possibles : elle peut réparer le corps, ou calmer une douleur. "
        "Elle peut faire vivre plus longtemps.",
        "Inconvénients possibles : elle peut causer une douleur, une perte de sang, une infection. "
        "On peut en sortir plus faible.",
        "Sans elle, le problème peut rester, et la mort peut parfois venir. "
        "D'autres soins calment la douleur.",
    ),
    examples=(
        "Cela dépend : oui pour calmer une douleur, non pour vivre plus longtemps.",
        "Oui, même si elle est longue et difficile.",
        "Cela dépend : oui si j'ai de bonnes chances de rentrer chez moi.",
        "Non, même si elle est courte et facile.",
    ),
    written="Si les médecins proposent une opération",
    answers=_choice(
        "Si les médecins proposent une opération, je la veux.",
        "Si les médecins proposent une opération, je ne la veux pas.",
    ),
)

TREATMENTS_BEGUN = Question(
    code="traitements-en-cours",
    title="Voulez-vous que l'on continue vos traitements ?",
    explanation=(
        "Pensez à ce que vous recevez déjà. "
        "Par exemple, des cachets, des piqûres, des rayons ou un appareil qui aide le cœur.",
        "Votre réponse vaut pour le jour où vous ne pourrez plus parler. "
        "Elle ne change rien à vos soins d'aujourd'hui.",
        "Vous pouvez nommer chaque traitement, et dire ce que vous voulez pour lui.",
        "Avantages possibles : continuer peut ralentir la maladie. "
        "Cela peut éviter certains troubles, et faire vivre plus longtemps.",
        "Inconvénients possibles : un traitement peut fatiguer ou donner des troubles. "
        "Il peut demander des examens et des trajets.",
        "Si l'on arrête, la maladie peut avancer plus vite. "
        "Les soins contre la douleur continuent.",
    ),
    examples=(
        "Oui, tous, aussi longtemps que possible.",
        "Cela dépend : que l'on garde ceux du cœur, et que l'on arrête les autres.",
        "Non, seulement ceux qui calment la douleur.",
        "Cela dépend : que l'on continue tant que je peux rester chez moi.",
    ),
    written="Mes traitements déjà en cours",
    answers=_choice(
        "Je veux que l'on continue mes traitements.",
        "Je ne veux pas que l'on continue mes traitements.",
    ),
)

OTHER_ACTS = Question(
    code="autres-actes",
    title="Pensez-vous à d'autres soins ?",
    explanation=(
        "Il existe bien d'autres soins. Par exemple, une transfusion : on donne du sang. "
        "Ou des antibiotiques : ils soignent une infection.",
        "Votre médecin vous a peut-être parlé d'un soin précis. "
        "Écrivez son nom, et dites si vous le voulez ou non.",
        "Vous pouvez aussi parler des trajets vers l'hôpital.",
    ),
    examples=(
        "Je ne veux pas de transfusion, à cause de ma religion.",
        "Je veux une transfusion si je manque de sang.",
        "Je veux des antibiotiques seulement s'ils m'aident à me sentir mieux.",
        "Je veux que l'on me conduise à l'hôpital si mon état devient grave.",
        "Je ne veux plus que l'on me conduise à l'hôpital.",
    ),
    written="D'autres soins",
    answers={},
)

SEDATION = Question(
    code="sedation",
    title="Voulez-vous une sédation profonde et continue jusqu'à la mort ?",
    explanation=(
        "Une sédation, ce sont des médicaments qui endorment. "
        "Profonde : elle fait perdre conscience. Continue : elle dure jusqu'à la mort.",
        "On donne toujours aussi un traitement contre la douleur. "
        "Les traitements qui maintiennent en vie s'arrêtent.",
        "Si vous ne parlez plus, on peut un jour arrêter un traitement qui vous maintient en vie. "
        "La loi prévoit alors cette sédation, sauf si vous l'avez refusée.",
        "Tant que vous pouvez parler, vous pouvez aussi la demander. "
        "Il faut une maladie grave, que l'on ne peut pas guérir. Il y a deux cas.",
        "Premier cas : la mort est proche, et aucun traitement ne calme assez la souffrance. "
        "Second cas : vous arrêtez un traitement, et la mort devient proche. "
        "Une très grande souffrance est alors possible.",
        "Le médecin en parle d'abord avec l'équipe et un autre médecin.",
        "Avantages possibles : la personne ne se rend plus compte de ce qui arrive. "
        "Elle ne devrait plus sentir ni douleur ni peur.",
        "Inconvénients possibles : la personne ne peut plus parler ni échanger avec ses proches. "
        "On ne cherche pas à la réveiller.",
        "Sans cette sédation, on soulage avec d'autres médicaments.",
    ),
    examples=(
        "Cela dépend : je veux d'abord que mes proches aient le temps de venir.",
        "Non, je veux garder ma conscience le plus longtemps possible.",
        "Oui, je veux cette sédation dès que la loi le permet.",
        "Cela dépend : oui seulement si la douleur reste forte.",
    ),
    written="Sédation profonde et continue jusqu'à la mort, avec un traitement de la douleur "
    "(cas prévus par la loi)",
    answers=_choice(
        "Je veux une sédation profonde et continue.",
        "Je ne veux pas de sédation profonde et continue.",
    ),
)

OTHER_WISHES = Question(
    code="autres-souhaits",
    title="Avez-vous d'autres souhaits ?",
    explanation=(
        "Vous pouvez parler du lieu, des personnes, de la musique ou de votre religion. "
        "Vous pouvez dire ce que vos proches doivent savoir.",
        "Ces souhaits n'obligent pas les médecins. Ils guident les personnes autour de vous.",
    ),
    examples=(
        "Je voudrais mourir à l'hôpital, avec des soins tout près.",
        "Je voudrais mourir chez moi, si c'est possible.",
        "Je voudrais que ma sœur et mon ami Paul puissent venir.",
        "Je voudrais voir quelqu'un de ma religion.",
        "Je ne voudrais ni prière ni visite religieuse.",
    ),
    written="Mes autres souhaits",
    answers={},
)

FORMS = {
    Model.ILLNESS: Form(
        model=Model.ILLNESS,
        title="J'ai une maladie grave",
        for_whom="Pour une personne qui a une maladie grave, ou qui approche de la fin de sa vie.",
        questions=(
            ILLNESS,
            COURSE,
            VALUES,
            KEPT_ALIVE,
            HEART,
            BREATHING,
            BREATHING_BEGUN,
            FEEDING,
            FEEDING_BEGUN,
            KIDNEYS,
            KIDNEYS_BEGUN,
            SURGERY,
            TREATMENTS_BEGUN,
            OTHER_ACTS,
            SEDATION,
            OTHER_WISHES,
        ),
    ),
    Model.HEALTH: Form(
        model=Model.HEALTH,
        title="Je n'ai pas de maladie grave",
        for_whom="Pour une personne en bonne santé, ou sans maladie grave connue.",
        questions=(
            VALUES,
            SITUATIONS,
            KEPT_ALIVE,
            HEART,
            BREATHING,
            FEEDING,
            KIDNEYS,
            SURGERY,
            OTHER_ACTS,
            SEDATION,
            OTHER_WISHES,
        ),
    ),
}
