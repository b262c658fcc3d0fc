"""Files that editors and systems leave anywhere in the tree change nothing and stop nothing."""

import random

from engine.test_products import built_files

from helpers.book.manifest import whole

LEFT = ["._{}", ".#{}", "{}~", "#{}#", ".{}.swp", "~${}", ".ipynb_checkpoints/{}"]


def test_what_programs_leave_in_the_tree_changes_nothing(built):
    draw, root = random.Random(5), built.root
    before = built_files(root)
    folders = ["data/raw", "notebooks", "book", "book/_static", "params", "data/processed", "."]
    for folder in [*folders, "data/processed/figures", "src/helpers/engine", "src/helpers/stats"]:
        names = sorted(path.name for path in (root / folder).iterdir() if path.is_file())
        for left in [*LEFT, ".DS_Store"]:
            path = root / folder / left.format(draw.choice(names or ["x"]))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(draw.randbytes(60))
        (root / folder / ".#locked").symlink_to("nobody@nowhere.1:2")
    planted = set((root / "data/raw").iterdir())
    assert built.ran() == []
    (root / "book/_build/html/index.html").unlink()
    (root / "data/processed/executed/03-right.ipynb").unlink()
    assert built.ran() == ["03-right", "book"]
    after = built_files(root)
    assert {name: after.get(name) for name in before} == before
    assert planted == set((root / "data/raw").iterdir())


def test_what_programs_leave_in_the_built_book_is_noticed(built):
    html = built.root / "book/_build/html"
    for left in [*LEFT, ".DS_Store"]:
        path = html / left.format("index.html")
        path.parent.mkdir(exist_ok=True)
        path.write_text("left")
        assert not whole(html, html.with_name("manifest.json"))
        path.unlink()
        if path.parent != html:
            path.parent.rmdir()
        assert whole(html, html.with_name("manifest.json"))
