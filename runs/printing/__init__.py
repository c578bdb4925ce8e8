"""The print room: what a facilitator hands out, made from the scenario and one catalogue of words.

    from runs.printing.paper import document
    document("cards", "japan-2026", "ko")      one HTML page that prints as it stands

    entrepot print --what all --language ja --out print --pdf

Role cards, the facilitator's guide, order sheets for play on paper, name tents, an evaluation form.
Figures on a card are what the model shows the seat at its start; nothing needs the internet.
"""


class PrintError(ValueError):
    """Something asked of the print room that it cannot print; one sentence."""
