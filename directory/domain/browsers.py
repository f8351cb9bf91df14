"""Names a browser coarsely, so that a person knows their own again and nobody can be told apart by it."""

#: The first that fits: what many others also say of themselves stands last.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"),
             ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
            ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
_ON = " on "


def browser_name(user_agent: str) -> str:
    """Return "Firefox on Android", or "" where the User-Agent header tells neither."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}{_ON}{system}" if browser and system else browser or system


def parts(name: str) -> tuple[str, str]:
    """Return the browser and the system of such a name, to be said in another language; "" for what it lacks."""
    browser, _, system = name.partition(_ON)
    return browser, system
