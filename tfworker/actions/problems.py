"""What a screen hears when an action cannot be done as asked."""

from tfworker.errors import Problem


class BadInput(Problem):
    """A field holds something that cannot be saved as it is. The text stays on the screen.

    field: name of the field to mark, as in the action's own arguments; "" when none stands out.
    """

    title = "Something here cannot be saved yet"

    def __init__(self, field: str, title: str, advice: str = "") -> None:
        super().__init__(title, advice)
        self.field = field


class NotHere(Problem):
    """The record is not on this laptop (never was, or no longer yours)."""

    title = "This is not on this laptop any more"
    advice = "Sync, then look in Caseload. If you still need it, ask your team leader."


class NotYours(Problem):
    """The worker's role does not allow this act."""

    title = "This is for somebody else to do"
