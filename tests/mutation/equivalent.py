"""Mutants that no test can kill, because they behave as the code does, each with why.

By (module, first line of the statement, code before, code after), as `Mutant.key` has them.
"""

FEW = "any number from two up says that there are several values"

ORDERED = "what has the same digest is the same value, so nothing behind it decides the order"

EQUIVALENT: dict[tuple[str, str, str, str], str] = {
    (
        "sync.merge",
        "change = CardChange(card.card_id, self.group, self._kind(2), columns, card.base, sides, "
        "'edited', mine)",
        "2",
        "3",
    ): FEW,
    ("sync.merge", "card_id, kind = (self.card.card_id, self._kind(2))", "2", "3"): FEW,
    (
        "sync.standing",
        "in_turn = [values for _, _, values in sorted(voices, key=lambda voice: voice[:2])]",
        ":2",
        ":",
    ): ORDERED,
}
