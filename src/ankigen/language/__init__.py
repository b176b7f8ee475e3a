"""English as a careful editor reads it: words, spelling, variety, level, likeness, articles.

Pure functions over texts, which know nothing of entries; ``rules`` asks them about a course.
"""
