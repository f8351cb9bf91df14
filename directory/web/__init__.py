"""The edge: blueprints, the translation of errors into statuses and pages, headers, language and limits."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from directory.config import Config
from directory.domain.access import Permission
from directory.extensions import csrf
from directory.web import (
    access,
    api,
    cards,
    checklists,
    clinics,
    errors,
    facts,
    headers,
    hosts,
    language,
    limits,
    links,
    operations,
    presenters,
    requests,
    reviews,
    rows,
    scores,
    search,
)


def init_app(app: Flask, config: Config) -> None:
    """Put the web layer on `app`."""
    language.init_app(app)
    app.wsgi_app = hosts.HostCheck(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    pages = (search.blueprint, clinics.blueprint, reviews.blueprint, operations.blueprint)
    for blueprint in (*pages, *api.blueprints):
        app.register_blueprint(blueprint)
    requests.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    access.declare(app, Permission.READ_PUBLISHED, "static", "bootstrap.static")
    headers.init_app(app)
    errors.init_app(app)
    limits.init_app(app)
    presenters.init_app(app)
    links.init_app(app)
    facts.init_app(app)
    scores.init_app(app)
    cards.init_app(app)
    rows.init_app(app)
    checklists.init_app(app)
