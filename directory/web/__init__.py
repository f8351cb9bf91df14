"""The edge: blueprints, the translation of errors into statuses and pages, headers, language and limits."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from directory.config import Config
from directory.domain.access import Permission
from directory.extensions import csrf
from directory.web import (
    access,
    accounts,
    afterwards,
    api,
    cards,
    catalogs,
    checklists,
    clinics,
    comparisons,
    compression,
    desk,
    drafts,
    errors,
    facts,
    handed_in,
    headers,
    hiding,
    hosts,
    language,
    limits,
    links,
    listing_changes,
    listing_words,
    log,
    maps,
    moderation_words,
    operations,
    own_reviews,
    own_suggestions,
    presenters,
    questions,
    requests,
    review_forms,
    reviews,
    rows,
    rulings,
    scores,
    search,
    shortlist,
    suggestion_words,
)

_PAGES = (
    search, clinics, reviews, hiding, operations, own_suggestions, drafts, questions, log, rulings, afterwards, desk,
    maps,
)  # fmt: skip
#: What gives templates their words.
_WORDS = (
    presenters, links, log, facts, scores, cards, rows, comparisons, shortlist, checklists, handed_in, own_reviews,
    review_forms, moderation_words, suggestion_words, listing_changes, listing_words, maps,
)  # fmt: skip


def init_app(app: Flask, config: Config) -> None:
    """Put the web layer on `app`."""
    catalogs.init_app(app)
    language.init_app(app)
    app.wsgi_app = hosts.HostCheck(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    for blueprint in (*(page.blueprint for page in _PAGES), *api.blueprints):
        app.register_blueprint(blueprint)
    requests.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    access.declare(app, Permission.READ_PUBLISHED, "static", "bootstrap.static")
    headers.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    limits.init_app(app)
    # What is asked of every request is asked before what Flask-Security asks.
    accounts.init_app(app, config)
    for module in _WORDS:
        module.init_app(app)
