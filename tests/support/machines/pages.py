"""The pages as somebody opens them at a moment of the telling: no answer may be an error of ours."""

import sys
from contextlib import contextmanager

import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.support import signed_in as signing
from tests.support.signed_in import signed_in

_RAW = "a" * 40


class Pages:
    """Opens and sends pages as one of the people; `world` says what time it is."""

    def __init__(self, app, world):
        self.app, self.world = app, world
        self.token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(_RAW)

    def get(self, name, path):
        return self._open(name, lambda client: client.get(path), path)

    def post(self, name, path, **typed):
        return self._open(name, lambda client: client.post(path, data=typed | {"csrf_token": self.token}), path)

    def _open(self, name, act, path):
        with clock(self.world.at):
            client = signed_in(self.app, self.world.id(name))
            with client.session_transaction() as cookie:
                cookie["csrf_token"] = _RAW
            answer = act(client)
        assert answer.status_code < 500, f"{path} answered {answer.status_code} to {name}"
        return answer


@contextmanager
def clock(at):
    """Let the pages believe that it is that moment."""
    modules = [module for name, module in sys.modules.items() if name.startswith("directory.web")]
    with pytest.MonkeyPatch.context() as patch:
        for module in (*modules, signing):
            if hasattr(module, "now"):
                patch.setattr(module, "now", lambda: at)
        yield
