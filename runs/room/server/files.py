"""How many files this process may have open, and so how many connections."""

from __future__ import annotations

import sys

RESERVE = 320  # files: the log, the models' processes, and connections that are being taken in
MOST_CONNECTIONS = 4000  # more than any class has; each costs some memory
UNKNOWN = 1024  # files, where the system does not say
WANTED = 65_536  # files; systems that name no limit take no larger one


def raise_file_limit() -> int:
    """Raises the soft limit of open files to the hard one, as far as the system lets it; the limit
    that holds then."""
    if sys.platform == "win32":
        return UNKNOWN
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    for limit in (most, 10_240, 4096):  # macOS refuses what is above its own constant
        if soft != resource.RLIM_INFINITY and soft < limit <= most:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            except (ValueError, OSError):
                continue
            return limit
    return WANTED if soft == resource.RLIM_INFINITY else soft


def most_connections(files: int) -> int:
    """Connections that ``files`` leave room for."""
    return max(min(MOST_CONNECTIONS, files - min(RESERVE, files // 2)), 1)
