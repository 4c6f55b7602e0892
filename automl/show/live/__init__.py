"""The live view: a picture of a running study on the lower lines of a terminal."""
