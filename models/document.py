"""A document: what it is, who wrote it, who deposited it, and where its content is."""

import json
from collections.abc import Iterator
from datetime import timedelta

from peewee import (
    JOIN,
    BooleanField,
    Case,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from . import clock, journal, seeking
from .access import HOLDING, Access, Right, Role
from .account import Account
from .database import DayField, MomentField, Table, transaction
from .folder import Folder
from .formats.kinds import KINDS, TEXT, Kind
from .header import Header, from_json
from .origin import Origin
from .prepared import Prepared
from .record import Record
from .reference import categories, types
from .seeking import Span
from .source import Source
from .words import fold, uid

# An image is fetched just after the page that shows it.
SHOWN_WITH = timedelta(minutes=5)
# On a bad network, a download that was cut goes on where it stopped.
RESUMED_WITHIN = timedelta(hours=1)
SHORT = 20_000
LONGEST_AUTHOR = 300
MEMBER_ROLES = (Role.HOLDER, Role.REPRESENTATIVE, Role.CARER)


class Document(Table):
    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="documents")
    folder = ForeignKeyField(Folder, null=True, backref="documents", on_delete="SET NULL")
    title = TextField()
    title_key = TextField()
    category = CharField()
    dated = DayField()
    author = TextField()
    author_key = TextField()

    depositor = ForeignKeyField(Account, null=True)
    depositor_name = TextField()
    depositor_role = CharField()
    deposited_at = MomentField(default=clock.now)
    # Where it comes from, as the figures tell it (origin.py).
    origin = CharField(default=Origin.PERSON.value)
    # The software that deposited it, and the unique name that it gave it (header.py): sent twice,
    # it is taken once.
    source = ForeignKeyField(Source, null=True)
    identifier = TextField(default="")
    # What came with it, as JSON; its type, where it has one (reference/types.csv).
    header = TextField(default="")
    type_code = TextField(default="")
    # The document that this one replaces, which stays; and since when this one is replaced.
    replaces = ForeignKeyField("self", null=True, on_delete="SET NULL")
    replaced_at = MomentField(null=True)
    # The form it came by: sent twice, it is taken once.
    sending = TextField(default="")

    pinned_at = MomentField(null=True)
    masked = BooleanField(default=False)
    masking_rank = IntegerField(default=0)
    unannounced = BooleanField(default=False)
    from_representatives = BooleanField(default=False)
    # Belongs to « Entourage et volontés »: read by whom the person lets read it (visibility.py).
    wish = BooleanField(default=False)
    # Its acts have a journal chain of their own: it was deposited hidden from someone (journal.py).
    apart = BooleanField(default=False)
    # Not empty: these bytes were there already, in a document that its depositor may not know of.
    beside = TextField(default="")
    # The statement that an access was given, or ended, is about that access.
    about = ForeignKeyField(Access, null=True)
    binned_at = MomentField(null=True)

    content = CharField()
    filename = TextField()
    media_type = CharField()
    size = IntegerField()
    # Of what was taken out of it (part.py), in bytes.
    parts_size = IntegerField(default=0)
    sha256 = CharField(max_length=64)
    pages = IntegerField(null=True)
    protected = BooleanField(default=False)
    warning = TextField(null=True)

    # Where it was asked: whether it is new to who looks at it, and its `text_on_page`.
    unseen, short_text = True, None

    @property
    def weight(self) -> int:
        """In bytes, all that the vault keeps of it."""
        return self.size + self.parts_size

    @property
    def told(self) -> Header:
        """What came with it; an empty one where it is a plain file."""
        return from_json(json.loads(self.header)) if self.header else Header()

    @property
    def type_label(self) -> str:
        """« Compte rendu d'examens biologiques »; empty for a plain file."""
        known = types.find(self.type_code)
        return known.label if known else self.told.type_label or self.type_code

    @property
    def kind(self):
        return KINDS[self.media_type]

    @property
    def opens_in_browser(self) -> bool:
        """Most browsers show it by themselves; the others are offered as downloads."""
        return self.kind.opens_in_browser

    @property
    def category_label(self) -> str:
        return categories.LABELS[self.category]

    @property
    def by_member(self) -> bool:
        """Deposited by the person or for her."""
        return self.depositor_role in MEMBER_ROLES

    @property
    def changeable(self) -> bool:
        """It can be corrected and binned; a wish that is signed here is changed on its own page."""
        return self.by_member and not self.attached

    @property
    def attached(self) -> bool:
        """It is a paper of « Entourage et volontés »; one that came with a type of its own may only
        look like it."""
        from . import attachment  # which knows of documents

        return self.wish and (not self.type_code or attachment.is_attached(self))

    @property
    def download_name(self) -> str:
        """The title, with the ending of what the bytes are."""
        return file_name(self.title, self.kind)

    def content_chunks(self, span: Span | None = None) -> Iterator[bytes]:
        """The bytes as they came. Raises vault.Damaged."""
        return seeking.content(self.content, span)

    def retitle(self, title: str) -> None:
        self.title, self.title_key = title, fold(title)

    def attribute(self, author: str) -> None:
        author = author[:LONGEST_AUTHOR]
        self.author, self.author_key = author, fold(author)


def file_name(title: str, kind: Kind) -> str:
    """That any system takes, with the ending of what the bytes are."""
    safe = "".join("-" if c in '/\\:*?"<>|' else c for c in title)
    return safe.strip(". ")[:120] + kind.extension


class DocumentText(Table):
    """The text found in the content, for reading and searching."""

    document = ForeignKeyField(Document, primary_key=True, on_delete="CASCADE")
    text = TextField()


class DocumentSeen(Table):
    """A document that an account has read: the others are new to it."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    document = ForeignKeyField(Document, on_delete="CASCADE", index=True)

    class Meta:
        primary_key = CompositeKey("account", "document")
        without_rowid = True


def contents() -> set[str]:
    """The names of every content that a document has in the vault."""
    return {name for (name,) in Document.select(Document.content).tuples()}


def find(access: Access, document_uid: str) -> Document | None:
    """The document, if this access may see it and it is not in the bin."""
    return next(iter(loaded(access, _found(access.scope, document_uid))), None)


@Prepared
def _found(of, document_uid):
    from . import scope  # which knows of documents

    query = scope.documents(of).where(Document.uid == document_uid)
    query = query.join(DocumentSeen, JOIN.LEFT_OUTER, on=seen_by(of.eyes))
    text = SHORT_TEXT.where(DocumentText.document == Document.id)
    return query.select_extend(UNSEEN, text.alias("short_text")).objects()


def find_binned(access: Access, document_uid: str) -> Document | None:
    return _first(access, access.binned().where(Document.uid == document_uid))


def find_all(access: Access, uids: list[str]) -> list[Document]:
    """Those of them that this access may see, the latest first."""
    query = access.documents().where(Document.uid.in_(uids[:1000]))
    return loaded(access, query.order_by(Document.dated.desc()))


def inside(access: Access, folder: Folder) -> list[Document]:
    return loaded(access, access.documents().where(Document.folder == folder))


def directives_elsewhere(access: Access) -> list[Document]:
    """What says of itself that it is her directives, and is not attached to any signed here."""
    said = Document.wish & (Document.type_code == types.OF_CATEGORIES["DIR_ANT"])
    found = loaded(access, access.listed().where(said).order_by(Document.dated.desc()).limit(10))
    return [one for one in found if not one.attached]


def loaded(access: Access, query) -> list[Document]:
    """The documents of a query, their record in hand: masking reads it."""
    documents = list(query)
    for document in documents:
        document.record = access.record
    return documents


def read(access: Access, document: Document) -> None:
    """Tell the journal; the document is no longer new to this account."""
    _tell(access, document, journal.Act.READ)


def read_text(access: Access, document: Document) -> str:
    _tell(access, document, journal.Act.READ_TEXT)
    row = DocumentText.get_or_none(DocumentText.document == document)
    return row.text if row else ""


def show(
    access: Access, document: Document, part=None, span: Span | None = None
) -> Iterator[bytes]:
    """Its content, or that of a part of it, for its page: reading the page has been told, and is
    not told twice."""
    chunks = (part or document).content_chunks(span)
    if not _told_lately(access, document, journal.Act.READ, _lately(span) or SHOWN_WITH):
        read(access, document)
    return chunks


def download(
    access: Access, document: Document, part=None, span: Span | None = None
) -> Iterator[bytes]:
    """What goes on with a download that was told, in this session, is not told again."""
    chunks = (part or document).content_chunks(span)
    if not _told_lately(access, document, journal.Act.DOWNLOADED, _lately(span)):
        _tell(access, document, journal.Act.DOWNLOADED)
    return chunks


def seen_by(account_id: int):
    """How a document is joined to its being read by someone."""
    return (DocumentSeen.document == Document.id) & (DocumentSeen.account == account_id)


UNSEEN = DocumentSeen.account.is_null().alias("unseen")


def mark_seen(access: Access, document: Document) -> None:
    DocumentSeen.insert(
        account=access.account_id, document=document.id
    ).on_conflict_ignore().execute()


def text_on_page(document: Document) -> str | None:
    """What a short plain text says; nothing where the text has a page of its own; None without
    any."""
    query = SHORT_TEXT.join(Document).where(Document.id == document.id)
    return query.scalar()


SHORT_TEXT = DocumentText.select(
    Case(None, [((Document.media_type == TEXT) & (Document.size <= SHORT), DocumentText.text)], "")
)


def _lately(span):
    """From its beginning, it is a reading of its own."""
    return RESUMED_WITHIN if span and span.start else None


def _told_lately(access, document, act, every):
    return every and journal.written_lately(access, act, document, every=every)


def _tell(access, document, act):
    access.require(Right.READ)
    with transaction():
        journal.write(access.record, access.actor, act, document)
        if not access.seen_as:
            if document.unseen:
                mark_seen(access, document)
            _read_by_its_holder(access)


def _first(access, query):
    return next(iter(loaded(access, query.limit(1))), None)


def _read_by_its_holder(access):
    """The first document that she, or whoever holds the record for her, opens."""
    if access.role in HOLDING and not access.record.read_at:
        access.record.read_at = clock.now()
        first = (Record.id == access.record_id) & Record.read_at.is_null()
        Record.update(read_at=access.record.read_at).where(first).execute()
