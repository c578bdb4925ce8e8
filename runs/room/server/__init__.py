"""The server around rooms and pages: who may reach what, how many at once, and by which name."""
