"""The page to share: a course as static pages that need no server, no account and no other host.

``views`` makes plain values of a rendered course, ``pages`` makes HTML of them, ``output`` writes
the folder. ``templates/`` and ``static/`` hold what the pages are made of.
"""
