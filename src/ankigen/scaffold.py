"""A new course: a small one that builds, for somebody to go on with.

``template/`` is such a course. Its own name, id and language are replaced; files whose names begin
with ``.`` in a project begin with ``_`` there, so that no tool takes them for its own.
"""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ankigen import config, editorschema, files, languagetag, naming, notetype, portable, yamlwriter
from ankigen.diagnostics import SetupError
from ankigen.yamledit import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable


def start(root: Path, name: str = "", language: str = "") -> tuple[str, ...]:
    """Write a new course.

    Args:
        root: Its folder, which is made if it is not there.
        name: What learners see; made of the folder's name where it is empty.
        language: Of its texts; that of the template where it is empty.

    Returns:
        The files that a person goes on with, relative to the folder.

    Raises:
        SetupError: A file that would be written is there already, or the name or the language
            cannot be. Nothing has been written then.
    """
    texts = dict(_read(resources.files("ankigen") / "template", ""))
    course = Layout(texts[config.PROJECT_FILE])
    said = _said(name or _title(root.resolve().name), language, texts)
    edits = [
        course.replace(scalar, said[key])
        for scalar in course.scalars
        if len(scalar.path) == 1 and (key := str(scalar.path[0])) in said
    ]
    texts[config.PROJECT_FILE], _ = course.apply(edit for edit in edits if edit)
    place = root.resolve()
    for above in place.parents:
        inside = place.relative_to(above).parts[0] == config.SOURCES_FOLDER
        if inside and (above / config.PROJECT_FILE).is_file():
            raise SetupError(
                f"nothing was written, because '{root}' would lie among the cards of {above}",
                "choose a folder outside of it",
            )
    folder = config.SOURCES_FOLDER  # as a whole: categories in it would be part of the course
    wanted = [folder, *(file for file in texts if not file.startswith(f"{folder}/"))]
    there = [file for file in wanted if _is_there(root, file)]
    if there:
        where = "this folder" if root == Path() else f"'{root}'"
        raise SetupError(
            f"nothing was written, because {where} already has {', '.join(there)}",
            "choose another, or move them away",
        )
    for file, text in texts.items():
        files.write_source(root / file, text)
    editorschema.write(root, notetype.built_in())
    return tuple(texts)


def _said(name: str, language: str, texts: Iterable[str]) -> dict[str, str]:
    """What is to be said in ``ankigen.yaml``, by key.

    Raises:
        SetupError: It cannot be said.
    """
    if not name.strip() or yamlwriter.unwritable(name) or "\n" in name:
        raise SetupError(f"no course can be called '{name}'", "choose another --name")
    if language and not re.fullmatch(languagetag.PATTERN, language):
        meant = languagetag.meant(language)
        hint = f"did you mean '{meant}'?" if meant else "write it as en-GB or en-US"
        raise SetupError(f"'{language}' is not the tag of a language", hint)
    # GUIDs are made from it: two courses whose names have no Latin letter are not to share one.
    identifier = naming.slug(name) or f"course-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    taken = any(file.startswith(f"{config.SOURCES_FOLDER}/{identifier}/") for file in texts)
    if taken or portable.problem(identifier):
        identifier += "-course"  # its deck and a category's, or a device, are not to share a name
    said = {"id": identifier, "name": name.strip(), "language": language}
    return {key: value for key, value in said.items() if value}


def _title(folder: str) -> str:
    words = " ".join(re.findall(r"[^\s_-]+", folder))
    return words[:1].upper() + words[1:]


def _read(folder: Traversable, within: str) -> Iterator[tuple[str, str]]:
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        name = within + re.sub("^_", ".", part.name)
        if part.is_dir():
            yield from _read(part, f"{name}/")
        else:
            yield name, part.read_text("utf-8")


def _is_there(root: Path, file: str) -> bool:
    """Whether something stands where a file is to be written, or where its folder is."""
    path = root / file
    if path.exists() or path.is_symlink():
        return True
    above = (root / parent for parent in PurePath(file).parents)
    return any(folder.exists() and not folder.is_dir() for folder in above)
