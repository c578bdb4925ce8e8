"""The firms of the target's economy and who supplies whom: an optional way to count losses.

`figures` reads the tables, `build` draws the network, `daily` plays its days, `failures` lets one
firm fail at a time, `phase` joins the network to the week of the world (ODD 7.13).
"""
