"""What an operator hears when the council cannot do as asked."""

from tfworker.errors import Problem


class CouncilTooNew(Problem):
    """A newer version of the program wrote this database. Serving it could lose records."""

    title = "This council database was written by a newer version of tfworker"
    advice = "Update tfworker on this machine, or use a copy made before the newer version ran."


class CouncilTooOld(Problem):
    """The database has not been brought up to this version yet."""

    title = "This council database was written by an older version of tfworker"
    advice = "Make a copy of it, then run: tfworker council init"


class CouncilNotSetUp(Problem):
    """There is no council in this database."""

    title = "There is no council in this database yet"
    advice = "Run: tfworker council init"


class CouncilUnreachable(Problem):
    """The database does not answer, or is not one."""

    title = "The council database cannot be reached"
    advice = "Check the address after --database, that the server runs and that this user may connect."


class NoSuchWorker(Problem):
    """No worker has this staff number or e-mail, or more than one has."""

    title = "There is no one worker with this staff number or e-mail"
    advice = "Import the workers first, or look at: tfworker council user list"


class NoSuchDevice(Problem):
    """No laptop has this id."""

    title = "There is no laptop with this id"
    advice = "Look at: tfworker council device list"


class NoAccount(Problem):
    """The worker is known but cannot sign in yet."""

    title = "This worker has no account yet"
    advice = "Run: tfworker council user add"


class WeakPassword(Problem):
    """The password does not meet the rules; `advice` says what would help, never the password."""

    title = "This password is too easy to guess"
