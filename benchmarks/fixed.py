"""The yardstick T: the results page with 20 fixed rows, rendered without asking a database."""

from dataclasses import replace

from flask import Flask, render_template, request

from directory.domain.access import Permission
from directory.services.search import NearbyResults
from directory.web import access
from directory.web.forms import parse


def add_page(app: Flask, results: NearbyResults) -> None:
    """Serve /fixed with the first 20 of `results`, repeated where there are fewer, each with its own score.

    A no-op the second time.
    """
    if "fixed" in app.view_functions:
        return
    rows = (list(results.clinics) * 20)[:20]
    still = replace(results, clinics=rows, next=None, beyond=None, unmapped=[])

    def fixed() -> str:
        return render_template("search/nearby.html", form=parse(request.args), results=still, next_url=None)

    # The application has answered already, which add_url_rule() does not like; a benchmark may.
    app._got_first_request = False  # noqa: SLF001
    app.add_url_rule("/fixed", "fixed", fixed)
    access.declare(app, Permission.READ_PUBLISHED, "fixed")
