"""Brings parameters to the record: which target speaks of which parameter, and one best set.

A *point* is one set of parameters for all episodes, measured by the instrument of
``runs.validate`` with the same seeds as every other point (common random numbers), so that two
points differ by their parameters alone. Points stand in one table that is written row by row and
gone on with; everything that is said of a calibration is made from that table.
"""
