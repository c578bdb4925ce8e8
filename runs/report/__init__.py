"""One file that tells a run, a room, an ensemble or a sweep, and opens without a server."""
