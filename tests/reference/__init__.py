"""A second, slow implementation of the firms' weeks, in plain Mesa agents.

Written from the text of world/ODD.md before the columns' code was read; laws that came later follow
both. A law has to be said the same way in the text, in the columns and here, and ``test_reference``
compares the columns with these objects to 1e-9.

    levers   orders, levers in force and the law they make
    places   zones, hubs, materials, lanes and markets, with licences and shipments
    prices   releases, fills, prices, hoarding, origin, recycling
    firms    industrial users, feed desks, reserves and traders
    plants   mines, refineries and magnet makers
    sales    how those outside the coercer share out what they make
    model    the Mesa model and its week
    start    from the columns of a world to objects and back, for comparison
    beside   both engines side by side
    bench    how long a week takes
"""
