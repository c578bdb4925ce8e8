"""The server around rooms and pages: who may reach what, and how it is found from outside."""
