import sys

lr = float(sys.argv[1])
layers = int(sys.argv[2]) if len(sys.argv) > 2 else 3
