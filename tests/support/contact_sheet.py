"""Pictures of pages in a folder, and a page that shows all of them beside one another: `make screenshots`."""

from __future__ import annotations

import hashlib
import html
import json
from pathlib import Path

from tests.support.gallery import Picture

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title><style>
body{font-family:sans-serif;margin:1rem}table{border-collapse:collapse}
td,th{border:1px solid #bbb;padding:.4rem;vertical-align:top;text-align:left}td{max-width:22rem}
img{max-width:20rem;max-height:30rem;border:1px solid #ddd}</style>
<h1>Every page</h1><p>As the desk answers it. Without script there is a picture only where it differs.</p>"""


class Sheet:
    """The pictures of one language. `write` puts the contact sheet of all languages there so far."""

    def __init__(self, folder: Path, language: str) -> None:
        self._folder, self._language = folder, language
        (folder / language).mkdir(parents=True, exist_ok=True)
        for old in (folder / language).iterdir():
            old.unlink()
        self._seen: dict[tuple[str, str], str] = {}
        self._files: dict[str, list[str]] = {}

    def add(self, picture: Picture, size: str, way: str, png: bytes) -> None:
        """Keep a picture, unless it is the same as the one with script."""
        digest = hashlib.sha256(png).hexdigest()
        if self._seen.setdefault((picture.file, size), digest) == digest and way != "script":
            return
        name = f"{self._language}/{picture.file}-{size}{'' if way == 'script' else '-no-script'}.png"
        (self._folder / name).write_bytes(png)
        self._files.setdefault(f"{picture.room}: {picture.name}", []).append(name)

    def write(self) -> None:
        """Write the list of this language, and `index.html` over every language."""
        listed = json.dumps(self._files, ensure_ascii=False, indent=1)
        (self._folder / self._language / "pages.json").write_text(listed)
        rows: dict[str, dict[str, list[str]]] = {}
        languages = sorted(found.parent.name for found in self._folder.glob("*/pages.json"))
        for language in languages:
            for name, files in json.loads((self._folder / language / "pages.json").read_text()).items():
                rows.setdefault(name, {})[language] = files
        body = "".join(_row(name, found, languages) for name, found in rows.items())
        head = "".join(f"<th>{language}</th>" for language in languages)
        table = f"<table><tr><th>page</th>{head}</tr>{body}</table>"
        (self._folder / "index.html").write_text(HEAD + table, encoding="utf-8")


def _row(name: str, found: dict[str, list[str]], languages: list[str]) -> str:
    cells = "".join(f"<td>{''.join(map(_image, found.get(one, [])))}</td>" for one in languages)
    return f"<tr><th>{html.escape(name)}</th>{cells}</tr>"


def _image(file: str) -> str:
    name = html.escape(Path(file).stem)
    return f'<a href="{file}"><img loading="lazy" src="{file}" alt="{name}" title="{name}"></a>'
