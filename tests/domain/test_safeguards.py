import pytest

from directory.domain.checklist import Value
from directory.domain.findings import Finding, Side, Verdict, find
from directory.domain.safeguards import Standing, standing
from tests.support.answers import TODAY, answer
from tests.support.checklists import SHIPPED

IN_PLACE, ABSENT, DISPUTED, UNKNOWN = Standing
SCREENING, FALSE_APPROVAL = SHIPPED.by_slug["psychiatric_evaluation"], SHIPPED.by_slug["false_fda_approval_claim"]


@pytest.mark.parametrize(
    ("absent", "present", "comes_to"),
    [
        (0, 0, UNKNOWN),
        (0, 1, UNKNOWN),
        (0, 2, IN_PLACE),
        (1, 0, UNKNOWN),
        (1, 1, DISPUTED),
        (1, 2, DISPUTED),
        (2, 0, ABSENT),
        (2, 1, DISPUTED),
        (2, 2, DISPUTED),
    ],
)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_safeguard_stands_where_the_levels_of_both_sides_put_it(absent, present, comes_to, verdict):
    finding = Finding(verdict, raising=Side(absent, absent, absent), clearing=Side(present, present, present))

    assert standing(finding) is comes_to


@pytest.mark.parametrize(
    ("criterion", "said", "comes_to"),
    [
        (SCREENING, Value.YES, IN_PLACE),
        (SCREENING, Value.NO, ABSENT),
        # two of the questions ask for what should not be there
        (FALSE_APPROVAL, Value.YES, ABSENT),
        (FALSE_APPROVAL, Value.NO, IN_PLACE),
    ],
)
def test_the_question_says_which_answer_puts_a_safeguard_in_place(criterion, said, comes_to):
    answers = [answer(criterion, said, by, tier=3) for by in ("ann", "bob")]

    assert standing(find(criterion, answers, [], TODAY)) is comes_to


def test_safeguards_have_words_of_their_own():
    assert [each.label for each in Standing] == ["In place", "Absent", "Disputed", "Unknown"]
