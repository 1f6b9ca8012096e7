"""`flask work`: the day a child is 18, and the statements that a crash left out."""

from datetime import timedelta

from models import access, clock, handover
from models.access import Access, Why
from models.document import Document
from models.notice import Notice
from tests.minors import activated, second

DAY = timedelta(days=1)


def work(app):
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["work"])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_day_a_child_is_18(app, world):
    parent = activated(world, born=clock.months_later(clock.today(), -216) + 20 * DAY)
    second(world, parent)
    handover.note_address(
        world.office, parent.record, "noe@exemple.invalid", "http://localhost", 42
    )
    work(app)
    told = [one.recipient for one in Notice.select().where(Notice.subject.contains("18 ans"))]
    assert sorted(told) == [
        "bruno@exemple.invalid",
        "carole@exemple.invalid",
        "noe@exemple.invalid",
    ]
    with clock.moved(21 * DAY):
        work(app)
        assert access.all_in(parent.record) == []
        whys = {one.ended_why for one in Access.select().where(Access.record == parent.record)}
        assert whys == {Why.MAJORITY}
        letter = Notice.select().where(Notice.recipient == "noe@exemple.invalid")
        assert letter.order_by(Notice.id.desc()).get().sent_at
        titles = [one.title for one in Document.select().where(Document.about.is_null(False))]
        assert len([title for title in titles if "fin de l'accès" in title]) == 2
        assert len(titles) == 4
        work(app)
        assert Document.select().where(Document.about.is_null(False)).count() == 4
