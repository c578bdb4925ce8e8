"""What a story says of runs that nobody has looked at, held against their tables by other code.

    python -m runs.story.trial --runs 20

plays all shipped scenarios with seeds from 1001 on, writes each run's folder, reads its tables, and
works out again what every headline, piece of news, flag, tile, title, bill and answer claims: who,
what, whether first, in which direction, when, and each number within the digits that it is written
with. Nothing here calls the code that makes the sentences. A sentence whose kind nobody knows how
to work out is a finding too.
"""
