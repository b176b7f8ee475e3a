"""The live preview: the site's own pages, made anew from the sources whenever these are saved.

``preview`` knows what the pages are now, ``remarks`` what a check says of them, ``app`` answers a
browser on this machine, ``live`` watches the files and runs it all.
"""
