"""Logs of one JSON object a line: no query, no coordinates, no visitor's address, nothing that a visitor can forge."""

import logging

import structlog
from flask.logging import wsgi_errors_stream

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logging() -> None:
    """Send every log through one JSON handler, and drop the request lines of werkzeug's server. Safe to repeat."""
    root = logging.getLogger()
    if any(isinstance(handler, _JsonLines) for handler in root.handlers):
        return
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root.addHandler(_JsonLines())
    logging.getLogger("directory").setLevel(logging.INFO)
    logging.getLogger("werkzeug").addFilter(_is_not_a_request_line)


class _JsonLines(logging.StreamHandler):  # type: ignore[type-arg]  # generic only in the stubs
    def __init__(self) -> None:
        super().__init__(wsgi_errors_stream)
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_SHARED,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(),
                ],
            )
        )


def _is_not_a_request_line(record: logging.LogRecord) -> bool:
    # werkzeug writes the visitor's address and the whole query; web.log_request writes a line without either.
    return " - - [" not in record.getMessage()
