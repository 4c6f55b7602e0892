"""Options that the program takes from another file."""

from lib import defaults

if False:
    import train  # noqa


def extend(p):
    if defaults.LEGACY:
        p.add_argument("--old")
    p.add_argument("--schedule", choices=tuple(defaults.SCHEDULES), default=next(iter(defaults.SCHEDULES)))
    return p
