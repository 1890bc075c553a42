"""What a laptop hears when the council does not do as asked: a code, a sentence, no more.

A refusal never says which part was wrong, and never holds a record's content.
"""


class Refusal(Exception):
    """The council says no. status: of HTTP; code: for programs; detail: for the person."""

    status = 400
    code = "refused"
    detail = "The council did not accept this."

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__(self.code)
        self.retry_after_s = retry_after_s


class Unreadable(Refusal):
    """The body is not what this address takes."""

    code = "unreadable"
    detail = "The council could not read this message."


class BodyTooLarge(Refusal):
    """More bytes than a batch may have, packed or unpacked."""

    status = 413
    code = "too_large"
    detail = "This is more than the council takes at once."


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status = 408
    code = "too_slow"
    detail = "The message took too long to arrive."


class NotRecognised(Refusal):
    """Enrolment or sign-in with something wrong in it: one sentence for all of them."""

    status = 401
    code = "not_recognised"
    detail = (
        "The code, the password or the staff number is not right, or the code was used or has run out. "
        "Ask your manager for a new code."
    )


class NotSignedIn(Refusal):
    """The token is unknown, has run out or was replaced."""

    status = 401
    code = "signed_out"
    detail = "Please sign in again."


class AccountDisabled(Refusal):
    """The worker may not sign in any more."""

    status = 403
    code = "account_disabled"
    detail = "Your account is closed. Your unsent work is kept on this laptop. Ring your manager."


class DeviceRefused(Refusal):
    """The laptop is suspended, lost or retired."""

    status = 403
    code = "device_refused"
    detail = "This laptop may not connect any more. Unsent work is kept on it. Ring your manager."


class TooManyTries(Refusal):
    """Too many failed sign-ins, or too many requests: wait."""

    status = 429
    code = "wait"
    detail = "Too many tries. Please wait a little and try again."


class Overloaded(Refusal):
    """The database is not there or too busy."""

    status = 503
    code = "busy"
    detail = "The council's records are busy. Nothing is lost; try again in a moment."
