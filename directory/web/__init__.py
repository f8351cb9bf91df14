"""The edge: blueprints, the translation of errors into statuses and pages, headers, language and limits."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from directory.config import Config
from directory.domain.access import Permission
from directory.extensions import csrf
from directory.web import (
    access,
    accounts,
    api,
    cards,
    checklists,
    clinics,
    drafts,
    errors,
    facts,
    handed_in,
    headers,
    hosts,
    language,
    limits,
    links,
    log,
    moderation_queue,
    moderation_words,
    operations,
    own_reviews,
    presenters,
    requests,
    review_forms,
    reviews,
    rows,
    rulings,
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
    pages = (search.blueprint, clinics.blueprint, reviews.blueprint, moderation_queue.blueprint, operations.blueprint)
    for blueprint in (*pages, drafts.blueprint, log.blueprint, rulings.blueprint, *api.blueprints):
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
    log.init_app(app)
    facts.init_app(app)
    scores.init_app(app)
    cards.init_app(app)
    rows.init_app(app)
    checklists.init_app(app)
    # Last: what is asked of every request is asked before what Flask-Security asks.
    accounts.init_app(app, config)
    handed_in.init_app(app)
    own_reviews.init_app(app)
    review_forms.init_app(app)
    moderation_words.init_app(app)
