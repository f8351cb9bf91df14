"""How gunicorn serves the directory: `gunicorn wsgi:app` in this folder reads this file by itself."""

import logging
import os

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import message
from gunicorn.workers.base import Worker
from sqlalchemy.exc import DBAPIError

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4

# The application refuses a query above 8,192 bytes with its own page and headers, so longer lines must reach it.
# gunicorn lowers any limit above 8,190 to that, and its 0 lets one line that never ends fill the memory; its own
# ceiling is raised instead, and holds.
limit_request_line = 64 * 1024
message.MAX_REQUEST_LINE = limit_request_line

# The application writes its own line for each request. Whoever turns gunicorn's on as well gets the method, the path,
# the status and the milliseconds: neither the query nor the visitor's address nor the page they came from.
accesslog = None
access_log_format = "%(m)s %(U)s %(s)s %(M)s"

# What gunicorn would write of a request that it could not handle, and what stands here instead.
_TOLD_WITHOUT_THE_VISITOR = {
    "Error handling request": "A request failed outside of the application",  # gunicorn adds the whole address
    "Invalid request from ip=": "An invalid request was refused",  # gunicorn adds who sent it, and what
}


class DiscreetLogger(Logger):
    """gunicorn's own logger, without queries and visitors' addresses in its complaints."""

    def setup(self, cfg: Config) -> None:
        """Set up as gunicorn does, and put the filter in front."""
        super().setup(cfg)
        self.error_log.addFilter(_tell_without_the_visitor)


def _tell_without_the_visitor(record: logging.LogRecord) -> bool:
    for start, sentence in _TOLD_WITHOUT_THE_VISITOR.items():
        if str(record.msg).startswith(start):
            record.msg, record.args = sentence, ()
    return True


logger_class = DiscreetLogger


def post_worker_init(worker: Worker) -> None:
    """Read the gazetteer while nobody waits: it takes the better part of a second.

    Without a database a worker starts all the same: /healthz and the page that says so need none.
    """
    app = worker.wsgi
    with app.app_context():
        try:
            app.extensions["geocoder"].prepare()
        except DBAPIError:
            app.logger.warning("The gazetteer could not be read yet; the first search will read it")
