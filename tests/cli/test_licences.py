"""A licence that is unknown or not allowed is a fault, however the package says it."""

import pytest

from helpers.cli.licences import allows, said


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND (ISC OR AGPL-3.0-only)", True),
        ("((GPL-3.0-only))", False),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_what_is_not_allowed_is_refused(expression, allowed):
    assert allows(expression, ["MIT", "ISC"]) == allowed


@pytest.mark.parametrize("name", ["GPLv3", "GNU Lesser General Public License", "AGPL", "Mine"])
def test_free_text_that_is_not_known_to_be_free_stays_a_fault(name):
    assert not allows(said({"License": name}, []), ["MIT", "BSD"])
