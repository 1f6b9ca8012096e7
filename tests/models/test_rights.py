"""Rights: what each role may do, the verbs asked one by one."""

import pytest

from models import document, masking
from models.access import RIGHTS, Forbidden, Right, Role


def test_masking_and_the_activity_are_never_anyone_else_s():
    own = {Role.HOLDER, Role.REPRESENTATIVE}
    for right in set(Right) - {Right.READ, Right.DEPOSIT, Right.WISHES, Right.WILL}:
        assert {role for role in Role if right in RIGHTS[role]} == own, right
    assert {role for role in Role if Right.DEPOSIT in RIGHTS[role]} == set(Role) - {Role.EMERGENCY}
    assert {role for role in Role if Right.READ in RIGHTS[role]} == set(Role)


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_masking_is_for_the_holder_and_her_representative_only(world, role):
    world.paper("Compte rendu")
    bruno = world.let_in("bruno", role)
    for verb in (
        lambda: masking.choose_all(bruno, True),
        lambda: masking.choose(bruno, document.loaded(bruno, bruno.documents()), True),
        lambda: masking.undo(bruno, 1),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert world.masked() == set()
