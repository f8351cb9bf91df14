from dataclasses import replace
from itertools import product

import pytest
from hypothesis import strategies as st

from directory.domain import access
from directory.domain.access import (
    GRANTED,
    GRANTS,
    SENTENCES,
    Actor,
    Condition,
    Permission,
    Refusal,
    Role,
    Thing,
    allows,
    is_privileged,
    reaches,
    refusal,
    roles_of,
)
from directory.domain.ties import TieKind
from tests.support.drawn_cases import for_every

#: Ann speaks for herself and for her other account, Bob for himself.
ANN, HER_OTHER, BOB = 1, 2, 3
BARRING = {"owner", "employee", "former_employee", "competitor", "paid", "family", "litigation"}
PEOPLE = {
    "visitor": None,
    "reviewer": set(),
    "moderator": {Role.MODERATOR},
    "administrator": {Role.ADMINISTRATOR},
    "moderator and administrator": {Role.MODERATOR, Role.ADMINISTRATOR},
}
#: Who wrote it, and the ties of ann to its clinic; the columns of EXPECTED.
THINGS = {
    "ann's": ([ANN], [ANN], ()),
    "her other account's": ([HER_OTHER], [ANN], ()),
    "bob's": ([BOB], [BOB], ()),
    "bob's, of her clinic as a patient": ([BOB], [BOB], {"patient"}),
    **{f"bob's, of her clinic: {kind}": ([BOB], [BOB], {kind}) for kind in sorted(BARRING)},
    "ann's, of her clinic as a patient": ([ANN], [ANN], {"patient"}),
    **{f"ann's, of her clinic: {kind}": ([ANN], [ANN], {kind}) for kind in sorted(BARRING)},
    "her other account's, of her clinic": ([HER_OTHER], [ANN], {"owner"}),
    "bob's, of her clinic by two ties": ([BOB], [BOB], {"patient", "paid"}),
}
FEW = ["ann's", "her other account's", "bob's", "bob's, of her clinic as a patient", "bob's, of her clinic: owner",
       "ann's, of her clinic as a patient", "ann's, of her clinic: owner"]  # fmt: skip
ALIKE = {
    **{f"{whose}, of her clinic: {kind}": f"{whose}, of her clinic: owner"
       for whose, kind in product(("ann's", "bob's"), BARRING)},
    "her other account's, of her clinic": "her other account's, of her clinic",
    "bob's, of her clinic by two ties": "bob's, of her clinic: owner",
}  # fmt: skip
# Design MODERATION, 3, cell by cell, a letter for each of FEW: allowed, to sign in first, without the role, not theirs,
# their own work, their tie. Then what comes of her other account's review of a clinic to which she is tied.
EXPECTED = {
    "read_published": {
        "visitor": "....... .", "reviewer": "....... .", "moderator": "....... .", "administrator": "....... .",
    },
    "sign_in": {
        "visitor": "....... .", "reviewer": "....... .", "moderator": "....... .", "administrator": "....... .",
    },
    "own_account": {
        "visitor": "sssssss s", "reviewer": "....... .", "moderator": "....... .", "administrator": "....... .",
    },
    # a tie that bars is one of any but a patient's; who has none writes as a reviewer, whatever else they are
    "write_review": {
        "visitor": "sssssss s", "reviewer": "....t.t t", "moderator": "....t.t t", "administrator": "....t.t t",
    },
    "read_own_review": {
        "visitor": "sssssss s", "reviewer": ".nnnn.. n", "moderator": ".nnnn.. n", "administrator": ".nnnn.. n",
    },
    "withdraw_review": {
        "visitor": "sssssss s", "reviewer": ".nnnn.. n", "moderator": ".nnnn.. n", "administrator": ".nnnn.. n",
    },
    # whoever has a tie says so, and suggests
    "suggest_listing": {
        "visitor": "sssssss s", "reviewer": "....... .", "moderator": "....... .", "administrator": "....... .",
    },
    "read_own_suggestion": {
        "visitor": "sssssss s", "reviewer": ".nnnn.. n", "moderator": ".nnnn.. n", "administrator": ".nnnn.. n",
    },
    "see_queue": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "....... .", "administrator": "....... .",
    },
    # staff are reviewers too, and read what they wrote themselves
    "read_unpublished": {
        "visitor": "sssssss s", "reviewer": ".nnnn.. n", "moderator": ".w.tt.. w", "administrator": ".w.tt.. w",
    },
    # an administrator is not exempt
    "decide": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "recheck": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "rule": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "void": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "hold": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "propose_link": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "....... .", "administrator": "....... .",
    },
    "link_accounts": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "rrrrrrr r", "administrator": "....... .",
    },
    "decide_listing": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "ww.ttww w", "administrator": "ww.ttww w",
    },
    "hide_listing": {
        "visitor": "sssssss s", "reviewer": "rrrrrrr r", "moderator": "rrrrrrr r", "administrator": "ww.ttww w",
    },
}  # fmt: skip
LETTERS = {
    ".": None, "s": Refusal.SIGN_IN, "r": Refusal.ROLE, "n": Refusal.NOT_YOURS, "w": Refusal.OWN_WORK, "t": Refusal.TIE,
}  # fmt: skip
#: What is more than a reviewer may do.
PRIVILEGED = {
    "see_queue", "read_unpublished", "decide", "recheck", "rule", "void", "hold", "propose_link", "link_accounts",
    "decide_listing", "hide_listing",
}  # fmt: skip


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("permission", Permission)
def test_everybody_may_do_what_the_policy_says_and_nothing_else(permission, person, thing):
    why = expected(permission, person, thing)

    assert refusal(acting(person), permission, made(thing)) is why
    assert allows(acting(person), permission, made(thing)) is (why is None)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("permission", Permission)
def test_without_a_thing_the_answer_is_whether_there_can_be_one(permission, person):
    whys = {expected(permission, person, thing) for thing in THINGS}
    why = None if None in whys else expected(permission, person, "bob's")

    assert refusal(acting(person), permission) is why
    assert allows(acting(person), permission) is (why is None)


@pytest.mark.parametrize("has_second_factor", [False, True])
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("permission", Permission)
def test_staff_reach_nothing_privileged_without_a_second_factor(permission, person, has_second_factor):
    is_staff = person not in {"visitor", "reviewer"}
    refused = refusal(acting(person), permission)
    lacks_it = is_staff and permission in PRIVILEGED and refused is None and not has_second_factor
    why = Refusal.SECOND_FACTOR if lacks_it else refused

    assert reaches(acting(person, has_second_factor=has_second_factor), permission) is why


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_is_privileged_where_staff_may_do_more_than_a_reviewer(permission):
    assert is_privileged(permission) is (permission in PRIVILEGED)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("permission", Permission)
def test_a_permission_that_nobody_granted_is_refused(permission, person, monkeypatch):
    monkeypatch.delitem(GRANTS, permission)
    why = Refusal.SIGN_IN if person == "visitor" else Refusal.ROLE

    for thing in (None, *map(made, THINGS)):
        assert refusal(acting(person), permission, thing) is why
        assert not allows(acting(person), permission, thing)
    assert reaches(acting(person, has_second_factor=True), permission) is why


@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "visitor"])
@pytest.mark.parametrize("permission", Permission)
def test_what_is_granted_to_nobody_who_signed_in_is_refused_them_for_want_of_the_role(permission, person, monkeypatch):
    monkeypatch.setitem(GRANTS, permission, {Role.VISITOR: Condition.NEVER})

    assert refusal(acting(person), permission, made("bob's")) is Refusal.ROLE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
def test_a_role_that_the_matrix_leaves_out_has_nothing_by_it(role, monkeypatch):
    monkeypatch.setitem(GRANTS, Permission.DECIDE, dict.fromkeys(set(Role) - {role}, Condition.NEVER))

    assert refusal(Actor(account_id=ANN, voice=ANN, roles=frozenset({role})), Permission.DECIDE) is Refusal.ROLE


def test_the_matrix_says_of_every_permission_what_each_role_may():
    assert {permission: set(grants) for permission, grants in GRANTS.items()} == {
        each: set(Role) for each in Permission
    }
    assert {permission.value for permission in Permission} == EXPECTED.keys()


def test_somebody_who_did_not_sign_in_has_nothing_of_their_own_that_a_condition_could_ask_for():
    assert {grants[Role.VISITOR] for grants in GRANTS.values()} == {Condition.ALWAYS, Condition.NEVER}


def test_a_row_of_the_matrix_says_what_each_role_may_from_the_least_to_the_most():
    assert access._row("- b t y") == {
        Role.VISITOR: Condition.NEVER,
        Role.REVIEWER: Condition.UNBARRED,
        Role.MODERATOR: Condition.UNTIED,
        Role.ADMINISTRATOR: Condition.ALWAYS,
    }


@pytest.mark.parametrize("row", ["", "- o t", "- o t y y", "- o t x", "-oty"])
def test_a_row_of_the_matrix_that_is_not_whole_stops_the_product_from_starting(row):
    with pytest.raises(ValueError, match=r"zip\(\)|is not a valid Condition"):
        access._row(row)


@pytest.mark.parametrize(
    ("granted", "acts_in"),
    [
        (None, {"visitor"}),
        (set(), {"visitor", "reviewer"}),
        ({Role.REVIEWER}, {"visitor", "reviewer"}),
        ({Role.MODERATOR}, {"visitor", "reviewer", "moderator"}),
        ({Role.ADMINISTRATOR}, {"visitor", "reviewer", "administrator"}),
        ({Role.MODERATOR, Role.ADMINISTRATOR}, {"visitor", "reviewer", "moderator", "administrator"}),
    ],
)
def test_everybody_is_a_visitor_and_whoever_signed_in_a_reviewer(granted, acts_in):
    assert roles_of(None if granted is None else somebody(roles=granted)) == acts_in


@pytest.mark.parametrize(
    ("roles", "is_staff"),
    [
        (set(), False),
        ({Role.REVIEWER, Role.VISITOR}, False),
        ({Role.MODERATOR}, True),
        ({Role.ADMINISTRATOR}, True),
        ({Role.REVIEWER, Role.ADMINISTRATOR}, True),
    ],
)
def test_staff_are_those_to_whom_a_role_was_granted(roles, is_staff):
    assert somebody(roles=roles).is_staff is is_staff
    assert set(GRANTED) == {Role.MODERATOR, Role.ADMINISTRATOR}


def test_who_is_only_signed_in_has_no_role_and_no_second_factor_and_nothing_is_anybodys_unless_it_is_said():
    actor = Actor(account_id=ANN, voice=ANN)

    assert (actor.roles, actor.has_second_factor, actor.is_staff) == (frozenset(), False, False)
    assert Thing() == Thing(authors=frozenset(), voices=frozenset(), ties=frozenset())


def test_roles_and_refusals_are_told_in_their_own_words():
    assert {role.value: role.label for role in Role} == {
        "visitor": "Visitor",
        "reviewer": "Reviewer",
        "moderator": "Moderator",
        "administrator": "Administrator",
    }
    assert {
        Refusal.NOT_YOURS: "Only the author can do this with a review.",
        Refusal.OWN_WORK: (
            "You cannot decide on your own review or suggestion, nor on one of an account linked to yours."
        ),
        Refusal.TIE: "You have a tie to this clinic, so somebody else must do this.",
        Refusal.ROLE: "This takes a role that your account does not have.",
    } == SENTENCES


def test_every_refusal_of_something_that_somebody_did_has_a_sentence():
    whys = {expected(*cell) for cell in product(Permission, PEOPLE, THINGS) if cell[1] != "visitor"}

    assert whys == {None, *SENTENCES}


def actors():
    return st.builds(
        Actor,
        account_id=st.sampled_from((ANN, HER_OTHER)),
        voice=st.just(ANN),
        roles=st.frozensets(st.sampled_from(Role)),
        has_second_factor=st.booleans(),
    )


def things():
    ids = st.frozensets(st.sampled_from((ANN, HER_OTHER, BOB)))
    kinds = [kind for kind in TieKind if kind is not TieKind.NONE]
    return st.builds(Thing, authors=ids, voices=ids, ties=st.frozensets(st.sampled_from(kinds)))


def permissions():
    return st.sampled_from(Permission)


@for_every(400, actor=actors(), other=actors(), permission=permissions(), thing=st.none() | things())
def test_whoever_has_several_roles_may_do_what_any_of_them_may(actor, other, permission, thing):
    both = replace(actor, roles=actor.roles | other.roles)
    one_by_one = [replace(actor, roles=frozenset({role})) for role in both.roles | {Role.REVIEWER}]

    assert allows(both, permission, thing) == any(allows(each, permission, thing) for each in one_by_one)


@for_every(400, actor=actors(), permission=permissions(), thing=things())
def test_nobody_may_do_more_for_a_tie_or_for_a_linked_accounts_part_in_the_work(actor, permission, thing):
    if allows(actor, permission, thing):
        assert allows(actor, permission, Thing(authors=thing.authors))


@for_every(
    400,
    actor=actors(),
    permission=st.sampled_from([Permission.DECIDE, Permission.RECHECK, Permission.RULE]),
    thing=things(),
)
def test_nobody_decides_on_what_they_had_a_part_in_or_have_a_tie_to_whatever_their_roles(actor, permission, thing):
    may = allows(actor, permission, thing)

    assert may == (actor.is_staff and ANN not in thing.voices and not thing.ties)


@for_every(400, actor=actors(), permission=permissions(), thing=things())
def test_nobody_may_do_anything_at_an_address_that_they_do_not_reach(actor, permission, thing):
    if allows(actor, permission, thing):
        assert reaches(replace(actor, has_second_factor=True), permission) is None


def expected(permission, person, thing):
    row = EXPECTED[permission]["administrator" if person == "moderator and administrator" else person]
    column = ALIKE.get(thing, thing)
    return LETTERS[row[-1] if column == "her other account's, of her clinic" else row[FEW.index(column)]]


def acting(person, **details):
    roles = PEOPLE[person]
    return None if roles is None else somebody(roles=roles, **details)


def somebody(*, roles, **details):
    return Actor(account_id=ANN, voice=ANN, roles=frozenset(roles), **details)


def made(thing):
    authors, voices, ties = THINGS[thing]
    return Thing(authors=frozenset(authors), voices=frozenset(voices), ties=frozenset(map(TieKind, ties)))
