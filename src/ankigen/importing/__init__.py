"""Files of other programs → source files of a course, and what of them did not fit."""
