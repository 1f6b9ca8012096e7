"""Two records and those around them. Each act is done in Carnet, as a page does it, and noted in
the reference."""

import itertools
from datetime import date, timedelta

from models import access as accesses
from models import (
    activation,
    admission,
    announcement,
    bin,
    block,
    clock,
    consultation,
    deposit,
    directive,
    document,
    emergency,
    exclusion,
    filing,
    folder,
    handover,
    invitation,
    majority,
    masking,
    measure,
    professional,
    signing,
    statement,
    wishes,
)
from models.access import Right, Role
from models.attempt import Attempt
from models.deposit import Description
from models.document import Document, DocumentText
from models.emergency import Identity
from models.enrolment import OFFICE
from models.header import Header
from models.invitation import Terms
from models.notice import Notice
from models.professional import Professional
from models.record import Record as Row
from models.refusal import Refusal
from models.signing import Papers, Protection

from ..world import LIMITS, PASSWORD, SURGERY, enrolled, picture, spooled
from .reference import DECIDE, PROFESSIONALS, Access, Named, Paper, Record, opens, sees
from .shown import WORD

ADULT, CHILD = "alice", "enfant"
# Some are, or come to be, several things: Alice is a parent too, Bruno a carer or a parent.
FAMILY = ("alice", "bruno", "carole")
TREATING = {"dora": "doctor", "denis": "dentist", "nora": "nurse"}
SAMU = "nora"
# A type that stays closed to a nurse, in a category that she reads.
BILAN = "83901-9"
# The child has an account once she is 18.
EVERYONE = (*FAMILY, *TREATING, CHILD)
READY = ("deposit", "discard", "file", "read", "trace", "wishes")
MONTH = timedelta(days=30)
LINK = "http://localhost/lien"


class Space(Record):
    """A record of the reference, and what Carnet needs besides."""

    def __init__(self, name, uid):
        super().__init__()
        self.name, self.uid = name, uid
        # Who may come in an emergency: the SAMU, others; and read what is masked.
        self.urgent = (False, False, False)
        self.held, self.blocked, self.invited = True, set(), []
        # Of the choices for all that hold, the ranks; of the directives signed, (uid, paper).
        self.ranks, self.directives = [], None

    def __str__(self):
        return self.name

    @property
    def row(self):
        return Row.named(self.uid)


class Coming(Named):
    """Someone invited, who has not answered yet."""

    def __init__(self, access, made, token, inviter=""):
        self.access, self.made, self.inviter = access, made, inviter
        self.token, self.since = token, clock.now()

    def __str__(self):
        return f"{self.access}, to come"


def settle(world) -> None:
    """The accounts and the records, made once for all stories."""
    for name, profession in TREATING.items():
        world.professional(name, profession, samu=name == SAMU)
    day = clock.months_later(clock.today(), 8 - 18 * 12).replace(day=15)
    enrolled(CHILD, birth_date=day.isoformat())


class Story:
    def __init__(self, world):
        self.number = itertools.count(1)
        self.accounts = {name: world.account(name) for name in EVERYONE if name != CHILD}
        self.spaces = [Space(name, world.record(name).uid) for name in (ADULT, CHILD)]
        # Of each document: its own word, its author, when it came or was binned, who has read it;
        # its bytes; whether it was deposited for the person, and hidden from someone.
        self.words, self.authors, self.since, self.read_by = {}, {}, {}, {}
        self.bytes, self.by_member, self.apart = {}, set(), set()
        self.professions, self.suspended = dict(TREATING), set()

    def begin(self):
        """A carer, parents, a doctor, and some documents of each kind."""
        adult, child = self.spaces
        alice = Access(self._find("alice", adult).uid, "alice", "holder")
        adult.accesses.append(alice)
        self.choose_emergency(adult, alice, True, True, False)
        self.confide(child, "alice", masked=False, emergency=True)
        mother = child.accesses[0]
        for space, one in ((adult, alice), (child, mother)):
            self.make_folder(space, one)
            self.deposit(space, one, "CPT_REND", inside=space.folders[0])
            self.deposit(space, one, "ORD_SOIN", image=True)
            self.let_in(space, one, "dora", None)
        self.deposit(adult, self.of(adult, "dora"), "DOC_ADM")
        self.deposit(child, self.of(child, "dora"), "CPT_REND", unannounced=True)
        self.deposit(child, self.of(child, "dora"), "CPT_REND", from_representatives=True)
        self.invite(adult, alice, "bruno", frozenset(READY), [], 365)
        self.accept(adult, adult.invited[0])

    # --- Who is where -------------------------------------------------------------------------

    def door(self, space, one) -> accesses.Access:
        """The access of this person, as the door finds it."""
        return self._find(one.who, space)

    def _find(self, who, space):
        account, session = self.accounts.get(who), EVERYONE.index(who) + 1
        return account and accesses.find(account, space.uid, session_id=session)

    def live(self, space, *roles) -> list[Access]:
        now = clock.now()
        return [one for one in space.accesses if opens(one, now) and one.role in roles]

    def of(self, space, who) -> Access | None:
        return next((one for one in self.live(space, *Role) if one.who == who), None)

    def may(self, space, right, *roles) -> list[Access]:
        """Those of these roles, and the carers who were given the right."""
        carers = [one for one in self.live(space, "carer") if right in one.given]
        return self.live(space, *roles) + carers

    def seen(self, space, one, binned=False) -> list[Paper]:
        here = [each for each in space.papers if not each.erased and each.binned == binned]
        return [each for each in here if sees(one, each, space, clock.now())]

    def _row(self, space, one, paper):
        find = document.find_binned if paper.binned else document.find
        return find(self.door(space, one), paper.uid)

    def _folder(self, space, one, name):
        return next(row for row in self.door(space, one).folders() if row.name == name)

    def _other(self, space, one):
        return accesses.one_in(space.row, one.uid)

    # --- Documents ----------------------------------------------------------------------------

    def deposit(self, space, one, category, inside=None, masked=None, image=False, **limits):
        """`one` is None where it comes from software."""
        number = next(self.number)
        word = _own_word(number)
        told = Description(
            category=category,
            dated=date(2024, 1, 1) + timedelta(days=number),
            title=f"Document {number}",
            author=f"Auteur {number}",
            folder=self._folder(space, one, inside) if inside else None,
            masked=masked,
            header=Header(type_code=BILAN if category == "CPT_REND" and number % 2 else ""),
            **limits,
        )
        says = f"{WORD} {word}"
        content = picture(says) if image else says.encode()
        before = {row.id for row in Notice.select(Notice.id)}
        made = self._put(space, one, content, f"{says}.{'png' if image else 'txt'}", told)
        paper = self._note(space, made, word, content, one.who if one else "")
        paper.category, chosen = category, masked not in (None, _by_default(space))
        paper.type_code = told.header.type_code
        if one and one.role in DECIDE and chosen:
            paper.own = (next(self.number), masked)
        if one and (one.role in DECIDE or "file" in one.given):
            paper.folder = inside
        paper.to_announce = limits.get("unannounced", False)
        paper.kept_from_parents = limits.get("from_representatives", False)
        if any(limits.values()):
            self.apart.add(paper)
        if one and one.role not in PROFESSIONALS:
            self.by_member.add(paper)
        self._check_letters(space, paper, before)
        return paper

    def deposit_again(self, space, one, paper):
        """The same file: refused, unless the one who deposits cannot know that it is there."""
        word, content = self.words[paper.uid], self.bytes[paper.uid]
        same = [p for p in space.papers if not p.erased and self.bytes[p.uid] == content]
        known = any(sees(one, p, space, clock.now()) for p in same)
        kept = (p in self.apart or {p, p.folder} & one.left_out for p in same)
        refused = known or not all(kept)
        told = Description("CPT_REND", date(2024, 1, 1), "De nouveau", "Auteur")
        try:
            made = self._put(space, one, content, f"{WORD} {word}", told)
        except Refusal:
            assert refused, "what is hidden from her shows, for her own is refused"
            return
        assert not refused, "the same file twice"
        beside = self._note(space, made, word, content, one.who)
        beside.category = "CPT_REND"
        if one.role not in PROFESSIONALS:
            self.by_member.add(beside)

    def _put(self, space, one, content, name, told):
        spool = spooled(content)
        try:
            if one is None:
                return deposit.put(space.row, SURGERY, spool, name, told, LIMITS)
            return deposit.by_access(self.door(space, one), spool, name, told, LIMITS)
        finally:
            spool.discard()

    def _note(self, space, made, word, content, by):
        paper = Paper(made.uid, made.title, by, made.category)
        self.words[made.uid], self.authors[made.uid] = word, made.author
        self.bytes[made.uid], self.since[made.uid] = content, clock.now()
        self.read_by[made.uid] = {by}
        space.papers.append(paper)
        return paper

    def announce(self, space, one, paper):
        before = {row.id for row in Notice.select(Notice.id)}
        announcement.announce(self.door(space, one), self._row(space, one, paper))
        paper.to_announce = False
        self._check_letters(space, paper, before)

    def _check_letters(self, space, paper, before):
        """A letter says nothing, but it comes: only to whoever sees what it is about."""
        new = {row.recipient for row in Notice.select() if row.id not in before}
        told = [one for one in self.live(space, *DECIDE) if sees(one, paper, space, clock.now())]
        assert new <= {self.accounts[one.who].email for one in told}, f"letters about {paper}"

    def read(self, space, one, paper):
        document.read(self.door(space, one), self._row(space, one, paper))
        self.read_by[paper.uid].add(one.who)

    def move(self, space, one, papers, inside):
        """Whoever does not decide shows nothing so to someone from whom it was left out."""
        rows = [self._row(space, one, paper) for paper in papers]
        target = self._folder(space, one, inside) if inside else None
        filing.move(self.door(space, one), rows, target)
        for paper in papers:
            if one.role not in DECIDE and paper.folder != inside:
                self._keep_out(space, paper.folder, [paper])
            paper.folder = inside

    def _keep_out(self, space, name, papers):
        for other in [*space.accesses, *(each.access for each in space.invited)]:
            if name in other.left_out:
                other.left_out.update(papers)

    def bin(self, space, one, paper):
        bin.discard(self.door(space, one), [self._row(space, one, paper)])
        if paper in self.by_member and not paper.wish:
            paper.binned, self.since[paper.uid] = True, clock.now()

    def restore(self, space, one, paper):
        content = self.bytes[paper.uid]
        known = any(self.bytes[each.uid] == content for each in self.seen(space, one))
        try:
            bin.restore(self.door(space, one), self._row(space, one, paper))
        except Refusal:
            assert known, "what is hidden from her shows, for her own is refused"
        else:
            assert not known, "the same file twice"
            paper.binned = False

    def erase(self, space, one, paper):
        bin.erase(self.door(space, one), self._row(space, one, paper))
        paper.erased = True

    def make_folder(self, space, one):
        name = f"Dossier {next(self.number)}"
        folder.make(self.door(space, one), name)
        space.folders.append(name)

    def delete_folder(self, space, one, name):
        """Whoever was kept from what it held is kept from it still."""
        folder.delete(self.door(space, one), self._folder(space, one, name))
        inside = [paper for paper in space.papers if paper.folder == name]
        self._keep_out(space, name, inside)
        for paper in inside:
            paper.folder = None
        space.folders.remove(name)

    # --- Masking, wishes ----------------------------------------------------------------------

    def mask(self, space, one, papers, yes):
        rows = [self._row(space, one, paper) for paper in papers]
        changed = {row.uid for row in rows if not row.wish and masking.is_masked(row) != yes}
        masking.choose(self.door(space, one), rows, yes)
        for paper in papers:
            if paper.uid in changed:
                paper.own = (next(self.number), yes)

    def mask_all(self, space, one, yes):
        space.ranks.append(masking.choose_all(self.door(space, one), yes).id)
        space.masked.append((next(self.number), yes))

    def undo_masking(self, space, one):
        masking.undo(self.door(space, one), space.ranks.pop())
        space.masked.pop()

    def choose_readers(self, space, one, readers):
        wishes.choose_readers(self.door(space, one), readers)
        space.wishes_for = readers

    def sign_directives(self, space, one, paper=None):
        """A new paper, or one that is among the documents already, or in the bin."""
        door, word = self.door(space, one), _own_word(next(self.number))
        content = self.bytes[paper.uid] if paper else picture(word)
        papers = Papers(((spooled(content), f"{WORD} {word}.png"),))
        made = directive.deposit(door, clock.today(), papers, "", Protection.NONE, LIMITS)
        if paper is None:
            paper = self._note(space, made.paper, word, content, one.who)
            self.by_member.add(paper)
        paper.category = "DIR_ANT" if paper.binned else paper.category
        paper.wish, paper.binned, space.directives = True, False, (made.uid, paper)

    def withdraw_directives(self, space, one):
        """Their paper goes to the bin, where it was deposited for the person."""
        door, (uid, paper) = self.door(space, one), space.directives
        signing.withdraw(door, directive.find(door, uid))
        paper.wish, paper.binned, space.directives = False, paper in self.by_member, None
        self.since[paper.uid] = clock.now()

    # --- Carers, parents, measures ------------------------------------------------------------

    def invite(self, space, one, who, given, left_out, days):
        folders, papers = self._left_out(space, one, left_out)
        until = clock.today() + timedelta(days=days)
        rights, email = frozenset(map(Right, given)), f"a{next(self.number)}@exemple.invalid"
        terms = Terms(who, "un proche", email, "", rights, until, folders, papers)
        coming = Access("", who, "carer", _end(until), given=given, left_out=set(left_out))
        self._invited(space, coming, one, invitation.invite, self.door(space, one), terms)

    def invite_parent(self, space, one, who):
        email = f"a{next(self.number)}@exemple.invalid"
        terms = Terms(who, "l'autre parent", email, "", frozenset(), None)
        coming = Access("", who, "representative")
        self._invited(space, coming, one, invitation.invite_parent, self.door(space, one), terms)

    def enter_measure(self, space, who, kind):
        """A judge's decision, seen by the office; whoever is assisted agrees first."""
        until, email = clock.today() + MONTH, f"a{next(self.number)}@exemple.invalid"
        told = measure.Told(who, email, kind, until, "Jugement fictif")
        carer = kind == "assistance"
        coming = Access("", who, "carer" if carer else "representative", _end(until))
        coming.given = frozenset(READY) | {"correct"} if carer else frozenset()
        self._invited(space, coming, None, measure.enter, OFFICE, space.row, told)

    def _invited(self, space, coming, one, verb, *given):
        tokens = []
        made = verb(*given, "Carnet", lambda token: tokens.append(token) or LINK)
        if not tokens:
            holder = self.live(space, "holder")[0]
            door, link = self.door(space, holder), lambda token: tokens.append(token) or LINK
            invitation.agree(door, invitation.find(door, made.uid), "Carnet", link)
            made = invitation.find(door, made.uid)
        Attempt.delete().execute()
        space.invited.append(Coming(coming, made, tokens[0], one.who if one else ""))

    def accept(self, space, coming):
        made = invitation.open_with(coming.token, coming.made.code, "test")
        invitation.certify(made, True)
        one, account = coming.access, self.accounts[coming.access.who]
        one.uid = invitation.accept(made, account).uid
        one.invitation, one.measure = made, made.measure
        self._came(space, one)
        space.invited.remove(coming)
        space.held = True

    def _came(self, space, one):
        row = space.row
        one.lasts = (one.until - clock.now()).days if one.until else None
        if not row.adult:
            one.until = min(one.until or row.majority, row.majority)
        space.accesses.append(one)

    def waits(self, space, coming) -> bool:
        """For an answer: whoever invited a carer still decides, and no parent comes at 18."""
        if clock.now() - coming.since > timedelta(days=7):
            return False
        if coming.made.measure == "parent":
            return not space.row.adult
        decide = {one.who for one in self.live(space, *DECIDE)}
        return not coming.inviter or coming.inviter in decide

    def change(self, space, one, carer, given, left_out):
        door, other = self.door(space, one), self._other(space, carer)
        folders, papers = self._left_out(space, one, left_out)
        admission.change(door, other, frozenset(map(Right, given)), folders, papers)
        carer.given, carer.left_out = given, set(left_out)

    def leave_out(self, space, one, carer, paper, out):
        change = exclusion.leave_out if out else exclusion.take_back
        change(self.door(space, one), carer.invitation, self._row(space, one, paper))
        (carer.left_out.add if out else carer.left_out.discard)(paper)

    def _left_out(self, space, one, left_out):
        papers = [self._row(space, one, each) for each in left_out if isinstance(each, Paper)]
        names = [each for each in left_out if not isinstance(each, Paper)]
        return [self._folder(space, one, name) for name in names], papers

    def confide(self, space, who, masked, emergency):
        """A code from the office, for a child's parent; or for whoever is 18."""
        row = space.row
        code = handover.prepare(OFFICE, row, LINK, 42)
        answers = activation.begin(code, row.birth_date, "test")
        answers.confirm()
        if who == CHILD:
            answers.choose_credentials("jeune@exemple.invalid", PASSWORD)
        else:
            answers.choose_account(self.accounts[who])
        answers.accept_terms()
        answers.choose_visibility(masked)
        before = row.masking_rank
        self.accounts[who] = answers.choose_emergency(emergency)
        made = self._find(who, space)
        self._came(space, Access(made.uid, who, "holder" if row.adult else "representative"))
        space.held, space.urgent = True, (emergency, emergency, False)
        if made.record.masking_rank != before:
            space.masked.append((next(self.number), masked))
            space.ranks.append(made.record.masking_rank)
        else:
            space.masked[-1] = (space.masked[-1][0], masked)

    # --- Professionals ------------------------------------------------------------------------

    def _professional(self, who):
        return Professional.get(Professional.account == self.accounts[who])

    def let_in(self, space, one, who, days):
        until = clock.today() + timedelta(days=days) if days else None
        made = admission.let_in(self.door(space, one), self._professional(who), until)
        self._let_in(space, made, who, until)

    def show_code(self, space, one, who, until, months):
        code = consultation.make(self.door(space, one), until)
        made = consultation.use(self._professional(who), code, "test")
        last = None if months is None else clock.months_later(clock.today(), months)
        here = self.of(space, who)
        if here is None or here.role == "emergency":
            self._let_in(space, made, who, last)
        elif here.until and (last is None or _end(last) > here.until):
            adult, majority = space.row.adult, space.row.majority
            here.until = last and _end(last)
            here.until = here.until if adult else min(here.until or majority, majority)

    def _let_in(self, space, made, who, last):
        before = self.of(space, who)
        if before:  # an emergency, of which there is no need any more
            before.ended = True
        one = Access(made.uid, who, "professional", last and _end(last))
        one.profession = self.professions[who]
        self._came(space, one)

    def make_administrator(self, space, one, other, yes):
        admission.make_administrator(self.door(space, one), self._other(space, other), yes)
        other.administrator = yes

    def block(self, space, one, who):
        block.block(self.door(space, one), self.accounts[who])
        space.blocked.add(who)
        for other in self.live(space, *Role):
            other.ended = other.ended or other.who == who

    def lift(self, space, one, who):
        block.lift(self.door(space, one), self.accounts[who])
        space.blocked.discard(who)

    def suspend(self, who):
        professional.suspend(OFFICE, self._professional(who))
        self.suspended.add(who)
        for other in [o for space in self.spaces for o in self.live(space, *PROFESSIONALS)]:
            other.ended = other.ended or other.who == who

    def reinstate(self, who):
        professional.reinstate(OFFICE, self._professional(who))
        self.suspended.discard(who)

    def correct(self, who, profession):
        row = self._professional(who)
        told = professional.Told(row.name, row.account.email, profession, samu=who == SAMU)
        professional.correct(OFFICE, row, told)
        self.professions[who] = profession
        for other in [o for space in self.spaces for o in self.live(space, *PROFESSIONALS)]:
            other.profession = self.professions[other.who]

    def choose_emergency(self, space, one, samu, others, masked_too):
        emergency.choose(self.door(space, one), samu, others, masked_too)
        space.urgent = (samu, others, masked_too and (samu or others))

    def declare_emergency(self, space, who):
        row = space.row
        person = Identity(row.birth_name, row.first_given_name, row.birth_date)
        reason = "Malaise, ne répond plus"
        made = emergency.declare(self._professional(who), person, reason, "test")
        one = Access(made.uid, who, "emergency", clock.now() + timedelta(hours=2))
        one.profession, one.masked_too = self.professions[who], space.urgent[2]
        self._came(space, one)

    # --- Ends ---------------------------------------------------------------------------------

    def end(self, space, one, other):
        admission.end(self.door(space, one), self._other(space, other))
        other.ended = True

    def end_by_office(self, space, other):
        admission.end_by_office(OFFICE, self._other(space, other))
        self._ended(space, other)

    def leave(self, space, one):
        admission.leave(self.door(space, one))
        self._ended(space, one, but_parents=True)

    def _ended(self, space, one, but_parents=False):
        one.ended = True
        if one.role == "representative":
            mine = [each for each in space.invited if each.inviter == one.who]
            for each in mine:
                if not (but_parents and each.made.measure == "parent"):
                    space.invited.remove(each)
            self._release(space)

    def _release(self, space):
        """Nobody holds it any more: each consent is asked again."""
        if not self.live(space, *DECIDE):
            space.held, space.urgent = False, (False, False, False)

    def renew(self, space, one, other):
        """For as long as it was given, and never less than what is left."""
        until = _end(admission.renew(self.door(space, one), self._other(space, other)))
        asked = _end(clock.today() + timedelta(days=min(max(1, other.lasts), 731)))
        row = space.row
        law = max(other.until, asked if row.adult else min(asked, row.majority))
        assert until == law, f"renewed until {until}, not {law}"
        other.until = until

    # --- Time ---------------------------------------------------------------------------------

    def pass_time(self, by):
        # A second more, so that nothing falls on the very moment of its end.
        clock._shift = (clock._shift or timedelta()) + by + timedelta(seconds=1)

    def work(self):
        """What `flask work` does of it, in its order."""
        majority.warn()
        majority.come_of_age(LINK, 42)
        admission.expire_due()
        admission.warn()
        announcement.work()
        statement.file_due(LIMITS)
        bin.empty_old()
        for space in self.spaces:
            self._note_work(space)

    def _note_work(self, space):
        now = clock.now()
        over = [one for one in space.accesses if not one.ended and not opens(one, now)]
        for one in over:
            self._ended(space, one)
        if over and space.name == CHILD and space.row.adult:
            space.invited.clear()
        for paper in space.papers:
            if now - self.since[paper.uid] > MONTH:
                paper.to_announce = False
                paper.erased = paper.erased or paper.binned
        self._note_statements(space)

    def _note_statements(self, space):
        known = {paper.uid for paper in space.papers}
        filed = Document.about.is_null(False) & (Document.record == space.row.id)
        for row in Document.select().where(filed & Document.uid.not_in(known)):
            word = DocumentText.get_by_id(row.id).text.split()[-1]
            paper = self._note(space, row, word, b"", "")
            paper.about = row.about.uid


def _end(last):
    """Of an access whose last day this is."""
    return clock.midnight(last + timedelta(days=1))


def _own_word(number):
    """None begins as another does: words are found by their beginnings."""
    return f"propre{number:04}"


def _by_default(space):
    return max([*space.masked, (0, False)])[1]
