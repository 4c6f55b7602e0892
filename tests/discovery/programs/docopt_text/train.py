"""Train a model.

Usage:
  train.py <data> [--lr=<rate>] [--layers=<n>] [options]

Options:
  -h --help              Show this screen.
  -l <rate>, --lr=<rate>  Learning rate [default: 0.01].
  --layers=<n>           How many layers [default: 3]
  --optim NAME           Optimizer [default: adam].
  --amp                  Half precision.
"""
from docopt import docopt

if __name__ == "__main__":
    arguments = docopt(__doc__, version="1")
