"""Parts of events that tell more of a trial than a number: how it stands, what it drew."""
