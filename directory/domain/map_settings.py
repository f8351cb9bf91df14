"""The setting of the map: where its pictures come from, refused with a sentence that says what to set."""

from collections.abc import Mapping

from directory.domain.tiles import read_tiles


def map_tiles_url(environ: Mapping[str, str]) -> str:
    """Return MAP_TILES_URL, "" where there is none; raises ValueError, which does not repeat it, where it is none."""
    value = environ.get("MAP_TILES_URL", "")
    try:
        read_tiles(value, "")
    except ValueError:
        raise ValueError(
            "MAP_TILES_URL is no address of map tiles. Set it like https://tiles.example.org/{z}/{x}/{y}.png, one host."
        ) from None
    return value
