"""What letters must know of the site: the host in their ids, and the whole address of the page they are about."""

from typing import Any

from flask import current_app

from directory.domain.mail import Site, host_of
from directory.web.account_mail import whole_url


def site(endpoint: str, **values: Any) -> Site:
    """Return the site as a letter about one of its pages must know it."""
    return Site(host=host_of(current_app.config["BASE_URL"]), page=whole_url(endpoint, **values))
