"""The room: a class or a tabletop plays one game together, on one server and one log.

The log of commands is the game; the state of a room is a fold over it. Nothing here knows a page.
Importing this package alone brings no web framework.
"""
