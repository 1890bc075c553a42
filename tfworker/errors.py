"""The world's faults, in words a worker understands. Our own faults are ordinary exceptions."""


class Problem(Exception):
    """Something went wrong outside the code: disk, network, permission, a wrong passphrase.

    title: one line for the person at the screen, no jargon and no record content.
    advice: what they can do next; empty when there is nothing to do.
    """

    title = "Something went wrong"
    advice = ""

    def __init__(self, title: str | None = None, advice: str | None = None) -> None:
        self.title = title if title is not None else type(self).title
        self.advice = advice if advice is not None else type(self).advice
        super().__init__(f"{self.title}. {self.advice}".strip())
