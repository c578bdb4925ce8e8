"""Entrepot, the agents: who decides what. They look at the world and never write to it."""
