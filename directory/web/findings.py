"""The finding on one warning sign in words: who found what, how lately, who can check it, and what would settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from directory.domain.card import Entry
from directory.domain.checklist import Criterion
from directory.domain.dossier import Approved
from directory.domain.findings import QUORUM, VERIFIABLE, Finding, Verdict
from directory.domain.labels import N_, NN_
from directory.domain.moderation import Action
from directory.domain.profile import SETTINGS, terms
from directory.domain.support import Lost
from directory.services.profiles import ClinicProfile
from directory.web import evidence
from directory.web.evidence import SHOWN_AT_ONCE, ShownAnswer, tier_words
from directory.web.presenters import day

#: The sign and the word of the listed facts that may contradict each other.
_AT_HOME, _AT_HOME_DOSES = "at_home_use_offered", "at_home_dosing"


@dataclass(frozen=True, kw_only=True)
class ShownFinding:
    """A warning sign of a clinic. `about` is the short line beside its name.

    `newest` is the newest day on the side that decided, on both where they disagree; None where nothing counts.
    """

    sign: Criterion
    verdict: Verdict
    about: Sequence[str]
    newest: date | None
    who_can_check: str
    voices: str
    meaning: str
    #: That part of the evidence for a confirmed sign is gone; "" where none is.
    again: str
    first: Sequence[ShownAnswer]
    more: Sequence[ShownAnswer]
    former: Sequence[ShownAnswer]
    more_former: Sequence[ShownAnswer]

    @property
    def is_confirmed(self) -> bool:
        """Whether it stands open on the page."""
        return self.verdict is Verdict.CONFIRMED

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to ask the clinic."""
        return self.verdict.is_settled


def shown(entry: Entry, lost: Lost | None = None) -> ShownFinding:
    """Return the finding on a sign as its row on the clinic's page; `lost` is what its confirmation has lost."""
    answers, former = evidence.counting(entry), evidence.former(entry)
    return ShownFinding(
        sign=entry.criterion,
        verdict=entry.finding.verdict,
        about=[gettext("Looked at again"), *_about_again(entry)] if lost else _about(entry),
        newest=max((answer.observed_on for answer in deciding(entry)), default=entry.newest),
        who_can_check=who_can_check(entry),
        voices=_voices(entry),
        meaning=_left(entry) if lost else _meaning(entry),
        again=again(lost) if lost else "",
        first=answers[:SHOWN_AT_ONCE],
        more=answers[SHOWN_AT_ONCE:],
        former=former[:SHOWN_AT_ONCE],
        more_former=former[SHOWN_AT_ONCE:],
    )


def again(lost: Lost) -> str:
    """Return what became of the evidence for a confirmed sign, when, and what follows from that."""
    return gettext(_AGAIN[lost.action], day=day(lost.on))


def who_can_check(entry: Entry) -> str:
    """Return who can check what decided, by the best evidence of the deciding side; of both where they disagree."""
    raising, clearing = entry.finding.raising.best_tier, entry.finding.clearing.best_tier
    match entry.finding.verdict:
        case Verdict.DISPUTED if raising != clearing:
            words = {"sign": tier_words(raising), "other": tier_words(clearing)}
            return gettext("for this sign: %(sign)s; against it: %(other)s", **words)
        case Verdict.CLEARED:
            tier = clearing
        case Verdict.UNKNOWN:
            tier = 0
        case _:
            # Two moderators' word holds as long as any raising answer counts, also one that its group no longer gives.
            tier = raising or max(answer.tier for answer in entry.counting if entry.raises(answer))
    return tier_words(tier) if tier else ""


def deciding(entry: Entry) -> list[Approved]:
    """Return the answers that the verdict rests on: of one side, of both where they disagree, none where unknown."""
    raising, clearing = (evidence.speaking(entry, is_raising=side) for side in (True, False))
    match entry.finding.verdict:
        case Verdict.UNKNOWN:
            return []
        case Verdict.CLEARED:
            return clearing
        case Verdict.DISPUTED:
            return [*raising, *clearing]
    # Two moderators' word holds as long as any raising answer counts, also one that its author took back.
    return raising or [answer for answer in entry.counting if entry.raises(answer)]


def facts_say(entry: Entry, clinic: ClinicProfile) -> str:
    """Return what the listed facts say against an at-home finding that is not confirmed; "" where they agree."""
    fact = clinic.facts.get("settings")
    if entry.criterion.slug != _AT_HOME or entry.finding.verdict is Verdict.CONFIRMED or fact is None:
        return ""
    if not any(term.word == _AT_HOME_DOSES for term in terms(SETTINGS, clinic.settings)):
        return ""
    words = {"source": fact.source, "day": day(fact.seen_on)}
    return gettext("The facts below name doses taken at home (%(source)s, %(day)s). Ask which is so.", **words)


def _about(entry: Entry) -> list[str]:
    finding = entry.finding
    if finding.verdict is Verdict.UNKNOWN:
        return _about_unknown(entry)
    rechecked = any(answer.tier == VERIFIABLE and evidence.rechecked_on(answer) for answer in deciding(entry))
    counts = _found_it(finding)
    if rechecked:
        counts = gettext("%(counts)s; a moderator rechecked", counts=counts)
    if entry.confirmed_on is None:
        return [counts]
    since = gettext("confirmed by two moderators, in force since %(day)s", day=day(entry.confirmed_on))
    return [since, counts]


def again_in_short(lost: Lost) -> str:
    """Return the same in few words, after the name of the sign."""
    return gettext(_AGAIN_IN_SHORT[lost.action], day=day(lost.on))


def _left(entry: Entry) -> str:
    """Return what a sign comes to that is looked at again; that nobody has shown anything would not be so."""
    return gettext(_UNKNOWN_AGAIN) if entry.finding.verdict is Verdict.UNKNOWN else _meaning(entry)


def _about_again(entry: Entry) -> list[str]:
    return _about(entry) if entry.counting else []


def _about_unknown(entry: Entry) -> list[str]:
    if entry.counting:
        return [gettext("Too little to tell"), _found_it(entry.finding)]
    if entry.former:
        return [evidence.was(entry, entry.former[0])]
    return [gettext("Nobody has checked this yet")]


def _found_it(finding: Finding) -> str:
    found, missed = finding.raising.voices, finding.clearing.voices
    if found and missed:
        numbers = {"found": found, "total": found + missed, "rest": missed}
        return str(ngettext(*_SOME_FOUND_IT, found, **numbers))
    if found:
        words = NN_("%(num)d of %(num)d reviewer found this sign", "%(num)d of %(num)d reviewers found this sign")
        return str(ngettext(*words, found))
    if missed == 2:
        return gettext("2 reviewers looked, neither found this sign")
    return ngettext(
        "%(num)d reviewer looked and did not find this sign",
        "%(num)d reviewers looked, none found this sign",
        missed,
    )


def _voices(entry: Entry) -> str:
    voices = entry.finding.raising.voices + entry.finding.clearing.voices
    if not voices:
        return ""
    independent = ngettext("%(num)d independent voice", "%(num)d independent voices", voices)
    if len(entry.counting) == voices:
        return gettext("%(voices)s.", voices=independent)
    return gettext(
        "%(voices)s in %(answers)d answers: accounts that are linked count as one, and the newest word of each voice"
        " speaks.",
        voices=independent,
        answers=len(entry.counting),
    )


def _meaning(entry: Entry) -> str:
    finding, sign = entry.finding, entry.criterion
    match finding.verdict:
        case Verdict.CONFIRMED:
            sentence = _CONFIRMED[sign.is_critical]
        case Verdict.SUSPECTED if sign.is_critical:
            sentence = _SUSPECTED_CRITICAL[finding.raising.level == QUORUM]
        case Verdict.UNKNOWN if finding.raising.voices or finding.clearing.voices:
            sentence = _TOO_LITTLE[bool(finding.raising.voices and not finding.clearing.voices)]
        case Verdict.UNKNOWN if any(evidence.is_mended(entry, answer) for answer in entry.former):
            sentence = N_("The clinic mended what was reported. Nobody has shown since how it is, so it is unknown.")
        case Verdict.UNKNOWN if entry.former:
            sentence = N_("What was known has run out. That makes it unknown again, and not good.")
        case verdict:
            sentence = _MEANING[verdict]
    return gettext(sentence)


#: The same in English, whatever the number; not so in Spanish.
_SOME_FOUND_IT = NN_(
    "%(found)d of %(total)d found this sign, %(rest)d did not",
    "%(found)d of %(total)d found this sign, %(rest)d did not",
)
_AGAIN = {
    Action.WITHDRAW_AFTER: N_(
        "Two moderators had confirmed this sign. On %(day)s the author of a review that it rested on withdrew that"
        " review, and what is left is not enough. Moderators are looking at it again. Nobody has shown that the sign"
        " is gone."
    ),
    Action.VOID: N_(
        "Two moderators had confirmed this sign. On %(day)s a review that it rested on was made void, and what is left"
        " is not enough. Moderators are looking at it again. Nobody has shown that the sign is gone."
    ),
}
_AGAIN_IN_SHORT = {
    Action.WITHDRAW_AFTER: N_(
        "two moderators had confirmed it. It is looked at again since %(day)s, when the author of a review that it"
        " rested on withdrew that review."
    ),
    Action.VOID: N_(
        "two moderators had confirmed it. It is looked at again since %(day)s, when a review that it rested on was made"
        " void."
    ),
}
_UNKNOWN_AGAIN = N_("Until somebody has looked it is unknown, and that is neither good nor bad.")
_CONFIRMED = {
    False: N_(
        "Confirmed: independent voices agree, and the evidence is strong. It stands until two moderators find that the"
        " clinic mended it, until other evidence is as strong, or until the reports run out."
    ),
    True: N_(
        "This sign is critical. Two moderators, neither of them among the reviewers, confirmed it. The clinic was told"
        " seven days before it was shown here. It stands, whatever other answers arrive, until two moderators find that"
        " it was mended or until the reports run out."
    ),
}
_SUSPECTED_CRITICAL = {
    False: N_(
        "There is evidence, but not enough. Confirming this critical sign takes a source that anyone can check, a"
        " second independent voice or a moderator’s recheck, and two moderators; the clinic is told seven days before."
    ),
    True: N_(
        "The evidence is strong. This sign is critical, so two moderators must confirm it, and the clinic is told seven"
        " days before that is shown. Until then it is called suspected."
    ),
}
_TOO_LITTLE = {
    False: N_(
        "What was reported is not enough to tell. Settling it takes a source that anyone can check, and a second"
        " independent voice or a moderator’s recheck."
    ),
    True: N_(
        "One voice without a document changes nothing. A second independent voice, or a document, would make it"
        " suspected."
    ),
}
_MEANING = {
    Verdict.SUSPECTED: N_(
        "There is evidence, but not enough. Confirming it takes a source that anyone can check and a second independent"
        " voice or a moderator’s recheck; or three voices, two of them with a document."
    ),
    Verdict.DISPUTED: N_(
        "The evidence points both ways, so this is not settled and both sides are shown. It is settled when the"
        " evidence of one side becomes much stronger, or when that of the other has run out."
    ),
    Verdict.CLEARED: N_("Looked for and not found on the days shown. That is no promise for other days."),
    Verdict.UNKNOWN: N_("Nobody has shown it either way. Unknown is neither good nor bad."),
}
