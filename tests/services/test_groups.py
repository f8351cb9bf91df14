import json

import pytest

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.models import Account, AuditEntry, LinkProposal
from directory.services import groups, scores
from tests.support.answers import TODAY
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    confirmed,
    decided,
    declined,
    link,
    rechecked,
    reviewed_clinic,
    submitted,
    told,
)
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

HOME, CURE = "at_home_use_offered", "cure_all_claims"
TOLD = {CURE: ("yes", told())}
SUSPECTED, UNKNOWN = "suspected", "unknown"


@pytest.fixture
def administrator():
    return public(account(role=Role.ADMINISTRATOR))


def test_two_accounts_that_are_linked_are_one_voice_in_every_clinic_they_reviewed(administrator):
    ann, twin = accounts(2)
    clinics = [reviewed_clinic() for _ in range(2)]
    for clinic in clinics:
        approved(clinic, ann, TOLD)
        approved(clinic, twin, TOLD)
    before = [verdict(clinic) for clinic in clinics]

    changed = joined(ann, twin, administrator)

    assert (before, changed) == ([SUSPECTED] * 2, 2)
    assert [verdict(clinic) for clinic in clinics] == [UNKNOWN] * 2
    assert entered("link_accounts") == [{"accounts": [twin], "voice": ann}]
    assert_the_record_holds()


def test_an_account_that_is_unlinked_speaks_for_itself_again(administrator):
    ann, twin = accounts(2)
    clinic = reviewed_clinic()
    approved(clinic, ann, TOLD)
    approved(clinic, twin, TOLD)
    joined(ann, twin, administrator)

    changed = groups.unlink(public(twin), administrator=administrator, at=NOON)

    assert (verdict(clinic), changed) == (SUSPECTED, 1)
    assert entered("unlink_account") == [{"account": twin, "group": [ann]}]
    assert_the_record_holds()


@pytest.mark.parametrize("first", [0, 1, 2, 3])
@pytest.mark.parametrize("other", [4, 5, 6])
def test_two_groups_become_one(first, other, administrator):
    people = accounts(7)
    for group in (people[:4], people[4:]):
        for each in group[1:]:
            joined(group[0], each, administrator)

    joined(people[other], people[first], administrator)

    assert links(people) == [None, *[people[0]] * 6]


@pytest.mark.parametrize("leaving", [0, 1, 2])
def test_who_leaves_a_group_leaves_the_others_linked(leaving, administrator):
    people = accounts(3)
    for each in people[1:]:
        joined(people[0], each, administrator)

    groups.unlink(public(people[leaving]), administrator=administrator, at=NOON)

    stays, too = [each for each in people if each != people[leaving]]
    assert links([people[leaving], stays, too]) == [None, None, stays]


def test_a_group_of_two_is_none_when_one_leaves(administrator):
    people = accounts(2)
    joined(*people, administrator)

    groups.unlink(public(people[0]), administrator=administrator, at=NOON)

    assert links(people) == [None, None]


def test_scores_follow_where_a_linked_account_looked_or_ruled(administrator):
    moderators, clinic = accounts(2), reviewed_clinic()
    review = approved(clinic, account(), {HOME: ("yes", link(on=REPLY_OVER))})
    approved(clinic, account(), {HOME: ("yes", link(on=REPLY_OVER))})
    rechecked(review, HOME, moderator=moderators[0])
    confirmed(clinic, HOME, *moderators)
    before = verdict(clinic, HOME)

    changed = joined(*moderators, administrator)

    assert (before, verdict(clinic, HOME), changed) == ("confirmed", SUSPECTED, 1)
    assert_the_record_holds()


def test_a_look_by_what_turns_out_to_be_the_author_is_none(administrator):
    author, moderator = accounts(2)
    clinic = reviewed_clinic()
    review = approved(clinic, author, {CURE: ("yes", link())})
    rechecked(review, CURE, moderator=moderator)
    before = verdict(clinic)

    joined(author, moderator, administrator)

    assert (before, verdict(clinic)) == ("confirmed", SUSPECTED)
    assert_the_record_holds()


def test_scores_stay_where_nothing_of_theirs_counts(administrator):
    ann, twin = accounts(2)
    decided(submitted(reviewed_clinic(), ann, TOLD), declined())
    approved(reviewed_clinic(), account(), TOLD)

    assert joined(ann, twin, administrator) == 0
    assert_the_record_holds()


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_only_an_administrator_links_and_unlinks(role, administrator):
    ann, twin, cid = accounts(3)
    joined(ann, twin, administrator)
    by = public(account(role=role))

    for act in (lambda: joined(ann, cid, by), lambda: groups.unlink(public(twin), administrator=by, at=NOON)):
        with nothing_written(), pytest.raises(Forbidden, match="takes a role"):
            act()

    assert links([ann, twin, cid]) == [None, ann, None]


def test_no_administrator_decides_whose_voice_is_theirs(administrator):
    own, other = account(role=Role.ADMINISTRATOR), account()
    joined(own, other, administrator)

    for act in (
        lambda: joined(own, account(), public(own)),
        lambda: joined(account(), other, public(own)),
        lambda: groups.unlink(public(other), administrator=public(own), at=NOON),
    ):
        with pytest.raises(Forbidden, match="another administrator must do this"):
            act()

    assert links([own, other]) == [None, own]


def test_what_is_linked_is_not_linked_again_nor_parted_from_nobody(administrator):
    ann, twin, cid = accounts(3)
    joined(ann, twin, administrator)

    with nothing_written(), pytest.raises(Conflict, match="are linked already"):
        joined(twin, ann, administrator)
    with nothing_written(), pytest.raises(Conflict, match="are linked already"):
        joined(cid, cid, administrator)
    with nothing_written(), pytest.raises(Conflict, match="is linked to no other"):
        groups.unlink(public(cid), administrator=administrator, at=NOON)


@pytest.mark.parametrize("name", ["gone", "\x00", "nobody@example.org", "\x00@example.org"])
def test_an_account_that_is_not_there_is_not_found(name, administrator):
    ann = public(account())

    for names in ((name, ann), (ann, name)):
        with nothing_written(), pytest.raises(NotFound, match="There is no such account"):
            groups.link(*names, administrator=administrator, at=NOON)
    with nothing_written(), pytest.raises(NotFound, match="There is no such account"):
        groups.unlink(name, administrator=administrator, at=NOON)
    with nothing_written(), pytest.raises(NotFound, match="There is no such account"):
        groups.link(ann, administrator, administrator=name, at=NOON)


def test_a_moderator_proposes_that_the_authors_of_two_reviews_are_one_person(administrator):
    ann, twin = accounts(2)
    clinic, moderator = reviewed_clinic(), account()
    of_twin, of_ann = submitted(clinic, twin, TOLD), submitted(clinic, ann, TOLD)

    groups.propose(of_twin, of_ann, words="The same slips in the same places.", moderator_id=moderator, at=NOON)

    (row,) = rows(LinkProposal)
    assert (row.account_id, row.other_id, row.by_id) == (ann, twin, moderator)
    assert entered("propose_link") == [{"accounts": [ann, twin], "proposal": row.id}]
    (open_one,) = groups.proposed()
    assert (open_one.account, open_one.other) == (public(ann), public(twin))
    assert (open_one.words, open_one.at) == ("The same slips in the same places.", NOON)
    assert links([ann, twin]) == [None, None]
    joined(ann, twin, administrator)
    assert groups.proposed() == []


def test_a_proposal_is_made_once_by_each_moderator_and_not_of_what_is_linked():
    clinic, (one, two, ann, twin) = reviewed_clinic(), accounts(4)
    first, second = submitted(clinic, ann, TOLD), submitted(clinic, twin, TOLD)
    third = submitted(clinic, account(linked_to=ann), TOLD)
    same = submitted(reviewed_clinic(), ann, TOLD)
    groups.propose(first, second, words="Words.", moderator_id=one, at=NOON)

    for pair, error, sentence in (
        ((second, first), Conflict, "proposed this before"),
        ((first, third), Conflict, "are linked already"),
        ((first, same), InvalidParameter, "by the same account"),
    ):
        with nothing_written(), pytest.raises(error, match=sentence):
            groups.propose(*pair, words="Words.", moderator_id=one, at=NOON)

    groups.propose(first, second, words="Words.", moderator_id=two, at=NOON)
    assert len(groups.proposed()) == 2


def test_who_proposes_is_a_moderator_and_says_why_about_reviews_that_are_there():
    clinic, (moderator, ann, twin) = reviewed_clinic(), accounts(3)
    pair = submitted(clinic, ann, TOLD), submitted(clinic, twin, TOLD)
    reviewer = account(role=None)

    with nothing_written(), pytest.raises(Forbidden, match="takes a role"):
        groups.propose(*pair, words="Words.", moderator_id=reviewer, at=NOON)
    with nothing_written(), pytest.raises(InvalidParameter, match="what you saw"):
        groups.propose(*pair, words=" ", moderator_id=moderator, at=NOON)
    for gone in ("aaaaaaaaaaaa", "\x00"):
        with nothing_written(), pytest.raises(NotFound, match="no such review"):
            groups.propose(pair[0], gone, words="Words.", moderator_id=moderator, at=NOON)


def joined(one, other, by):
    return groups.link(public(one), public(other), administrator=by, at=NOON)


def public(number):
    return rows(Account, Account.id == number)[0].public_id


def links(people):
    found = {row.id: row.linked_to_id for row in rows(Account)}
    return [found[each] for each in people]


def verdict(clinic, criterion=CURE):
    return scores.case(clinic["public_id"], TODAY).findings()[criterion].verdict


def entered(action):
    return [json.loads(row.body) for row in rows(AuditEntry, AuditEntry.action == action)]
