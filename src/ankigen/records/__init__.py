"""Files → records: the values of entries as they are written, each with its places, not yet typed.

``documents`` and ``spreadsheets`` each know a kind of file and give values by the file's own names;
``names`` puts them under the keys of a note type.
"""
