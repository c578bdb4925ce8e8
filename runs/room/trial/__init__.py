"""Trials of the real server: bots that use the door that people use, load, and faults."""
