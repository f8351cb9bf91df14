"""Brings new words into each language's messages.po and names those without a translation."""

from translations import gathering

gathered = gathering.template()
for path in gathering.catalogs():
    catalog = gathering.read(path)
    missing = gathering.bring_in(catalog, gathered)
    gathering.write(catalog, path)
    print(f"{catalog.locale}: {len(catalog)} messages, {len(missing)} to translate")
    for message in missing:
        print(f"  {message}")
