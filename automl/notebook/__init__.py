"""The notebook of which this process is the kernel, as far as its programs can tell."""
