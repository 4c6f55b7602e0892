import getopt
import sys

lr = 0.1
opts, args = getopt.getopt(sys.argv[1:], "hl:v", ["lr=", "amp", "help"])
for o, a in opts:
    if o in ("-l", "--lr"):
        lr = float(a)
