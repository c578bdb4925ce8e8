"""The room's pages: plain HTML, CSS and JavaScript on the room's door; nothing from outside.

`runs.pages.routes.page_routes` has the routes, `runs.pages.words` the catalogues of strings.
"""
