"""Who may give someone's account back: two people of the association, neither of whom is she. One
at least keeps the list of members; and neither was let in by the other, or just now."""

from datetime import timedelta

from . import clock, colleague, office
from .account import Account
from .colleague import Colleague
from .ledger import Act, Line
from .office import Task
from .refusal import Refusal

# Whoever makes an account of the association to be the second one has to wait as long; all who
# keep the office were told of it that day.
NEW = timedelta(days=7)
# Where nobody else could: an association of two.
LET_IN = timedelta(days=30)
NOT_YOU = "Votre compte ne permet plus cela."
ONESELF = "C'est votre propre compte : deux autres personnes doivent s'en occuper."
OF_THE_OFFICE = (
    "C'est un compte de l'association : seuls deux comptes « Bureau » peuvent le rendre. S'il en "
    "manque, la commande « flask rescue » le fait sur le serveur."
)
TOO_NEW = "Votre compte de l'association est trop récent pour cela : il faut attendre 7 jours."
SAME = "Vous avez déjà vérifié. C'est à une autre personne de le faire aussi."
ONE_OFFICE = "L'un de vous deux doit avoir un compte « Bureau »."
SAME_LINE = (
    "Vos deux comptes viennent de la même personne, depuis moins de 30 jours. Une autre doit "
    "vérifier aussi."
)
MADE_BY = (
    "L'un de vous deux a ajouté le compte de l'autre. Une troisième personne doit vérifier aussi."
)


def check(actor, account: Account) -> Account:
    """Whether this actor may be one of the two: the account that he acts with. Raises Refusal."""
    mine = Account.get_or_none(Account.id == actor.account_id)
    if mine is None or not office.may(mine, Task.HELP):
        raise Refusal(NOT_YOU)
    if mine.id == account.id:
        raise Refusal(ONESELF)
    if account.office and not office.may(mine, Task.COLLEAGUES):
        raise Refusal(OF_THE_OFFICE)
    if _let_in_since(mine, clock.now() - NEW):
        raise Refusal(TOO_NEW)
    return mine


def check_both(actor, one) -> None:
    """Whether this actor may be the second one of this rescue. Raises Refusal."""
    mine = check(actor, one.account)
    first = one.asker
    if first and first.id == mine.id:
        raise Refusal(SAME)
    if not stands(first):
        raise Refusal(NOT_YOU)
    if not any(office.may(each, Task.MEMBERS) for each in (first, mine)):
        raise Refusal(ONE_OFFICE)
    if _made_each_other(first, mine) and not _alone(first, mine, one.account):
        raise Refusal(MADE_BY)
    if _makers(first) & _makers(mine) and _either_let_in_lately(first, mine):
        raise Refusal(SAME_LINE)


def stands(account: Account | None) -> bool:
    """Whether it still is one that may do this: what it did counts no more once it is ended."""
    return account is not None and office.may(account, Task.HELP)


def _let_in_since(account, moment):
    """Added, given another duty, or given back."""
    acts = [Act.ADDED_COLLEAGUE.value, Act.CHANGED_COLLEAGUE.value]
    about = (Line.about == Colleague(account).uid) & Line.act.in_(acts)
    back = account.rescues.where(account.rescues.model.done_at > moment)
    return Line.select().where(about & (Line.at > moment)).exists() or back.exists()


def _made_each_other(first, second):
    return _maker(first) == second.id or _maker(second) == first.id


def _maker(account):
    added = (Line.about == Colleague(account).uid) & (Line.act == Act.ADDED_COLLEAGUE.value)
    line = Line.select().where(added).order_by(Line.id.desc()).first()
    return line and line.account_id


def _makers(account):
    """Itself, whoever let it in, whoever let that one in…: two of one line may be one person's."""
    line, one = set(), account
    while one and one.id not in line:
        line.add(one.id)
        one = Account.get_or_none(Account.id == _maker(one))
    return line


def _either_let_in_lately(*two):
    return any(_let_in_since(one, clock.now() - LET_IN) for one in two)


def _alone(first, second, account):
    """Nobody else could, and they have known each other for a while."""
    known = {first.id, second.id, account.id}
    others = [one.account for one in colleague.all_of_them() if one.account.id not in known]
    could = [one for one in others if office.may(one, Task.HELP)]
    return not could and not _either_let_in_lately(first, second)
