"""What a person sees: Qt Widgets only, on top of actions. No record, store or sync is known here.

How to add a page:

1. Write it in a folder of its own: a `Page` (parts/page.py) made of the parts in tfworker.ui.parts:

        class CaseloadPage(Page):
            family_opened = Signal(str)

            def __init__(self, tasks: Tasks, desk: Callable[[], Desk]) -> None:
                super().__init__("Caseload")
                self.tasks, self.desk = tasks, desk
                self.set_actions(primary("New referral", icon_name="plus"))

            def arrive(self, **where: object) -> None:
                self.tasks.run(
                    lambda: caseload(self.desk()), done=self.show_rows, failed=self.show_problem)

   A page says where the person wants to go with a signal; it knows no other page.

2. Register it in pages.py, in the order of the rail, and connect its signals there; without an icon it
   is not in the rail:

        shell.register("caseload", "Caseload", "home-group", caseload)

3. `shell.go("family", family_id=...)` brings a page up: its arrive() gets family_id. A panel
   (`register_panel`) is opened with `shell.open_panel("jot", family_id=...)`.

Everything that reads or writes goes through `Tasks` (tasks.py). Problems become banners:
`failed=self.show_problem`. Ctrl+S calls the page's save(), going elsewhere its leave(): save drafts
there, never ask. Sizes and colours come from `theme.current()`, words of the field from
resources/wording. Draw nothing with a colour of your own; a new pair of ink and ground belongs into
tokens.json, where the contrast test finds it. A widget without words gets an accessible name.
Look at your page: `python -m tfworker.ui.gallery --out DIR` shows how to grab pictures.
"""

from tfworker.ui.singletons import give_spare_references

give_spare_references()
