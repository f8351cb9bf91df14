"""Reads MAP_TILES_URL: where the pictures of a map come from, and the one host that is asked for them."""

import re
from dataclasses import dataclass

_PATTERN = re.compile(
    r"(?P<origin>(?:https://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|http://(?:localhost|127\.0\.0\.1))(?::(?P<port>[0-9]{1,5}))?)"
    r"/[\w./?=&%~@+-]+",
    re.ASCII | re.IGNORECASE,
)
_LAST_PORT = 65535
#: What a map puts into the address: column, row and zoom of a picture, and "@2x" for a fine screen.
_NEEDED, _KNOWN = {"{x}", "{y}", "{z}"}, {"{x}", "{y}", "{z}", "{r}"}


@dataclass(frozen=True)
class MapTiles:
    """Pictures of a map: the pattern of their addresses, whom to name for them, and their origin for our policy."""

    url: str
    attribution: str
    origin: str


def read_tiles(url: str, attribution: str) -> MapTiles | None:
    """Return the tiles of a pattern like https://tiles.example.org/{z}/{x}/{y}.png; None for an empty one.

    Raises ValueError, which does not repeat it, where it is none, would ask more than one host, or would tell
    everybody on the way what is looked at: http:// is for this machine alone.
    """
    if not url:
        return None
    fields = set(re.findall(r"\{[^{}]*\}", url))
    found = _PATTERN.fullmatch(re.sub(r"\{[xyzr]\}", "", url))
    if not found or not _NEEDED <= fields <= _KNOWN or int(found["port"] or 0) > _LAST_PORT:
        raise ValueError("no address of map tiles")
    if not url.startswith(f"{found['origin']}/"):  # a field stands in the host
        raise ValueError("no address of map tiles")
    return MapTiles(url, attribution, found["origin"].lower())
