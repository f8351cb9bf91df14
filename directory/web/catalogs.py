"""The translations of a page: found by its language, and not anew for each of its four hundred words."""

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain, get_locale

from directory.extensions import babel


class Catalogs(Domain):
    """Flask-Babel's own domain, which looks for the context of a request and writes out its locale at each word."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._by_language: dict[str | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the translations into the language of the page, or of the letter that is being written."""
        locale = get_locale()
        language = locale and locale.language  # Babel's locales are slow to look up
        if language not in self._by_language:
            self._by_language[language] = super().get_translations()
        return self._by_language[language]


def init_app(app: Flask) -> None:
    """Let templates and Python ask the same catalogs."""
    with app.app_context():
        catalogs = Catalogs(babel.domain)
    babel.domain_instance = catalogs
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # a method of jinja2.ext.i18n
        gettext=lambda message: catalogs.get_translations().ugettext(message),
        ngettext=lambda *forms: catalogs.get_translations().ungettext(*forms),
        pgettext=lambda context, message: catalogs.get_translations().upgettext(context, message),
        newstyle=True,
    )
    # Jinja's own _ looks for the name "gettext" in the context of each call.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]
