"""Recognises a file: its preset, its delimiter and which column holds which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from directory.domain.errors import BadFile
from directory.domain.folding import squash
from directory.domain.labels import N_
from directory.services.exchange import cms, hifld, own
from directory.services.exchange.decoding import decode
from directory.services.exchange.preset import Preset
from directory.services.exchange.records import DELIMITERS, MAX_ROWS, Record, named_delimiter, records
from directory.services.exchange.shown import shown

#: In the order in which `auto` tries them: every HIFLD header would do for our own CSV as well.
PRESETS = {preset.name: preset for preset in (hifld.PRESET, cms.PRESET, own.PRESET)}
AUTO = "auto"

_NO_HEADER = N_(
    "Line %(line)d is not a header that we know (%(header)s). The first line must name the columns. "
    "Needed are, for %(needed)s."
)
_NEARLY_A_HEADER = N_(
    "Line %(line)d is not a header that we know (%(header)s): nearest is %(preset)s, which lacks %(lacking)s. "
    "The first line must name the columns. Needed are, for %(needed)s."
)


@dataclass(frozen=True)
class Sheet:
    """A file that was read: `columns` says in which column, from 0, each field of `preset` stands."""

    preset: Preset
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    rows: tuple[Record, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """Return the named columns of our own CSV that hold no field; other sources have many, and none is missed."""
        read = set(self.columns.values())
        others = (header.strip() for place, header in enumerate(self.header) if place not in read)
        return tuple(shown(header) for header in others if header) if self.preset is own.PRESET else ()


@dataclass(frozen=True)
class _Guess:
    delimiter: str
    header: Record


def read_sheet(content: bytes, preset_name: str = AUTO) -> Sheet:
    """Return the table in `content`, its header matched to the preset of that name, or to the first that fits.

    Raises BadFile, and then nothing of the file was used, for whatever is no table of clinics; the sentence names
    the line where there is one, or the columns that are needed.
    """
    decoded = decode(content)
    guesses, complaints = _guesses(decoded.text)
    fit = _fitting(guesses, preset_name)
    if fit is None:
        raise complaints[0] if complaints else _unrecognised(guesses, preset_name)
    preset, guess = fit
    _refuse_repeated(guess.header, preset)
    sheet = Sheet(
        preset=preset,
        encoding=decoded.encoding,
        delimiter=guess.delimiter,
        header=guess.header.cells,
        columns=_columns(preset, guess.header.cells),
        rows=_rows(decoded.text, guess),
    )
    return _without_padding(sheet)


def _guesses(text: str) -> tuple[list[_Guess], list[BadFile]]:
    """Return the header as each delimiter reads it, and the complaints of those that cannot."""
    named = named_delimiter(text)
    guesses, complaints = [], []
    for delimiter in (named,) if named else DELIMITERS:
        try:
            header = next(records(text, delimiter), None)
        except BadFile as error:
            complaints.append(error)
        else:
            guesses += [_Guess(delimiter, header)] if header else []
    return guesses, complaints


def _asked(preset_name: str) -> list[Preset]:
    return list(PRESETS.values()) if preset_name == AUTO else [PRESETS[preset_name]]


def _fitting(guesses: Sequence[_Guess], preset_name: str) -> tuple[Preset, _Guess] | None:
    for preset in _asked(preset_name):
        fitting = [guess for guess in guesses if not _lacking(preset, guess.header.cells)]
        if fitting:
            return preset, max(fitting, key=lambda guess: len(_columns(preset, guess.header.cells)))
    return None


def _unrecognised(guesses: Sequence[_Guess], preset_name: str) -> BadFile:
    if not guesses:
        return BadFile(N_("The file is empty. Its first line must name the columns, each further line is a clinic."))
    presets = _asked(preset_name)
    nearest, guess = min(
        ((preset, guess) for preset in presets for guess in guesses),
        key=lambda pair: len(_lacking(pair[0], pair[1].header.cells)) / len(pair[0].required),
    )
    values = {
        "line": guess.header.line,
        "header": shown(", ".join(guess.header.cells)),
        "needed": "; ".join(f"{preset.name}: {_titles(preset, preset.required)}" for preset in presets),
    }
    lacking = _lacking(nearest, guess.header.cells)
    if lacking == nearest.required:
        return BadFile(_NO_HEADER, **values)
    return BadFile(_NEARLY_A_HEADER, **values, preset=nearest.name, lacking=_titles(nearest, lacking))


def _titles(preset: Preset, fields: Sequence[str]) -> str:
    return ", ".join(preset.columns[field][0] for field in fields)


def _lacking(preset: Preset, header: Sequence[str]) -> tuple[str, ...]:
    found = _columns(preset, header)
    return tuple(field for field in preset.required if field not in found)


def _columns(preset: Preset, header: Sequence[str]) -> dict[str, int]:
    places = {squash(cell): place for place, cell in reversed(list(enumerate(header)))}
    return {
        field: places[key]
        for field, names in preset.columns.items()
        for key in [next((key for key in map(squash, names) if key in places), None)]
        if key is not None
    }


def _refuse_repeated(header: Record, preset: Preset) -> None:
    """Refuse a header that stands twice, or two that mean one field; nameless columns are not read and may repeat."""
    meaning = {squash(name): names[0] for names in preset.columns.values() for name in names}
    seen: dict[str, str] = {}
    for cell in header.cells:
        key = squash(cell)
        meant = meaning.get(key, key)
        if meant and meant in seen:
            raise BadFile(
                N_("Line %(line)d: the columns “%(one)s” and “%(other)s” mean the same. Take one of them out."),
                line=header.line,
                one=shown(seen[meant]),
                other=shown(cell),
            )
        seen[meant] = cell


def _rows(text: str, guess: _Guess) -> tuple[Record, ...]:
    found = []
    for record in records(text, guess.delimiter):
        if record.line != guess.header.line:
            found.append(record)
        if len(found) > MAX_ROWS:
            raise BadFile(N_("The file holds more than %(limit)d rows. Split it."), limit=MAX_ROWS)
    if not found:
        raise BadFile(N_("The file holds a header and no rows. Add a line for each clinic."))
    return tuple(found)


def _without_padding(sheet: Sheet) -> Sheet:
    """Return `sheet` without the empty cells that spreadsheets write to the right of what was filled in.

    Nameless columns at the end stay where a row fills one, and cells beyond the header unless all of them are empty.
    """
    named = _filled(sheet.header)
    nameless = range(named + 1, len(sheet.header) + 1)
    width = len(sheet.header) if any(_filled(row.cells) in nameless for row in sheet.rows) else named
    rows = (row._replace(cells=row.cells[: max(width, _filled(row.cells))]) for row in sheet.rows)
    return replace(sheet, header=sheet.header[:width], rows=tuple(rows))


def _filled(cells: Sequence[str]) -> int:
    """Return how many cells there are up to the last that is not empty."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)
