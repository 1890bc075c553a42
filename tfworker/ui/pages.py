"""Which pages and panels there are, in the order of the rail, and what leads where."""

from collections.abc import Callable

from tfworker.actions.desk import Desk
from tfworker.ui.caseload import CaseloadPage
from tfworker.ui.family import FamilyPage
from tfworker.ui.note import JotPanel, NotePage
from tfworker.ui.review import ReviewPage
from tfworker.ui.search import SearchPage
from tfworker.ui.shell import Shell
from tfworker.ui.sign_in import SignInPanel
from tfworker.ui.team import TeamPage
from tfworker.ui.today import TodayPage
from tfworker.ui.work import WorkPage
from tfworker.ui.worried import WorriedPanel

LEADER = "leader"  # the role in which the Team page is in the rail


def register(
    shell: Shell, desk: Callable[[], Desk], sync: Callable[[], None], here: Callable[[], str]
) -> None:
    """Tell the shell which pages and panels there are, and where each leads.

    sync: begins a round. here: gives the family whose page is up, "" if none is.
    """
    tasks = shell.tasks

    def family(family_id: str) -> None:
        shell.go("family", family_id=family_id)

    def draft(draft_id: str) -> None:
        shell.go("note", draft_id=draft_id)

    def today(_: Shell) -> TodayPage:
        page = TodayPage(tasks, desk)
        page.family_opened.connect(family)
        page.draft_opened.connect(draft)
        page.sync_wanted.connect(shell.sync)
        page.list_wanted.connect(lambda: shell.go("work", group="laptop"))
        page.jot_opened.connect(lambda jot_id: shell.open_panel("jot", jot_id=jot_id))
        return page

    def caseload(_: Shell) -> CaseloadPage:
        page = CaseloadPage(tasks, desk)
        page.family_opened.connect(family)
        return page

    def search(_: Shell) -> SearchPage:
        page = SearchPage(tasks, desk)
        page.family_opened.connect(family)
        page.note_opened.connect(lambda note, of: shell.go("family", family_id=of, note_id=note))
        page.person_opened.connect(lambda _, of: shell.go("family", family_id=of, tab="people"))
        page.goal_opened.connect(lambda _, of: shell.go("family", family_id=of, tab="plan"))
        return page

    def review(_: Shell) -> ReviewPage:
        page = ReviewPage(tasks, desk)
        page.family_opened.connect(family)
        page.note_opened.connect(lambda note, of: shell.go("family", family_id=of, note_id=note))
        page.tab_opened.connect(lambda tab, of: shell.go("family", family_id=of, tab=tab))
        return page

    def work(_: Shell) -> WorkPage:
        page = WorkPage(tasks, desk)
        page.family_opened.connect(family)
        page.note_opened.connect(lambda note, of: shell.go("family", family_id=of, note_id=note))
        page.review_wanted.connect(lambda card_id: shell.go("review", card_id=card_id))
        page.sync_wanted.connect(shell.sync)
        return page

    def team(_: Shell) -> TeamPage:
        page = TeamPage(tasks, desk)
        page.family_opened.connect(family)
        page.review_wanted.connect(lambda: shell.go("review"))
        page.acknowledged.connect(sync)
        return page

    def family_page(_: Shell) -> FamilyPage:
        page = FamilyPage(tasks, desk)
        page.note_wanted.connect(
            lambda of, kind, visit: shell.go("note", family_id=of, kind=kind, visit_id=visit)
        )
        page.draft_opened.connect(draft)
        page.review_wanted.connect(lambda card_id: shell.go("review", card_id=card_id))
        return page

    def note(_: Shell) -> NotePage:
        page = NotePage(tasks, desk)

        def stay(**where: str) -> None:
            # She may have gone elsewhere while it was read or saved.
            if shell.here()[0] == "note":
                shell.stay(**where)

        def back() -> None:
            if shell.here()[0] == "note":
                shell.back()

        page.began.connect(lambda draft_id, of: stay(draft_id=draft_id, family_id=of))
        page.finished.connect(lambda note_id, of: stay(note_id=note_id, family_id=of))
        page.put_by.connect(back)
        page.family_opened.connect(family)
        return page

    def jot(_: Shell) -> JotPanel:
        panel = JotPanel(tasks, desk, here)
        panel.note_wanted.connect(
            lambda jot_id, family_id: shell.go("note", jot_id=jot_id, family_id=family_id)
        )
        return panel

    def worried(_: Shell) -> WorriedPanel:
        panel = WorriedPanel(tasks, desk, here)
        panel.raised.connect(sync)
        return panel

    def sign_in(_: Shell) -> SignInPanel:
        panel = SignInPanel(tasks, desk)
        panel.signed_in.connect(sync)
        return panel

    shell.register("today", "Today", "calendar-today", today)
    shell.register("caseload", "Caseload", "home-group", caseload)
    shell.register("search", "Search", "magnify", search)
    shell.register("review", "Review", "source-fork", review)
    shell.register("team", "Team", "account-group", team, {LEADER})
    shell.register("work", "Where your work is", "", work)
    shell.register("family", "Family", "", family_page)
    shell.register("note", "Note", "", note)
    shell.register_panel("jot", jot)
    shell.register_panel("worried", worried)
    shell.register_panel("sign_in", sign_in)
