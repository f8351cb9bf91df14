"""Finds every message in the code, the templates and the checklists, as babel.cfg says where they stand."""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "NN_": (1, 2)}


def template() -> Catalog:
    """Return all messages, none translated, each with the files that hold it."""
    gathered = Catalog(charset="utf-8")
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    for path, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        gathered.add(message, None, [(path, None)], auto_comments=comments, context=context)
    return gathered


def catalogs() -> list[Path]:
    """Return the file of each language."""
    return sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """Return one language's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue so that only what changed looks different: in the files' order, without numbers of lines."""
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False)


def bring_in(catalog: Catalog, gathered: Catalog) -> list[str]:
    """Put new messages into a catalogue and drop what nobody says any more; return what is still to translate."""
    catalog.update(gathered, no_fuzzy_matching=True, update_creation_date=False)
    return [str(message.id) for message in catalog if message.id and not is_translated(message.string)]


def is_translated(words: str | tuple[str, ...] | list[str]) -> bool:
    """Whether every form of a message has words."""
    return all(words) if isinstance(words, tuple | list) else bool(words)
