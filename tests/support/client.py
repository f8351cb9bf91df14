"""A client that holds every page it gets to what each page must keep."""

from functools import lru_cache
from html.parser import HTMLParser

from flask.testing import FlaskClient

from directory.web.headers import HEADERS

_SITE = {"en": "Ketamine Clinic Directory", "es": "Directorio de clínicas de ketamina"}
_NOT_ADVICE = {"en": "Not medical advice.", "es": "No es consejo médico."}


class Client(FlaskClient):
    """Gives each request a context: within its caller's it would share `g` and database session with the next."""

    def open(self, *arguments, **options):
        with self.application.app_context():
            return super().open(*arguments, **options)


class PageClient(Client):
    """Checks of every answer the headers, no cookie where it may be kept; of every page title, h1, crisis line."""

    def open(self, *arguments, **options):
        response = super().open(*arguments, **options)
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        assert "Set-Cookie" not in response.headers or response.headers["Cache-Control"] == "no-store"
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            check_page(response.text)
        return response


def check_page(source):
    page = Page(source)
    [language] = [tag["lang"] for tag in page.all("html")]
    assert page.texts("title")[0].strip().endswith(_SITE[language])
    assert len(page.texts("h1")) == 1
    assert [link for link in page.all("a") if link.get("href") == "tel:988"]
    assert _NOT_ADVICE[language] in source
    assert not page.inline(), "no inline script, style or handler under our policy"
    ids = [tag["id"] for tag in page.tags if "id" in tag]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert all(label["for"] in ids for label in page.all("label") if "for" in label)
    for form in page.all("form"):
        assert form.get("action")
    posted = [form for form in page.all("form") if form.get("method", "").lower() == "post"]
    assert len([tag for tag in page.all("input") if tag.get("name") == "csrf_token"]) == len(posted)
    return page


class Page:
    """A page taken apart: `tags` are dicts of attributes with "" for the name; enough to ask what a reader meets."""

    def __init__(self, source):
        self._read = _read(source)
        self.tags = self._read.tags

    def all(self, name):
        return self._read.named.get(name, [])

    def texts(self, name):
        found, inside = [], []
        for is_open, tag, text in self._read.steps:
            if is_open:
                inside.append(tag)
                if tag == name:
                    found.append("")
            elif text is None:
                while inside and inside.pop() != tag:
                    pass
            elif name in inside:
                found[-1] += text
        return [" ".join(text.split()) for text in found]

    def inline(self):
        handlers = [tag for tag in self.tags if any(name.startswith("on") or name == "style" for name in tag if name)]
        scripts = [tag for tag in self.all("script") if "src" not in tag]
        return handlers + scripts + self.all("style")


class _Reader(HTMLParser):
    """What stands in a source, in order: tags that open, (True, tag, None) and close, and text, (False, None, text)."""

    def __init__(self):
        super().__init__()
        self.tags, self.named, self.steps = [], {}, []

    def handle_starttag(self, tag, attributes):
        read = {"": tag, **{name: value or "" for name, value in attributes}}
        self.tags.append(read)
        self.named.setdefault(tag, []).append(read)
        self.steps.append((True, tag, None))

    def handle_endtag(self, tag):
        self.steps.append((False, tag, None))

    def handle_data(self, text):
        self.steps.append((False, None, text))


@lru_cache(maxsize=4)  # a test asks the page that the client has just read
def _read(source):
    reader = _Reader()
    reader.feed(source)
    return reader
