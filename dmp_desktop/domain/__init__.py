"""Values and rules of the trade. Imports nothing of the program but :mod:`dmp_desktop.errors`."""
