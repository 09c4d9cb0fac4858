"""Measures Turva beside what it is compared with, as ratios of one run on one machine: `make bench`."""
