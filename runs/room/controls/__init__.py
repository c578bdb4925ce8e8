"""What facilitators do, by subject; `runs.room.control` has the table of all actions."""
