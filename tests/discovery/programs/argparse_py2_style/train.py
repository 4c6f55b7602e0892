#!/usr/bin/env python
# -*- coding: utf-8 -*-
from __future__ import print_function
import argparse, os, sys

class Options(object):
	"""Options of the program."""
	def __init__(self, argv=sys.argv):
		p = argparse.ArgumentParser(description='Old style')
		p.add_argument('-e', '--epochs', dest='n', metavar='N', default=10, type=int, help='epochs [%(default)s]')
		p.add_argument('-lr', default=.01, type=float)
		p.add_argument('--no-cuda', action='store_true', default=False)
		p.add_argument('--gpus', default=os.environ.get('CUDA_VISIBLE_DEVICES', '0'))
		self.p = p
	def parse(self):
		return self.p.parse_args()

opt = Options().parse() if __name__ == '__main__' else None
