"""Lets several people act at the very same moment."""

from threading import Barrier, Thread


def at_once(app, *acts):
    """Run each of `acts` in a thread and a context of its own; return what each returned or raised, in order."""
    outcomes, start = [None] * len(acts), Barrier(len(acts))

    def run(number, act):
        with app.app_context():
            start.wait()
            try:
                outcomes[number] = act()
            except Exception as error:  # noqa: BLE001 - the test compares it
                outcomes[number] = error

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
