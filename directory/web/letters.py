"""What letters must know of the site: its host, the page they are about, and how it speaks to each of its readers."""

from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext

from directory.domain.mail import Site, Speaker, host_of
from directory.web.account_mail import whole_url
from directory.web.language import DEFAULT_LANGUAGE, LOCALES, in_edition


def site(endpoint: str, **values: Any) -> Site:
    """Return the site as a letter about one of its pages must know it, in the language of its reader."""
    speakers = {code: _speaker(code) for code in current_app.config["LANGUAGES"]}
    page = whole_url(endpoint, **values)
    return Site(host=host_of(current_app.config["BASE_URL"]), page=page, speakers=speakers)


def _speaker(code: str) -> Speaker:
    def say(message: str) -> str:
        with force_locale(LOCALES[code]):
            return str(gettext(message)) if code != DEFAULT_LANGUAGE else message

    return Speaker(say=say, address=lambda address: in_edition(address, code))
