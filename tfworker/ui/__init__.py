"""What a person sees: Qt Widgets only, on top of actions. No record, store or sync is known here.

How to add a page:

1. Write it as one file, a `Page` (parts/page.py) made of parts (`from tfworker.ui.parts import Card, ...`):

        class Caseload(Page):
            def __init__(self, desk: Desk, shell: Shell) -> None:
                super().__init__("Caseload")
                self.desk, self.shell = desk, shell
                self.set_actions(primary("New referral", icon_name="plus"))

            def arrive(self, **where: object) -> None:
                self.shell.tasks.run(
                    lambda: caseload(self.desk), done=self.show_families, failed=self.show_problem)

2. Register it in app.py, in the order of the rail; without an icon it is reached by shell.go only:

        shell.register("caseload", "Caseload", "home-group", lambda shell: Caseload(desk, shell))

3. Go elsewhere with `shell.go("family", family_id=...)`: that page's arrive() gets family_id. A panel
   (`register_panel`) is opened with `shell.open_panel("jot", family_id=...)`.

Everything that reads or writes goes through `shell.tasks` (tasks.py). Problems become banners:
`failed=self.show_problem`. Ctrl+S calls the page's save(), going elsewhere its leave(): save drafts
there, never ask. Sizes and colours come from `theme.current()`, words of the field from
resources/wording. Draw nothing with a colour of your own; a new pair of ink and ground belongs into
tokens.json, where the contrast test finds it. A widget without words gets an accessible name.
Look at your page: `python -m tfworker.ui.gallery --out DIR` shows how to grab pictures.
"""
