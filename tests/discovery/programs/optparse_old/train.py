from optparse import OptionParser

parser = OptionParser(usage="%prog [options]")
parser.add_option("-l", "--lr", type="float", dest="lr", default=0.1, help="rate")
parser.add_option("--depth", type="int", default=3)
parser.add_option("--kind", type="choice", choices=["a", "b"], default="a")
parser.add_option("-q", "--quiet", action="store_false", dest="verbose", default=True)
(options, args) = parser.parse_args()
