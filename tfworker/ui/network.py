"""Whether this machine has a network, as far as the system tells."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

OFF = (QNetworkInformation.Reachability.Disconnected, QNetworkInformation.Reachability.Local)


class Network(QObject):
    """came_back: there was no network, and now there is.

    is_up: True also where the system cannot tell; a round then finds out by trying.
    """

    came_back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_up = True
        if QNetworkInformation.loadDefaultBackend():
            told = QNetworkInformation.instance()
            told.reachabilityChanged.connect(self.note)
            self.note(told.reachability())

    def note(self, now: QNetworkInformation.Reachability) -> None:
        """The system says how far this machine reaches."""
        was_up, self.is_up = self.is_up, now not in OFF
        if self.is_up and not was_up:
            self.came_back.emit()
