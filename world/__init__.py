"""Entrepot, the world: what is true, week by week. Imports NumPy, pydantic and nothing of ours."""
