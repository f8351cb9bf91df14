"""What letters of the directory say: to an author why a review was not taken as it stood, to a clinic what is reported.

A telephone shows the subject and the first words on its locked screen: neither tells what kind of site writes, nor of
which clinic. What they must tell is that of the Digital Services Act, article 17(3): what was decided, on what facts,
by which rule, whether a machine took part, and what can be done now.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from directory.domain.labels import N_
from directory.domain.mail import Mail, Site
from directory.domain.moderation import DAYS_TO_CHANGE, DAYS_TO_REPLY, Action, Outcome, Reason
from directory.domain.revisions import ListingReason

#: What puts a message of ours into the language of who reads the letter.
Say = Callable[[str], str]
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"),
    N_("Nov"), N_("Dec"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An answer that was not taken as it was given: the name of its criterion, what became of it, and why."""

    criterion: str
    outcome: Outcome
    reason: Reason | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the author of a review is told of a decision. `clinic` is its name and place.

    `before` are the reasons that somebody else gave, where it took two people.
    """

    clinic: str
    on: date
    action: Action
    reason: Reason | None
    words: str
    answers: Sequence[Judged] = ()
    before: Sequence[tuple[Reason, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """Words of a page that anyone can open, and the day on which they were seen there."""

    words: str
    url: str
    seen_on: date


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What a clinic is told of a warning sign. `others` is how many answers count that quote no page.

    `shown_on` is the day from which it is shown as confirmed, if a second person agrees; `now` is the label of what
    is shown until then.
    """

    clinic: str
    sign: str
    question: str
    now: str
    quoted: Sequence[Quoted]
    others: int
    shown_on: date


def statement(told: Told, recipient: str, site: Site) -> Mail:
    """Return the statement of reasons for a decision on a review; `site.page` is where its author reads it."""
    say = site.say
    paragraphs = (
        say(_READ.get(told.action, _READ_BY_ONE)),
        "\n".join(
            (
                f"{say(N_('Review of:'))} {one_line(told.clinic)}",
                f"{say(N_('Decided:'))} {day(told.on, say)}",
                f"{say(N_('Decision:'))} {say(_DECIDED[told.action])}",
            )
        ),
        *(paragraph for reason, words in told.before for paragraph in why(reason, words, say)),
        *why(told.reason, told.words, say),
        *(_judged(each, say) for each in told.answers),
        say(_SAME_RULES),
        f"{say(N_('What you can do now:'))} {say(_NOW[told.action]).format(days=DAYS_TO_CHANGE)}",
        say(_NO_APPEAL),
        f"{say(N_('Your review, and all that was decided on it:'))}\n{site.page}",
    )
    return plain_mail("statement", recipient, say(N_("What was decided on what you handed in")), paragraphs, site)


def notice(reported: Reported, recipient: str, site: Site) -> Mail:
    """Return the letter by which a clinic is told of a critical sign, in English; `site.page` is its page."""
    paragraphs = (
        f"{N_('To whoever answers for')} {one_line(reported.clinic)}:",
        N_(
            "The page at the end of this letter lists what people documented about your clinic. On one critical warning"
            " sign the evidence is enough for a ruling, and one moderator has ruled that it holds:"
        ),
        f"{reported.sign}\n{N_('Asked was:')} {reported.question}",
        *(_quoted(each) for each in reported.quoted),
        *([_OTHERS.format(others=reported.others)] if reported.others else []),
        _WHEN.format(now=reported.now.lower(), day=day(reported.shown_on), days=DAYS_TO_REPLY),
        N_(
            "How to answer: write to the address that this letter came from. Say what is wrong or what has changed,"
            " since when, and on which page anyone can see it. What was mended can be ruled mended, with its date."
        ),
        N_(
            "Please do not confirm or deny that anybody was your patient, and tell nothing of visits, treatment or"
            " payments: privacy law (HIPAA) binds your answer too. Who reported is told to nobody."
        ),
        f"{N_('The page, with all of the evidence:')}\n{site.page}",
    )
    return plain_mail(
        "notice", recipient, N_("What is documented about your clinic, and how to answer"), paragraphs, site
    )


_DECIDED = {
    Action.APPROVE: N_("approved, but the answers below were not taken as you gave them. The others count."),
    Action.REQUEST_CHANGES: N_("sent back to you for changes. Nothing of it is public, and it does not count yet."),
    Action.DECLINE: N_("declined. Nothing of it is public, and it does not count."),
    Action.WITHDRAW_AFTER: N_(
        "taken back, as you asked. Nothing of it counts any more, and its answers are not shown."
    ),
    Action.VOID: N_("made void. Nothing of it counts any more, and its answers are not shown."),
}
_NOW = {
    Action.APPROVE: N_(
        "Hand in a newer review of the same clinic with other evidence. Once it is approved, its answers stand in the"
        " place of these."
    ),
    Action.REQUEST_CHANGES: N_(
        "Open your review, change what is named above, and hand it in again within {days} days. After that it counts as"
        " withdrawn, and you can write another."
    ),
    Action.DECLINE: N_(
        "Write another review of the same clinic in which that is mended. Where little time has passed since this one,"
        " the form says from which day it is taken."
    ),
}
_NOW |= dict.fromkeys(
    (Action.WITHDRAW_AFTER, Action.VOID),
    N_("You can write another review of the same clinic. It is read like any other."),
)
_SAME_RULES = N_(
    "Every review is read before anything of it is published, and the same rules hold for what helps a clinic and what"
    " harms it."
)
_NO_APPEAL = N_(
    "There is no way here yet to ask that somebody else looks at this decision. Whatever rights the law gives you stand"
    " beside it."
)
_READ_BY_ONE = N_(
    "A moderator has read what you handed in. Below is what was decided, why, and what you can do now. A person"
    " read it and decided; no automated means were used, neither to find it nor to decide on it."
)
_READ = {
    Action.WITHDRAW_AFTER: N_(
        "You asked to have an approved review back. A moderator has done that; no automated means were used."
    ),
    Action.VOID: N_(
        "Two moderators have read again what was approved, each for themselves, and found that the approval was a"
        " mistake. Below is what was decided, why, and what you can do now. People read it and decided; no automated"
        " means were used, neither to find it nor to decide on it."
    ),
}
_OUTCOMES = {
    Outcome.TESTIMONY: N_("taken as a first-hand report only, which counts for less than what anyone can check"),
    Outcome.DROPPED: N_("left out: it is not shown and does not count"),
}
_OTHERS = N_("Answers that count besides, and quote no page (first-hand reports, documents): {others}.")
_WHEN = N_(
    "Until now the page shows it as {now}. If a second moderator rules the same, it is shown as confirmed from {day}"
    " on, and not before: you have {days} days to answer first."
)


def why(reason: Reason | ListingReason | None, words: str, say: Say = str) -> list[str]:
    """Return the rule of a decision and the moderator's words as paragraphs; none where neither was given."""
    rule = [f"{say(N_('Rule:'))} {say(reason.label)}."] if reason else []
    if not words.strip():
        return rule
    return ["\n".join([*rule, f"{say(N_('In the words of the moderator:'))}\n{cited(words)}"])]


def _judged(answer: Judged, say: Say) -> str:
    outcome = f"{say(answer.criterion)}: {say(_OUTCOMES[answer.outcome])}."
    return "\n".join([outcome, *why(answer.reason, answer.words, say)])


def _quoted(quoted: Quoted) -> str:
    return f"{cited(quoted.words)}\n{quoted.url}\n{N_('seen')} {day(quoted.seen_on)}"


def cited(words: str) -> str:
    """Return words as a mail quotes them."""
    return "\n".join(f"> {line}".rstrip() for line in words.strip().splitlines())


def one_line(text: str) -> str:
    """Return text without line ends and runs of spaces."""
    return " ".join(text.split())


def day(on: date, say: Say = str) -> str:
    """Return a day as letters write it: 21 Nov 2026."""
    return f"{on.day} {say(_MONTHS[on.month - 1])} {on.year}"


def plain_mail(kind: str, recipient: str, subject: str, paragraphs: Iterable[str], site: Site) -> Mail:
    """Return a mail of paragraphs."""
    body = "\n\n".join(paragraphs)
    return Mail(kind=kind, recipient=recipient, subject=subject, body=f"{body}\n", host=site.host)
