"""Measures whether the time of a refused sign-in tells if an address is known (design SECURITY, 4)."""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import delete

from benchmarks.report import Report
from directory.extensions import writing
from directory.models import Account
from tests.support.client import Page

_TRIES = 200
_ADDRESSES = {"wrong password": "known@example.org", "not confirmed": "new@example.org", "closed": "closed@example.org"}
#: The larger median by the smaller: 0.9 to 1.1 whichever way round.
_MOST = 1.1
_SIGN_IN = "/account/sign-in"


def measure(app: Flask, report: Report) -> None:
    """Print, for 200 refused sign-ins of each kind, the ratios of their medians to that of an unknown address."""
    with app.app_context():
        _make_accounts()
    client, token = _visitor(app)
    kinds: dict[str, Callable[[int], str]] = {"unknown": lambda number: f"nobody{number}@example.org"}
    kinds |= {kind: lambda _number, email=email: email for kind, email in _ADDRESSES.items()}  # type: ignore[misc]
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(_TRIES):
        for kind, email in kinds.items():
            times[kind].append(_seconds(client, email(number), token))
    unknown = median(times.pop("unknown"))
    report.plain(f"sign-in with an unknown address, median of {_TRIES}", f"{unknown * 1000:8.2f} ms")
    for kind, taken in times.items():
        ratio = median(taken) / unknown
        report.ratio(f"sign-in refused ({kind}) against unknown", max(ratio, 1 / ratio), unit="×", goal=_MOST)
    with app.app_context(), writing() as session:
        session.execute(delete(Account).where(Account.email.in_(_ADDRESSES.values())))


def _make_accounts() -> None:
    confirmed = datetime.now(UTC)
    with writing() as session:
        for kind, email in _ADDRESSES.items():
            session.add(
                Account(
                    email=email,
                    password=hash_password("eleven quiet herons"),
                    confirmed_at=None if kind == "not confirmed" else confirmed,
                    active=kind != "closed",
                )
            )


def _visitor(app: Flask) -> tuple[FlaskClient, str]:
    client = app.test_client()
    page = Page(client.get(_SIGN_IN).text)
    token = next(str(tag["value"]) for tag in page.all("input") if tag.get("name") == "csrf_token")
    return client, token


def _seconds(client: FlaskClient, email: str, token: str) -> float:
    began = perf_counter()
    answer = client.post(_SIGN_IN, data={"email": email, "password": "not the right words", "csrf_token": token})
    took = perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"the sign-in page answered {answer.status_code}")
    return took
