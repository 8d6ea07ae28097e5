"""The cases of this folder, in the order they are written."""
CASES = []


def case(function):
    CASES.append(function)
    return function


def same(got, want, what=""):
    assert got == want, "%s: got %r, expected %r" % (what, got, want)
