"""What gunicorn serves to the load: the directory with the yardstick beside it."""

import os
from pathlib import Path

from flask import Flask

from benchmarks import fixed
from benchmarks.nearby import at
from directory import create_app
from directory.domain.geo import Point
from directory.domain.nearby import Wishes
from directory.services.search import nearby


def application() -> Flask:
    """Return the directory with /fixed, on the database that the environment names."""
    app = create_app(instance_path=Path(os.environ["BENCH_INSTANCE"]))
    with app.app_context():
        fixed.add_page(app, nearby(at(Point(38.63, -90.19)), Wishes(radius_miles=100), with_counts=True))
    return app
