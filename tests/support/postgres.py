"""Starts a PostgreSQL server of our own for the tests, on a free port, as a user that is not root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.support.required import missing


@contextmanager
def server():
    """Yield the address of a fresh server without a database name, or skip where none is installed."""
    programs = _programs()
    root = Path(tempfile.mkdtemp(prefix="directory-pg-"))
    # /usr/sbin is not on the path of every account that may become another.
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"
    as_server = [runuser, "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_server:
        shutil.chown(root, "postgres", pwd.getpwnam("postgres").pw_gid)
    port = _free_port()

    def run(program, *arguments):
        subprocess.run([*as_server, programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=root)

    run("initdb", "-D", root / "data", "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    # Without vacuuming by itself, which plan a query gets does not depend on how long the tests have run.
    settings = {
        "listen_addresses": "127.0.0.1", "unix_socket_directories": root,
        "fsync": "off", "full_page_writes": "off", "autovacuum": "off",
    }  # fmt: skip
    options = " ".join([f"-p {port}", *(f"-c {name}={value}" for name, value in settings.items())])
    run("pg_ctl", "-D", root / "data", "-w", "-l", root / "log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://app@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", root / "data", "-m", "immediate", "stop")
        shutil.rmtree(root, ignore_errors=True)


def _programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        missing("no PostgreSQL server is installed (Debian's package `postgresql`)")
    return found[-1].parent


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
