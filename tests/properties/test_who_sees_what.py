"""Whatever is done, by whomever, in whatever order: each person is shown what the law lets her see,
by every way there is (shown.py), and nothing more. The law is in reference.py.

CARNET_PROPERTY_EXAMPLES=2000 looks further, at other stories each time."""

import copy
import functools
import itertools
import os
from datetime import UTC, datetime, timedelta

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from models import account, browsing, clock, instance, journal, statement
from models.access import DELEGABLE, Role
from models.account import Account
from models.database import database
from models.reference.professions import PROFESSIONS
from models.settings import Settings

from ..world import PASSWORD, World, make_holder
from . import shown
from .reference import DECIDE, PROFESSIONALS, Access, is_told_of, sees
from .shown import WORD
from .story import CHILD, EVERYONE, FAMILY, SAMU, TREATING, Story, settle

EXAMPLES = int(os.environ.get("CARNET_PROPERTY_EXAMPLES", 0))
START = datetime(2027, 1, 12, 9, tzinfo=UTC)
CATEGORIES = ("CPT_REND", "ORD_SOIN", "DOC_ADM")
RIGHTS = sorted(right.value for right in DELEGABLE if right != "read")
# How long a code lets in, in months.
UNTIL = {"today": 0, "month": 1, "year": 12, "revoked": None}
EYES = ("metier", "urgence", "samu")
STATEMENTS = itertools.count(1)


class Nothing(Exception):
    """There is nobody to do it, or nothing to do it to."""


def act(may=lambda space: True):
    """A step of the story, in one of the two records; `may` says where it makes sense."""

    def told(function):
        @functools.wraps(function)
        def step(self, data):
            space = data.draw(st.sampled_from(list(filter(may, self.story.spaces))), "record")
            try:
                function(self, Drawing(data), space)
            except Nothing:
                return
            self.check(space)

        return precondition(lambda self: any(map(may, self.story.spaces)))(
            rule(data=st.data())(step)
        )

    return told


class Drawing:
    def __init__(self, data):
        self.data = data

    def one(self, options, label=None):
        # The order of a set is not the same from one run to the next.
        options = sorted(options) if isinstance(options, set) else list(options)
        if not options:
            raise Nothing
        return self.data.draw(st.sampled_from(options), label)

    def some(self, options, label=None, least=0):
        options = list(options)
        if len(options) < least:
            raise Nothing
        if not options:
            return []
        few = st.lists(st.sampled_from(options), min_size=least, max_size=3, unique_by=id)
        return self.data.draw(few, label)

    def yes(self, label=None):
        return self.data.draw(st.booleans(), label)


class WhoSeesWhat(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        journal._looked.clear()
        self.shift = clock._shift
        self.turn = 0
        kept = {id(one): one for one in self.first.accounts.values()}
        self.story = copy.deepcopy(self.first, kept)
        # The whole story is in one transaction, undone at its end.
        database.transaction().__enter__()

    def teardown(self):
        broken = [journal.broken(space.row) for space in self.story.spaces]
        database.rollback()
        database.pop_transaction()
        clock._shift = self.shift
        assert broken == [None, None]

    # --- Documents ----------------------------------------------------------------------------

    @act()
    def someone_deposits(self, draw, space):
        one = draw.one(self.story.may(space, "deposit", *DECIDE, "professional"))
        inside = draw.one([None, *self.folders(space, one)], "inside")
        masked = draw.one([None, True, False], "masked")
        self.story.deposit(space, one, draw.one(CATEGORIES), inside, masked, draw.yes("image"))

    @act()
    def a_professional_deposits(self, draw, space):
        one = draw.one(self.story.live(space, "professional"))
        limits = {"unannounced": draw.yes("unannounced")}
        if not space.row.adult:
            limits["from_representatives"] = draw.yes("from_representatives")
        self.story.deposit(space, one, draw.one(CATEGORIES), **limits)

    @act()
    def software_deposits(self, draw, space):
        self.story.deposit(space, None, draw.one(CATEGORIES))

    @act()
    def someone_deposits_what_is_there(self, draw, space):
        one = draw.one(self.story.may(space, "deposit", *DECIDE, "professional"))
        known = [p for p in space.papers if not p.erased and self.story.bytes[p.uid]]
        self.story.deposit_again(space, one, draw.one(known))

    @act(lambda space: any(paper.to_announce for paper in space.papers))
    def whoever_deposited_announces(self, draw, space):
        one = draw.one(self.story.live(space, "professional"))
        waiting = [p for p in space.papers if p.to_announce and p.by == one.who]
        self.story.announce(space, one, draw.one(waiting))

    @act()
    def someone_reads(self, draw, space):
        one = draw.one(self.story.live(space, *Role))
        self.story.read(space, one, draw.one(self.story.seen(space, one)))

    @act()
    def someone_moves(self, draw, space):
        one = draw.one(self.story.may(space, "file", *DECIDE))
        papers = draw.some(self.story.seen(space, one), "papers", least=1)
        self.story.move(space, one, papers, draw.one([None, *self.folders(space, one)]))

    @act()
    def someone_bins(self, draw, space):
        one = draw.one(self.story.may(space, "discard", *DECIDE))
        self.story.bin(space, one, draw.one(self.story.seen(space, one)))

    @act(lambda space: any(paper.binned and not paper.erased for paper in space.papers))
    def someone_restores(self, draw, space):
        one = draw.one(self.story.may(space, "discard", *DECIDE))
        self.story.restore(space, one, draw.one(self.story.seen(space, one, binned=True)))

    @act(lambda space: any(paper.binned and not paper.erased for paper in space.papers))
    def someone_erases(self, draw, space):
        one = draw.one(self.story.may(space, "discard", *DECIDE))
        self.story.erase(space, one, draw.one(self.story.seen(space, one, binned=True)))

    @act()
    def someone_makes_a_folder(self, draw, space):
        self.story.make_folder(space, draw.one(self.story.may(space, "file", *DECIDE)))

    @act(lambda space: space.folders)
    def someone_deletes_a_folder(self, draw, space):
        one = draw.one(self.story.may(space, "file", *DECIDE))
        self.story.delete_folder(space, one, draw.one(self.folders(space, one)))

    # --- Masking, wishes ----------------------------------------------------------------------

    @act()
    def some_are_masked(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        papers = draw.some(self.story.seen(space, one), "papers", least=1)
        self.story.mask(space, one, papers, draw.yes("masked"))

    @act()
    def all_are_masked(self, draw, space):
        self.story.mask_all(space, draw.one(self.story.live(space, *DECIDE)), draw.yes("masked"))

    @act(lambda space: space.ranks)
    def masking_is_undone(self, draw, space):
        self.story.undo_masking(space, draw.one(self.story.live(space, *DECIDE)))

    @act()
    def readers_of_wishes_are_chosen(self, draw, space):
        one = draw.one(self.story.live(space, "holder"))
        self.story.choose_readers(space, one, draw.one(["emergency", "access", "nobody"]))

    @act(lambda space: not space.directives and space.row.adult)
    def directives_are_signed(self, draw, space):
        one = draw.one(self.story.live(space, "holder"))
        known = self.story.seen(space, one) + self.story.seen(space, one, binned=True)
        images = [p for p in known if self.story.bytes[p.uid][:4] == b"\x89PNG"]
        bytes_of = [self.story.bytes[p.uid] for p in space.papers if not p.erased]
        alone = [p for p in images if bytes_of.count(self.story.bytes[p.uid]) == 1]
        self.story.sign_directives(space, one, draw.one([None, *alone], "among the documents"))

    @act(lambda space: space.directives)
    def directives_are_withdrawn(self, draw, space):
        one = draw.one(self.story.live(space, "holder"))
        self.story.withdraw_directives(space, one)

    # --- Carers and parents -------------------------------------------------------------------

    @act()
    def someone_is_invited(self, draw, space):
        one, who = draw.one(self.story.live(space, *DECIDE)), draw.one(FAMILY + ("dora",))
        days = draw.one([1, 30, 365])
        left_out = self.left_out(draw, space, one)
        self.story.invite(space, one, who, self.given(draw), left_out, days)

    @act(lambda space: not space.row.adult)
    def a_parent_is_invited(self, draw, space):
        one = draw.one(self.parents(space))
        asked = [each for each in space.invited if each.made.measure == "parent"]
        if len(self.parents(space)) + len(asked) > 1:
            raise Nothing
        self.story.invite_parent(space, one, draw.one(FAMILY))

    @act(lambda space: space.row.adult)
    def a_judge_decides(self, draw, space):
        kind = draw.one(["representation", "assistance"])
        if kind == "assistance" and not self.story.live(space, "holder"):
            raise Nothing
        self.story.enter_measure(space, draw.one(FAMILY), kind)

    @act(lambda space: space.invited)
    def someone_accepts(self, draw, space):
        coming = draw.one([each for each in space.invited if self.story.waits(space, each)])
        who, parent = coming.access.who, coming.made.measure == "parent"
        if self.story.of(space, who) or who in space.blocked:
            raise Nothing
        if parent and len(self.parents(space)) > 1:
            raise Nothing
        self.story.accept(space, coming)

    @act(lambda space: not space.held)
    def a_record_is_confided(self, draw, space):
        if space.held or self.story.live(space, *DECIDE):
            raise Nothing
        free = [who for who in FAMILY if not self.story.of(space, who)]
        new = [] if CHILD in self.story.accounts else [CHILD]
        who = draw.one(new if space.row.adult else free)
        self.story.confide(space, who, draw.yes("masked"), draw.yes("emergency"))

    @act()
    def a_carer_is_given_other_rights(self, draw, space):
        one, carer = draw.one(self.story.live(space, *DECIDE)), draw.one(self.carers(space))
        given = self.given(draw)
        self.story.change(space, one, carer, given, self.left_out(draw, space, one))

    @act()
    def a_document_is_left_out(self, draw, space):
        one, carer = draw.one(self.story.live(space, *DECIDE)), draw.one(self.carers(space))
        paper = draw.one(self.story.seen(space, one))
        self.story.leave_out(space, one, carer, paper, draw.yes("out"))

    # --- Professionals ------------------------------------------------------------------------

    @act()
    def a_professional_is_let_in(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        who = draw.one(self.strangers(space))
        self.story.let_in(space, one, who, draw.one([None, 1, 10, 400]))

    @act()
    def a_code_is_shown(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        others = {each.who for each in self.story.live(space, "carer", *DECIDE)}
        who = draw.one(set(TREATING) - others - space.blocked - self.story.suspended)
        until = draw.one(UNTIL)
        self.story.show_code(space, one, who, until, UNTIL[until])

    @act()
    def a_professional_is_made_administrator(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        other = draw.one(self.story.live(space, "professional"))
        self.story.make_administrator(space, one, other, draw.yes("administrator"))

    @act()
    def a_professional_is_blocked(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        self.story.block(space, one, draw.one(TREATING.keys() - space.blocked))

    @act(lambda space: space.blocked)
    def a_block_is_lifted(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        self.story.lift(space, one, draw.one(space.blocked))

    @act()
    def the_office_suspends_or_reinstates(self, draw, space):
        who = draw.one(TREATING)
        back = who in self.story.suspended
        (self.story.reinstate if back else self.story.suspend)(who)

    @act()
    def the_office_corrects_a_profession(self, draw, space):
        who = draw.one(TREATING)
        self.story.correct(who, draw.one(["doctor", "dentist", "nurse", "psychologist"]))

    @act()
    def emergencies_are_allowed(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        answers = draw.yes("samu"), draw.yes("others"), draw.yes("masked too")
        self.story.choose_emergency(space, one, *answers)

    @act()
    def an_emergency_is_declared(self, draw, space):
        who = draw.one(self.strangers(space))
        if not space.urgent[who != SAMU]:
            raise Nothing
        self.story.declare_emergency(space, who)

    # --- Ends ---------------------------------------------------------------------------------

    @act()
    def an_access_is_ended(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        self.story.end(space, one, draw.one(self.story.live(space, "carer", *PROFESSIONALS)))

    @act()
    def an_access_is_ended_by_the_office(self, draw, space):
        other = draw.one(self.story.live(space, "carer", "representative", *PROFESSIONALS))
        self.story.end_by_office(space, other)

    @act()
    def someone_leaves(self, draw, space):
        roles = "representative", "carer", *PROFESSIONALS
        self.story.leave(space, draw.one(self.story.live(space, *roles)))

    @act()
    def an_access_is_renewed(self, draw, space):
        one = draw.one(self.story.live(space, *DECIDE))
        others = self.story.live(space, "carer", "professional")
        ending = [o for o in others if o.lasts is not None and not getattr(o, "measure", "")]
        self.story.renew(space, one, draw.one(ending))

    @act()
    def time_passes(self, draw, space):
        self.story.pass_time(timedelta(hours=draw.one([1, 24, 15 * 24, 40 * 24, 300 * 24])))

    @act()
    def the_work_is_done(self, draw, space):
        self.story.work()

    # --- What is drawn ------------------------------------------------------------------------

    def folders(self, space, one):
        return [name for name in space.folders if name not in one.left_out]

    def carers(self, space):
        """Those invited here: what is left out hangs from that."""
        return self.story.live(space, "carer")

    def parents(self, space):
        return self.story.live(space, "representative") if not space.row.adult else []

    def strangers(self, space):
        known = {one.who for one in self.story.live(space, *Role)}
        return set(TREATING) - known - space.blocked - self.story.suspended

    def given(self, draw):
        """Nearly always with reading, without which little is left."""
        if draw.one(["reads", "reads", "reads", "reads", "does not"]) == "does not":
            return frozenset({"trace", "wishes"})
        return frozenset({"read", *draw.some(RIGHTS, "rights")})

    def left_out(self, draw, space, one):
        return draw.some([*self.folders(space, one), *self.story.seen(space, one)], "left out")

    # --- What must be so ----------------------------------------------------------------------

    def check(self, changed):
        """Everything for everyone, in the record where something was done; in the other, less."""
        self.turn += 1
        for space in self.story.spaces:
            here = {who: self.story.of(space, who) for who in EVERYONE}
            for who, one in here.items():
                found = self.story._find(who, space)
                assert (found and found.uid) == (one and one.uid), f"{who} enters, or does not"
            for one in filter(None, here.values()):
                self.check_one(space, one, space is changed)
            if space is changed:
                self.check_deciding(space)

    def check_one(self, space, one, whole):
        access, law = self.story.door(space, one), self.law(space, one)
        whom = f"{one}, in the record of {space.name}"
        if not whole:
            assert {row.uid for row in access.documents()} == law["listed"], whom
            return
        told = self.told(space, access)
        wrong = {way: (told[way], law[way]) for way in told if told[way] != law[way]}
        assert not wrong, f"{whom}, is shown: {self.titled(space, wrong)}"

    def told(self, space, access):
        """Searching and opening are asked in turn, unless there is time."""
        turned = self.turned(space.papers)
        uid, every = turned.uid, [paper.uid for paper in space.papers]
        told = shown.documents(access)
        if EXAMPLES or self.turn % 2:
            told |= shown.found(access, self.story.words[uid])
        if EXAMPLES or not self.turn % 2:
            told |= shown.opened(access, uid, every)
        return told

    def titled(self, space, wrong):
        """Each way, what it shows and what it should, in words."""
        titles = {paper.uid: str(paper) for paper in space.papers}

        def words(told):
            return sorted(titles.get(one, one) for one in told) if isinstance(told, set) else told

        return "; ".join(f"{way} {words(a)}, not {words(b)}" for way, (a, b) in wrong.items())

    def law(self, space, one):
        now = clock.now()
        seen = self.story.seen(space, one)
        uids, turned = {paper.uid for paper in seen}, self.turned(space.papers)
        binned = {paper.uid for paper in self.story.seen(space, one, binned=True)}
        reads = one.role != "carer" or "read" in one.given
        folders = self.folders(space, one) if reads else []
        return {
            "listed": uids,
            "counted": len(uids),
            "found": uids,
            "found by its own word": {p.uid for p in seen if self.same_word(p, turned)},
            "opened": uids,
            "opened alone": (uids | binned) & {turned.uid},
            "in the bin": binned,
            "in folders": {name: sum(p.folder == name for p in seen) for name in folders},
            "new": sum(one.who not in self.story.read_by[uid] for uid in uids),
            "authors": {self.story.authors[uid] for uid in uids},
            "told on its page": uids | binned,
            "in the activity": {p.uid for p in space.papers if is_told_of(one, p, space, now)},
        }

    def check_deciding(self, space):
        """What a page tells to whoever decides of what others see."""
        one = self.turned(self.story.live(space, *DECIDE))
        if one is None:
            return
        door, told = self.story.door(space, one), self.law(space, one)
        assert shown.exported(door) == told["in the activity"], f"exported by {one}"
        paper = self.turned(self.story.seen(space, one))
        if paper:
            self.check_viewers(space, one, door, paper)
        self.check_eyes(space, door, told["listed"])

    def check_viewers(self, space, one, door, paper):
        now = clock.now()
        names = {who: account.name for who, account in self.story.accounts.items()}
        names[one.who] = "Moi"
        law = {names[o.who] for o in self.story.live(space, *Role) if sees(o, paper, space, now)}
        assert shown.viewers(door, paper.uid) & set(names.values()) == law, f"viewers of {paper}"

    def check_eyes(self, space, door, mine):
        """« Voir comme »: another's eyes, but nothing that one does not see oneself."""
        for other in self.story.live(space, "carer", "representative", *PROFESSIONALS):
            if other.uid != door.uid:
                law = mine & {paper.uid for paper in self.story.seen(space, other)}
                assert shown.through(door, other.uid) == law, f"{door.actor.name} as {other}"
        case, profession = self.turned(EYES), self.turned(list(PROFESSIONS))
        role = "professional" if case == "metier" else "emergency"
        if role == "emergency" and not space.urgent[case != "samu"]:
            return
        eyes = Access("", "anyone", role, profession=profession, masked_too=space.urgent[2])
        eyes.masked_too = eyes.masked_too and role == "emergency"
        law = mine & {paper.uid for paper in self.story.seen(space, eyes)}
        assert shown.through(door, f"{case}-{profession}") == law, f"as {case}, {profession}"

    def turned(self, options):
        """One after the other, step by step."""
        return options[self.turn // 2 % len(options)] if options else None

    def same_word(self, paper, turned):
        return self.story.words[paper.uid] == self.story.words[turned.uid]


@pytest.fixture
def stories(tmp_path, monkeypatch):
    """An instance where each story begins, at a day that is always the same."""
    # Pages that are small, so that there are several; no wait for the disk, nor for statements.
    monkeypatch.setattr(browsing, "PAGE", 4)
    monkeypatch.setattr(journal, "PAGE", 50)
    monkeypatch.setattr("os.fsync", lambda handle: None)
    monkeypatch.setattr(statement.typesetting, "pdf", statement_in_short)
    with clock.moved(START - datetime.now(UTC)):
        folder = Settings(instance=tmp_path / "instance")
        instance.create(folder)
        instance.open_instance(folder)
        make_holder("alice")
        for name in ("bruno", "carole"):
            Account.create(email=f"{name}@exemple.invalid", name=name, password_hash="")
        account.make_office("diane@exemple.invalid", "Diane Modèle", PASSWORD)
        world = World()
        settle(world)
        set_hypothesis_home_dir(tmp_path / "hypothesis")
        WhoSeesWhat.first = Story(world)
        WhoSeesWhat.first.begin()
        WhoSeesWhat.vault = tmp_path / "instance" / "vault"
        yield
    database.close()


def statement_in_short(sheet):
    number = next(STATEMENTS)
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica")
    paper.cell(text=f"{WORD} attestation{number:04}")
    return bytes(paper.output())


def test_each_person_is_shown_what_the_law_lets_her_see(stories):
    run_state_machine_as_test(
        WhoSeesWhat,
        settings=settings(
            max_examples=EXAMPLES or 10,
            stateful_step_count=50,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate] if os.environ.get("NOSHRINK") else list(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )
