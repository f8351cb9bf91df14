import pytest

from directory.domain.tiles import MapTiles, read_tiles


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org"),
        ("https://Tiles.Example.org:8443/a/{z}/{x}/{y}{r}.png?key=a-b_c", "https://tiles.example.org:8443"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "http://127.0.0.1:8080"),
        ("http://localhost/{z}/{x}/{y}.png", "http://localhost"),
    ],
)
def test_tiles_come_from_the_one_host_that_their_address_names(url, origin):
    assert read_tiles(url, "© Somebody") == MapTiles(url, "© Somebody", origin)


def test_no_address_means_no_tiles():
    assert read_tiles("", "© Somebody") is None


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example.org/{z}/{x}/{y}.png",
        "//tiles.example.org/{z}/{x}/{y}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        # Whoever stands on the way would read what is looked at.
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        # Several hosts.
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://{x}.example.org/{z}/{x}/{y}.png",
        "https://tiles{x}.example.org/{z}/{y}.png",
        "https://tiles.example.org:8{x}/{z}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{token}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
        "https://u:hunter2@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org:65536/{z}/{x}/{y}.png",
        # What would end the directive of our policy, or the header.
        "https://tiles.example.org;/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
        "https://tiles.example.org/{z}/{x}/{y}.png\n",
        "https://tíles.example.org/{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_address_of_tiles_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="no address of map tiles") as raised:
        read_tiles(url, "")

    assert "example" not in str(raised.value)
