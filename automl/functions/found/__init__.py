"""How the processes of trials find a function: by import, or by a copy of its content."""
