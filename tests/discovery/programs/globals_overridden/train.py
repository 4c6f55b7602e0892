"""Settings as names of the module, which a second file overrides from the command line."""
import os

out_dir = "out"
batch_size = 12
learning_rate = 6e-4
compile = True
bias = False
config_keys = [k for k, v in globals().items() if not k.startswith("_") and isinstance(v, (int, float, bool, str))]
exec(open("configurator.py").read())
config = {k: globals()[k] for k in config_keys}
tokens = batch_size * 3
