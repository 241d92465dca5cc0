"""The modules that a piece of a program is made of, by the imports that stand in its sources."""

import pytest

from scripts.record.code import closure, sha256_of

FILES = {
    "__init__.py": "",
    "a.py": "import os\nfrom scripts.b import one\n",
    "b.py": "def one():\n    from scripts.room import c\n",
    "room/__init__.py": "from scripts.room.d import two\n",
    "room/c.py": "import scripts.e\n",
    "room/d.py": "two = 2\n",
    "e.py": "import typing\nif typing.TYPE_CHECKING:\n    from scripts.f import three\n",
    "f.py": "three = 3\n",
}


@pytest.fixture
def scripts(tmp_path):
    """A program of a few modules."""
    for name, text in FILES.items():
        path = tmp_path / "scripts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "scripts"


def test_what_is_imported_anywhere_belongs_to_it(scripts):
    """Within a function, too; but not what only types need, nor what is not ours."""
    found = closure(["scripts.a"], scripts)
    assert found == {"scripts.a", "scripts.b", "scripts.room.c", "scripts.e"}


def test_a_name_of_a_package_brings_the_package(scripts):
    """What is no module of it stands in its __init__.py."""
    (scripts / "g.py").write_text("from scripts.room import c, two\n", encoding="utf-8")
    found = closure(["scripts.g"], scripts)
    assert found >= {"scripts.g", "scripts.room", "scripts.room.c", "scripts.room.d"}


def test_the_hash_is_that_of_names_and_texts(scripts):
    """In whatever order they are named."""
    first = sha256_of(["scripts.a", "scripts.b"], scripts)
    assert first == sha256_of(["scripts.b", "scripts.a"], scripts)
    assert first != sha256_of(["scripts.a"], scripts)
    (scripts / "b.py").write_text("changed = 1\n", encoding="utf-8")
    assert first != sha256_of(["scripts.a", "scripts.b"], scripts)
