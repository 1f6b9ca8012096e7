"""Depositing documents: one file, or several at once."""

from dataclasses import replace

from flask import Blueprint, current_app, request
from wtforms import BooleanField, MultipleFileField, RadioField, SelectField, StringField

from models import clock, deposit, filing, folder, intake, lot
from models.access import Right
from models.deposit import Description, Limits
from models.formats.kinds import EXCHANGED, PLAIN
from models.reference import categories
from models.refusal import Refusal
from models.words import day, uid

from .door import needs
from .forms import DayField, Form, accepted, options, said
from .page import done, page, say
from .uploads import takes_files
from .words import count

views = Blueprint("deposits", __name__)

MASKED = {"oui": True, "non": False}


def _some(files):
    if not any(file and file.filename for file in files or []):
        raise Refusal("Choisissez au moins un fichier.")


def _unless_told(check):
    """What medical files say of themselves is not asked, where they are alone."""
    judge = accepted(check)

    def validate(form, field):
        if not (form.tells_all and _empty(field)):
            judge(form, field)

    return validate


def _empty(field):
    return not (field.data or getattr(field, "typed", ""))


class Deposit(Form):
    # Which files say what they are, by whom and when (lot.py); and whether each of them does.
    telling, tells_all = frozenset(), False
    title = StringField("Titre")
    dated = DayField("Date du document", [_unless_told(filing.checked_date)])
    category = SelectField(
        "Catégorie",
        [_unless_told(filing.checked_category)],
        choices=options({"": "Choisir…"} | categories.CHOSEN),
        validate_choice=False,
    )
    author = StringField("Qui l'a écrit ?")
    folder = SelectField("Dossier", validate_choice=False)
    masked = RadioField(
        "Qui peut le voir ?",
        choices=options(
            {
                "non": "Visible par les professionnels de santé qui ont accès à l'espace",
                "oui": "Masqué aux professionnels de santé",
            }
        ),
        validate_choice=False,
    )
    unannounced = BooleanField("À annoncer d'abord : la personne ne le voit pas encore")
    from_representatives = BooleanField("Ne pas montrer aux parents, à la demande du mineur")
    together = BooleanField("Réunir ces photos en un seul PDF")
    files = MultipleFileField("Fichiers à ajouter", [accepted(_some)])
    sending = StringField()


@views.route("/espaces/<uid:record>/documents/depot", methods=["GET", "POST"])
@takes_files
@needs(Right.DEPOSIT)
def create(access):
    form = _form(access)
    if not form.is_submitted():
        return _show(access, form)
    taken = _take(access, form) if form.validate() else []
    if form.faults:
        if taken:
            say(_told(taken))
        return _show(access, form, 422)
    say(_told(taken))
    return done("documents.index", record=access.record.uid)


def _form(access):
    form = Deposit()
    form.files.data = request.files.getlist("files")
    form.telling = _telling(form)
    form.tells_all = bool(form.telling) and len(form.telling) == len(_files(form))
    _keep_what_serves(access, form)
    if form.folder:
        folders = {one.uid: one.name for one in access.folders()}
        form.folder.choices = options({"": "Sans dossier"} | folders)
    if not form.is_submitted():
        _propose(access, form)
    form.sending.data = form.sending.data or uid()
    return form


def _keep_what_serves(access, form):
    """Only the questions whose answer is this access's to give."""
    if not access.can(Right.FILE):
        del form.folder
    if not access.can(Right.MASK):
        del form.masked
    if not access.can(Right.ANNOUNCE):
        del form.unannounced
    if not access.can(Right.ANNOUNCE) or access.record.adult:
        del form.from_representatives


def _propose(access, form):
    form.dated.data = clock.today()
    if form.masked:
        form.masked.data = "oui" if access.record.masked_by_default else "non"
    if form.folder:
        form.folder.data = request.args.get("dossier", "")


def _take(access, form):
    """The documents taken; what is refused is said at its field, and does not stop the rest."""
    taken, told = [], _description(access, form)
    try:
        incoming = _incoming(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return []
    for spool, name in incoming:
        try:
            taken += intake.by_access(access, spool, name, _of_file(form, spool, told), limits())
        except Refusal as refusal:
            form.refuse(refusal)
        finally:
            spool.discard()
    return taken


def _description(access, form):
    chosen = form.folder and form.folder.data
    filing_folder = folder.find(access, chosen) if chosen else None
    one = len(_files(form)) == 1 or form.together.data
    return Description(
        category=form.category.data,
        dated=form.dated.data,
        title=said(form.title) if one else "",
        author=said(form.author),
        folder=filing_folder,
        masked=_masked(access, form),
        unannounced=bool(form.unannounced and form.unannounced.data),
        from_representatives=bool(form.from_representatives and form.from_representatives.data),
        sending=said(form.sending),
    )


def _masked(access, form):
    """None where it is as usual in this record: what a medical file asks for counts then."""
    masked = MASKED.get(form.masked.data) if form.masked else None
    return None if masked == access.record.masked_by_default else masked


def _of_file(form, spool, told):
    """Today is what the form proposes: a medical file that says another day is believed."""
    if spool.name not in form.telling:
        return told
    return replace(told, dated=None if told.dated == clock.today() else told.dated)


def _telling(form) -> set[str]:
    """The names of their spools."""
    files = [] if form.together.data else [(one.stream, one.filename) for one in _files(form)]
    return {spool.name for spool, name in files if lot.describes_itself(spool, name)}


def _incoming(form):
    files = _files(form)
    spools, names = [file.stream for file in files], [file.filename for file in files]
    if not form.together.data:
        return list(zip(spools, names, strict=True))
    name = (said(form.title) or deposit.proposed_title(names[0])) + ".pdf"
    return [(deposit.join_photos(spools, names, limits()), name)]


def _files(form):
    return [file for file in form.files.data if file and file.filename]


def limits() -> Limits:
    settings = current_app.config["SETTINGS"]
    return Limits(document=settings.max_document, record=settings.max_record)


def _told(taken):
    if len(taken) == 1:
        one = taken[0]
        # Its file says its day: it is not where the latest are.
        dated = f", à la date du {day(one.dated)}" if one.media_type in EXCHANGED else ""
        return f"« {one.title} » est ajouté{dated}."
    titles = ", ".join(f"« {document.title} »" for document in taken)
    return f"{count(len(taken), 'document ajouté', 'documents ajoutés')} : {titles}."


def _show(access, form, status=200):
    return page(
        "deposits/new.html",
        status,
        access=access,
        form=form,
        formats=PLAIN,
        most=current_app.config["SETTINGS"].max_document_mb,
    )
