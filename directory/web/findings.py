"""The finding on one warning sign in words: who found what, how lately, who can check it, and what would settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from directory.domain.card import Entry
from directory.domain.checklist import Criterion
from directory.domain.findings import QUORUM, Verdict
from directory.domain.labels import N_
from directory.web import evidence
from directory.web.evidence import SHOWN_AT_ONCE, ShownAnswer, tier_words


@dataclass(frozen=True, kw_only=True)
class ShownFinding:
    """A warning sign of a clinic. `about` is the short line beside its name; `newest` is None where nothing counts."""

    sign: Criterion
    verdict: Verdict
    about: Sequence[str]
    newest: date | None
    who_can_check: str
    voices: str
    meaning: str
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


def shown(entry: Entry) -> ShownFinding:
    """Return the finding on a sign as its row on the clinic's page."""
    answers, former = evidence.counting(entry), evidence.former(entry)
    return ShownFinding(
        sign=entry.criterion,
        verdict=entry.finding.verdict,
        about=_about(entry),
        newest=entry.newest,
        who_can_check=who_can_check(entry),
        voices=_voices(entry),
        meaning=_meaning(entry),
        first=answers[:SHOWN_AT_ONCE],
        more=answers[SHOWN_AT_ONCE:],
        former=former[:SHOWN_AT_ONCE],
        more_former=former[SHOWN_AT_ONCE:],
    )


def who_can_check(entry: Entry) -> str:
    """Return who can check what decided, by the best evidence of the deciding side; of both where they disagree."""
    raising, clearing = entry.finding.raising.best_tier, entry.finding.clearing.best_tier
    match entry.finding.verdict:
        case Verdict.DISPUTED if raising != clearing:
            words = {"present": tier_words(raising), "absent": tier_words(clearing)}
            return gettext("sign present: %(present)s; sign absent: %(absent)s", **words)
        case Verdict.CLEARED:
            tier = clearing
        case Verdict.UNKNOWN:
            tier = 0
        case _:
            # Two moderators' word holds as long as any raising answer counts, also one that its group no longer gives.
            tier = raising or max(answer.tier for answer in entry.counting if entry.raises(answer))
    return tier_words(tier) if tier else ""


def _about(entry: Entry) -> list[str]:
    found, missed = entry.finding.raising.voices, entry.finding.clearing.voices
    verdict = entry.finding.verdict
    if verdict is Verdict.UNKNOWN:
        return _about_unknown(entry, found, found + missed)
    if verdict is Verdict.DISPUTED:
        numbers = {"found": found, "total": found + missed, "rest": missed}
        return [gettext("%(found)d of %(total)d found it, %(rest)d did not", **numbers)]
    confirmed = [gettext("confirmed by two moderators")] if _is_ruled(entry) else []
    return [*confirmed, _found_it(found, found + missed)]


def _about_unknown(entry: Entry, found: int, total: int) -> list[str]:
    if total:
        return [gettext("Too little to tell"), _found_it(found, total)]
    if entry.former:
        return [evidence.was(entry, entry.former[0])]
    return [gettext("Nobody has checked this yet")]


def _found_it(found: int, total: int) -> str:
    return str(
        ngettext(
            "%(found)d of %(num)d reviewer found it", "%(found)d of %(num)d reviewers found it", total, found=found
        )
    )


def _voices(entry: Entry) -> str:
    voices = entry.finding.raising.voices + entry.finding.clearing.voices
    if not voices:
        return ""
    independent = ngettext("%(num)d independent voice", "%(num)d independent voices", voices)
    if len(entry.counting) == voices:
        return gettext("%(voices)s; linked accounts would count as one.", voices=independent)
    return gettext(
        "%(voices)s in %(answers)d answers: accounts that are linked count as one, and the newest word of each voice"
        " speaks.",
        voices=independent,
        answers=len(entry.counting),
    )


def _is_ruled(entry: Entry) -> bool:
    return entry.criterion.is_critical and entry.finding.verdict is Verdict.CONFIRMED


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


_CONFIRMED = {
    False: N_(
        "Confirmed: independent voices agree, and the evidence is strong. It stands until two moderators find that the"
        " clinic mended it, until other evidence is as strong, or until the reports run out."
    ),
    True: N_(
        "This sign is critical. Two moderators, neither of them among the reviewers, confirmed it once the clinic had"
        " been told and had seven days to reply. It stands, whatever other answers arrive, until two moderators find"
        " that it was mended or until the reports run out."
    ),
}
_SUSPECTED_CRITICAL = {
    False: N_(
        "There is evidence, but not enough. Confirming this critical sign takes a source that anyone can check, a"
        " second independent voice or a moderator’s recheck, and two moderators once the clinic has been told and has"
        " had seven days to reply."
    ),
    True: N_(
        "The evidence is strong. This sign is critical, so two moderators must confirm it, once the clinic has been"
        " told and has had seven days to reply. Until then it is called suspected."
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
