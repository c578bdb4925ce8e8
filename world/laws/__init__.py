"""The laws of the world: one file a submodel of the ODD, pure functions, arrays in and arrays out.

Actors stand on the last axis; whatever stands before it (lucks, channels, origins) is broadcast.
"""
