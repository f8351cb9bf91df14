"""The ratios that the design names, measured in one run: `make bench`."""
