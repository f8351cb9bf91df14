import pytest

from directory.domain.prices import kept_price, price, price_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("400", "400"),
        ("$400", "400"),
        (" $ 1,200 ", "1200"),
        ("400.00", "400"),
        ("300-800", "300-800"),
        ("$300 – $800", "300-800"),
        ("300 to 800", "300-800"),
        ("300 a 800", "300-800"),
        ("400-400", "400"),
        ("20000", "20000"),
    ],
)
def test_a_price_is_kept_in_one_form(typed, kept):
    assert kept_price(typed) == kept
    assert kept_price(kept) == kept
    assert price_text(*price(kept)) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "0", "free", "-400", "800-300", "0-300", "20001", "1,20", "4 00", "400.50", "300-", "3e2", "٤٠٠", "9" * 5000],
)
def test_what_is_no_price_in_whole_dollars_is_refused(typed):
    assert kept_price(typed) is None


@pytest.mark.parametrize("unsaid", [(None, None), (300, None), (None, 300)])
def test_of_an_unknown_price_there_is_nothing_to_read(unsaid):
    assert price_text(*unsaid) == ""
