"""Pictures as plain SVG, made in Python: for files that open without a server and for notebooks."""
