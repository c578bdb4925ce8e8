"""Every figure of the tables with its source, and what the model does with it.

``entries`` tells them for the Sources page and ``entrepot sources``; ``python -m
runs.sources.trials`` lowers what is said to be read and sees that an outcome moves.
"""
