"""How the terminal spells keywords in messages: as options, in a study's file, beside a script."""
