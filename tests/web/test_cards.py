from dataclasses import replace
from itertools import count

import pytest

from directory.domain.card import card
from directory.domain.checklist import Value
from directory.domain.dossier import Approved, Dossier, Look, Ruled
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.findings import RulingKind, Verdict
from directory.domain.scoring import score
from directory.web import cards, evidence, findings, scores
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, PHYSICIAN, SHIPPED

_numbers = count(1)
U, C, D, S, X = "unknown", "cleared", "disputed", "suspected", "confirmed"


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ((C, C, D, X, S), "One sign is confirmed, one suspected and one disputed; two were looked for and not found."),
        (
            (C, U, D, X, S),
            "One sign is confirmed, one suspected and one disputed; one was looked for and not found; one is unknown.",
        ),
        ((C, C, C, C, C), "All five signs were looked for and not found."),
        ((U, U, U, U, U), "All five signs are unknown."),
        ((C, C, C, U, U), "Three signs were looked for and not found; two are unknown."),
        ((X, X, X, X, X), "Five signs are confirmed."),
        ((X, D, D, U, U), "One sign is confirmed and two disputed; two are unknown."),
        ((S, S, C, C, C), "Two signs are suspected; three were looked for and not found."),
    ],
)
def test_the_five_findings_make_one_sentence(app, verdicts, sentence):
    assert scores.summed_up(scored(*verdicts)) == sentence


@pytest.mark.parametrize(
    ("verdicts", "words", "reason"),
    [
        ((C, C, D, X, S), "30 to 70 of 100", "It is a range because one sign is disputed and one only suspected."),
        ((C, C, C, U, S), "60 to 90 of 100", "It is a range because one sign is only suspected and one unknown."),
        ((U, X, D, X, C), "0 to 30 of 100", "It is a range because one sign is disputed and one unknown."),
        ((C, C, C, X, C), "80 of 100", ""),
        ((C, C, C, C, C), "100 of 100", ""),
        ((X, X, X, U, U), "0 of 100", ""),
        ((C, C, U, U, U), "no number yet", ""),
    ],
)
def test_a_range_says_why_it_is_one_and_a_single_number_has_nothing_to_say(app, verdicts, words, reason):
    assert scores.range_words(scored(*verdicts)) == f"Score: {words}"
    assert scores.range_reason(scored(*verdicts)) == reason


def test_what_is_held_back_says_how_much_is_settled_and_how_much_is_needed(app):
    assert scores.still_needed(scored(C, C, U, U, U)) == "2 of 5 signs are settled, 3 are needed."
    assert scores.still_needed(scored(U, U, U, U, X)) == "1 of 5 signs is settled, 3 are needed."


@pytest.mark.parametrize(
    ("verdicts", "figures", "marks"),
    [
        ((C, C, D, X, S), [("30", 30, "middle"), ("70", 70, "middle")], (30, 70)),
        ((C, C, C, C, S), [("80–90", 85, "middle")], (80, 90)),
        ((C, C, C, C, C), [("100", 100, "end")], (100,)),
        ((C, C, C, C, D), [("80", 80, "middle"), ("100", 100, "end")], (80, 100)),
        ((X, C, X, S, C), [("0–10", 0, "start")], (0, 10)),
        ((X, X, C, C, C), [("0", 0, "start")], (0,)),
    ],
)
def test_numbers_that_would_touch_stand_as_one(app, verdicts, figures, marks):
    shown = scores.bar(scored(*verdicts))

    assert [(figure.text, figure.at, figure.anchor) for figure in shown.figures] == figures
    assert shown.marks == marks


def test_a_bar_that_is_held_back_has_no_mark_no_figure_and_no_number_in_its_label(app):
    shown = scores.bar(scored(C, U, D, X, S))

    assert (shown.is_held, shown.low, shown.marks, shown.figures) == (True, 0, (), ())
    assert not any(character.isdigit() for character in shown.label)


@pytest.mark.parametrize(
    ("verdicts", "icon"),
    [((C, C, C, C, C), C), ((C, C, U, C, C), U), ((C, D, U, C, C), D), ((S, D, U, C, C), S), ((S, D, X, C, C), X)],
)
def test_the_grade_bears_the_icon_of_the_worst_sign(app, verdicts, icon):
    assert scores.worst(scored(*verdicts)).value == icon


QUOTE = [Evidence(kind=EvidenceKind.LINK, seen_on=days_ago(50), url="https://clinic.example/a", quote="The cure.")]


@pytest.mark.parametrize(
    ("answers", "about", "who"),
    [
        ([], ["Nobody has checked this yet"], ""),
        ([("yes", 1)], ["Too little to tell", "1 of 1 reviewer found this sign"], ""),
        ([("yes", 2)], ["1 of 1 reviewer found this sign"], "document seen by a moderator"),
        ([("yes", 1), ("yes", 1)], ["2 of 2 reviewers found this sign"], "first-hand report"),
        ([("yes", 3), ("yes", 1)], ["2 of 2 reviewers found this sign"], "anyone can check"),
        ([("no", 3), ("no", 1)], ["2 reviewers looked, neither found this sign"], "anyone can check"),
        ([("no", 1)], ["Too little to tell", "1 reviewer looked and did not find this sign"], ""),
        ([("no", 3), ("no", 1), ("no", 1)], ["3 reviewers looked, none found this sign"], "anyone can check"),
        (
            [("yes", 3), ("no", 2), ("no", 1)],
            ["1 of 3 found this sign, 2 did not"],
            "for this sign: anyone can check; against it: document seen by a moderator",
        ),
        ([("yes", 2), ("no", 2)], ["1 of 2 found this sign, 1 did not"], "document seen by a moderator"),
    ],
)
def test_a_finding_says_how_many_found_it_and_who_can_check(app, answers, about, who):
    shown = findings.shown(entry(CURE_ALL, *(given(CURE_ALL, value, tier) for value, tier in answers)))

    assert (list(shown.about), shown.who_can_check) == (about, who)


def test_linked_accounts_are_one_voice_and_the_page_says_so(app):
    linked = [given(CURE_ALL, "yes", 2, voice=7), given(CURE_ALL, "yes", 2, voice=7)]

    shown = findings.shown(entry(CURE_ALL, *linked))

    assert list(shown.about) == ["1 of 1 reviewer found this sign"]
    assert shown.voices.startswith("1 independent voice in 2 answers: accounts that are linked count as one")


def test_a_critical_sign_that_moderators_confirmed_says_so_even_when_its_reviewer_is_gone(app):
    raising, taken_back = given(AT_HOME, "yes", 3, voice=7, days=30), given(AT_HOME, "no", 1, voice=7, days=3)
    ruling = Ruled(criterion=AT_HOME.slug, kind=RulingKind.CONFIRM, by=(90, 91), on=days_ago(5))

    shown = findings.shown(entry(AT_HOME, raising, taken_back, rulings=[ruling]))

    assert list(shown.about) == [
        "confirmed by two moderators, in force since 16\xa0Nov\xa02026",
        "1 reviewer looked and did not find this sign",
    ]
    assert shown.who_can_check == "anyone can check"
    assert "until two moderators find" in shown.meaning


@pytest.mark.parametrize(
    ("criterion", "answers", "meaning"),
    [
        (CURE_ALL, [("yes", 2)], "or three voices, two of them with a document"),
        (AT_HOME, [("yes", 2)], "and two moderators; the clinic is told seven days before"),
        (AT_HOME, [("yes", 3), ("yes", 1)], "Until then it is called suspected."),
        (CURE_ALL, [("yes", 3), ("yes", 1)], "Confirmed: independent voices agree"),
        (CURE_ALL, [("yes", 2), ("no", 2)], "points both ways"),
        (CURE_ALL, [("no", 3), ("no", 1)], "Looked for and not found"),
        (CURE_ALL, [("yes", 1)], "One voice without a document changes nothing"),
        (CURE_ALL, [("no", 2)], "not enough to tell"),
        (CURE_ALL, [], "neither good nor bad"),
    ],
)
def test_each_state_says_what_it_means_and_what_would_settle_it(app, criterion, answers, meaning):
    shown = findings.shown(entry(criterion, *(given(criterion, value, tier) for value, tier in answers)))

    assert meaning in shown.meaning


def test_what_ran_out_is_called_previously_reported_and_never_clean(app):
    shown = findings.shown(entry(PHYSICIAN, given(PHYSICIAN, "no", 3, days=400)))

    assert shown.verdict is Verdict.UNKNOWN
    assert list(shown.about) == ["Previously reported on 17\xa0Oct\xa02025, not rechecked"]
    assert [answer.former for answer in shown.former] == list(shown.about)
    assert "unknown again, and not good" in shown.meaning


def test_of_many_answers_that_ran_out_none_is_lost(app):
    shown = findings.shown(entry(PHYSICIAN, *(given(PHYSICIAN, "no", 1, days=400 + day) for day in range(9))))

    assert (len(shown.former), len(shown.more_former)) == (2, 7)
    assert shown.former[0].former == "Previously reported on 17\xa0Oct\xa02025, not rechecked"


def test_what_was_mended_stays_in_sight_with_both_days(app):
    ruling = Ruled(criterion=CURE_ALL.slug, kind=RulingKind.REMEDIED, by=(90, 91), on=days_ago(20))

    shown = findings.shown(entry(CURE_ALL, given(CURE_ALL, "yes", 3, days=90), rulings=[ruling]))

    told = "Reported on 23\xa0Aug\xa02026; the clinic mended it by 1\xa0Nov\xa02026, as two moderators found"
    assert list(shown.about) == [told]
    assert shown.meaning.startswith("The clinic mended what was reported.")


def test_the_strongest_answer_of_each_side_comes_first_and_none_is_lost(app):
    answers = [given(CURE_ALL, "yes", 1, days=day) for day in range(1, 41)]
    against, document = given(CURE_ALL, "no", 1, days=90), given(CURE_ALL, "yes", 2, days=80)

    shown = findings.shown(entry(CURE_ALL, *answers, against, document))

    assert [answer.points_to for answer in shown.first] == ["for this warning sign", "against this warning sign"]
    assert shown.first[0].who_can_check == "document seen by a moderator"
    assert len(shown.first) + len(shown.more) == 42


def test_the_day_beside_a_verdict_is_the_newest_of_the_side_that_decided(app):
    cleared = [given(CURE_ALL, "no", 3, days=20), given(CURE_ALL, "no", 1, days=30)]
    lone, strong = given(CURE_ALL, "yes", 1, days=3), given(CURE_ALL, "yes", 2, days=4)

    assert findings.shown(entry(CURE_ALL, *cleared, lone)).newest == days_ago(20)
    assert findings.shown(entry(CURE_ALL, *cleared, strong)).newest == days_ago(4)
    assert findings.shown(entry(CURE_ALL, lone)).newest == days_ago(3)


def test_a_word_that_its_voice_took_back_decides_no_day(app):
    taken_back, instead = given(CURE_ALL, "yes", 3, voice=7, days=9), given(CURE_ALL, "no", 2, voice=7, days=3)
    other = given(CURE_ALL, "yes", 2, days=12)

    counting = entry(CURE_ALL, taken_back, instead, other)

    assert evidence.speaking(counting, is_raising=True) == [other]
    assert evidence.speaking(counting, is_raising=False) == [instead]


def test_a_recheck_is_named_where_it_is_of_the_side_that_decided(app):
    look = (Look(9, 9, days_ago(2)),)
    raising, clearing = (replace(given(CURE_ALL, value, 3), looks=look) for value in ("yes", "no"))
    lone = given(CURE_ALL, "no", 1)

    assert findings.shown(entry(CURE_ALL, raising)).about[-1].endswith("found this sign; a moderator rechecked")
    assert findings.shown(entry(CURE_ALL, raising, lone)).about[-1].endswith("1 did not; a moderator rechecked")
    assert "rechecked" not in findings.shown(entry(CURE_ALL, given(CURE_ALL, "yes", 3), lone)).about[-1]
    assert "; a moderator rechecked" in findings.shown(entry(CURE_ALL, clearing)).about[-1]


@pytest.mark.parametrize(
    ("criterion", "answers", "tones"),
    [
        (CURE_ALL, [("yes", 3), ("yes", 1), ("no", 1)], ["confirmed", "cleared", "confirmed"]),
        (CURE_ALL, [("no", 3), ("no", 1), ("yes", 1)], ["suspected", "cleared", "cleared"]),
        (CURE_ALL, [("yes", 2), ("no", 2)], ["suspected", "cleared"]),
        (PHYSICIAN, [("no", 2)], ["suspected"]),
        (SHIPPED.by_slug["written_informed_consent"], [("yes", 2), ("no", 2)], ["suspected", "cleared"]),
    ],
)
def test_evidence_bears_the_tone_of_its_own_side_and_not_of_the_verdict(app, criterion, answers, tones):
    shown = evidence.counting(entry(criterion, *(given(criterion, value, tier) for value, tier in answers)))

    assert [answer.tone for answer in shown] == tones


def test_the_same_words_of_the_same_source_are_shown_once_with_both_days(app):
    first, again = (
        replace(given(CURE_ALL, "yes", 3, days=day), evidence=(replace(QUOTE[0], seen_on=days_ago(day)),))
        for day in (20, 3)
    )
    other = replace(given(CURE_ALL, "yes", 3, days=4), evidence=(replace(QUOTE[0], quote="A cure."),))
    unwritten = [given(CURE_ALL, "yes", 1, days=5), given(CURE_ALL, "yes", 1, days=6)]

    shown = evidence.counting(entry(CURE_ALL, first, again, other, *unwritten))

    assert [answer.number for answer in shown] == [2, 1, 1, 1]
    assert shown[0].pieces[0].seen_on == [days_ago(3), days_ago(20)]
    assert len(shown[0].expires_on) == 2


def test_a_green_summary_promises_nothing_for_other_days_and_names_who_says_otherwise(app):
    cleared = [given(sign, sign.against.opposite, tier) for sign in SHIPPED.signs for tier in (3, 1)]

    promised = "All five signs were looked for and not found, on the days shown. That is no promise for other days."
    assert cards.summary(whole(*cleared)) == promised
    otherwise = cards.summary(whole(*cleared, given(CURE_ALL, "yes", 1)))
    assert otherwise == f"{promised} One report without a document says otherwise."


def test_an_answer_counts_to_the_last_day_of_its_shelf_life(app):
    counting = entry(CURE_ALL, given(CURE_ALL, "yes", 2, days=CURE_ALL.shelf_days))

    assert evidence.counting(counting)[0].expires_on == [TODAY]
    assert evidence.former(entry(CURE_ALL, given(CURE_ALL, "yes", 2, days=CURE_ALL.shelf_days + 1)))


def test_only_a_recheck_by_somebody_else_is_shown(app):
    own, others = Look(1, 1, days_ago(3)), Look(9, 9, days_ago(2))
    answer = replace(given(CURE_ALL, "yes", 3, voice=1), looks=(own, others))

    assert evidence.counting(entry(CURE_ALL, answer))[0].rechecked_on == [days_ago(2)]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.clinic.example/faq/", "clinic.example/faq"),
        ("http://clinic.example", "clinic.example"),
        ("https://clinic.example/faq?utm=1#top", "clinic.example/faq"),
        ("https://www.fda.gov@clinic.example/x", "clinic.example/x"),
        ("javascript:alert(1)", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_an_address_shows_the_host_that_it_leads_to_or_is_no_link(app, url, text):
    answer = replace(given(CURE_ALL, "yes", 3), evidence=[replace(QUOTE[0], url=url)])

    [shown] = evidence.counting(entry(CURE_ALL, answer))

    assert (shown.pieces[0].source and shown.pieces[0].source.text) == text


def test_the_second_ledger_counts_apart_and_uses_words_of_its_own(app):
    monitored, escort, off_label, consent = (
        SHIPPED.by_slug[slug]
        for slug in (
            "vitals_monitored_during", "escort_no_driving", "offlabel_status_disclosed", "written_informed_consent",
        )
    )  # fmt: skip
    shown = whole(
        given(monitored, "yes", 3), given(monitored, "yes", 1), given(off_label, "no", 3), given(off_label, "no", 2),
        given(consent, "yes", 2), given(consent, "no", 2), given(escort, "yes", 1, days=1000),
    )  # fmt: skip

    rows = {row.criterion: row for group in cards.reported(shown) for row in group.rows}

    assert cards.ledger_counts(shown) == [(1, "in place"), (1, "absent"), (1, "disputed"), (27, "unknown")]
    assert rows[monitored].origin == "2 of 2 reviewers found it in place; anyone can check"
    assert rows[off_label].origin == "2 of 2 reviewers found it absent; anyone can check"
    assert rows[consent].origin == "1 of 2 found it in place, 1 did not"
    assert rows[escort].origin == "Previously reported in place on 25\xa0Feb\xa02024, not rechecked"
    assert len({row.icon for row in rows.values()}) == 4
    assert sum(len(group.rows) for group in cards.unreported(shown)) == 26
    assert shown.score == whole().score


def test_one_report_on_a_safeguard_is_too_little_and_stays_in_sight(app):
    consent = SHIPPED.by_slug["written_informed_consent"]

    [group] = cards.reported(whole(given(consent, "yes", 1)))

    assert group.rows[0].origin == "Too little to tell: 1 of 1 reviewer found it in place"
    assert group.rows[0].answers


def test_the_questions_are_those_that_are_open_here(app):
    settled = [given(CURE_ALL, "yes", 3), given(CURE_ALL, "yes", 1)]

    asked = cards.left_to_ask(whole(*settled, given(AT_HOME, "yes", 2)))

    assert list(asked.confirmed) == [CURE_ALL.ask]
    assert CURE_ALL.ask not in asked.signs
    assert list(asked.signs) == [sign.ask for sign in SHIPPED.signs if sign is not CURE_ALL]
    assert len(asked.core) + len(asked.others) == 30


def test_a_clinic_with_nothing_but_too_little_is_not_called_unchecked(app):
    reported = whole(given(CURE_ALL, "yes", 1))

    assert not cards.is_untouched(reported)
    assert cards.is_untouched(whole())
    assert cards.summary(reported).startswith("Nothing is known for certain")
    assert cards.summary(whole(given(CURE_ALL, "yes", 2))) == "One sign is suspected; four are unknown."


@pytest.mark.parametrize(
    ("tier", "kinds"), [(3, "link page_read document first_hand"), (2, "document first_hand"), (1, "first_hand")]
)
def test_evidence_that_would_have_made_an_answer_stronger_was_not_accepted_and_is_not_shown(app, tier, kinds):
    pieces = [Evidence(kind=kind, seen_on=TODAY, url="https://elsewhere.example/", note="x") for kind in EvidenceKind]
    answer = replace(given(CURE_ALL, "yes", tier), evidence=tuple(pieces))

    assert [each.kind for each in evidence.accepted(answer)] == kinds.split()


def scored(*verdicts):
    return score(SHIPPED, {sign.slug: Verdict(word) for sign, word in zip(SHIPPED.signs, verdicts, strict=True)})


def given(criterion, value, tier, *, voice=None, days=2):
    """Return an approved answer; each is of a voice of its own unless one is named."""
    number = next(_numbers)
    return Approved(
        answer_id=number,
        review_id=number,
        author_id=1000 + number,
        voice_id=voice or 1000 + number,
        version="2026.1",
        criterion=criterion.slug,
        value=Value(value),
        tier=tier,
        observed_on=days_ago(days),
    )


def whole(*answers, rulings=()):
    return card(SHIPPED, Dossier(answers, rulings), TODAY)


def entry(criterion, *answers, rulings=()):
    shown = whole(*answers, rulings=rulings)
    return next(each for each in (*shown.signs, *shown.safeguards) if each.criterion is criterion)
