"""How the server listens: who may hold how many connections, for how long, and how it is run."""
