"""`flask serve`: the directory on this machine, on the first free port."""

import errno
import socket
from contextlib import suppress

import click
from flask.cli import ScriptInfo
from werkzeug.serving import make_server

from directory.cli.outbox import sending_beside
from directory.cli.readiness import stop_unless_ready

HOST = "127.0.0.1"
_TRIES = 100
_LAST_PORT = 65535


@click.command("serve")
@click.option("--port", type=click.IntRange(1, _LAST_PORT), default=5000, show_default=True, help="First port to try.")
@click.pass_obj
def serve(script: ScriptInfo, port: int) -> None:
    """Serve the directory to this machine alone, send its mail, and print its address; Ctrl-C ends it."""
    stop_unless_ready()
    app = script.load_app()
    app.extensions["geocoder"].prepare()
    with _listen(range(port, min(port + _TRIES, _LAST_PORT + 1))) as listener:
        server = make_server(HOST, listener.getsockname()[1], app, threaded=True, fd=listener.fileno())
    # The server itself minds Ctrl-C once it runs; this is for the moment before.
    with suppress(KeyboardInterrupt):
        click.echo(f"http://{HOST}:{server.port}")
        with sending_beside(app):
            server.serve_forever()


def _listen(ports: range) -> socket.socket:
    """Return a socket that listens: an address that is printed is ours already and cannot be taken by another."""
    for port in ports:
        try:
            return _listen_at(port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise click.ClickException(
        f"The ports {ports[0]} to {ports[-1]} are all taken. Name another first one with --port."
    )


def _listen_at(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
