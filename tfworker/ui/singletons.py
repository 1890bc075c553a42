"""WORKAROUND: PySide6 6.12.0 takes None, True and False for immortal, which they are from Python 3.12 on.

Below 3.12 every Qt method that gives nothing, and every signal that carries a bool, leaves the
interpreter with one reference less to None, True or False than there are; after some ten thousand
calls the count is down to nought and Python ends the process ("none_dealloc: deallocating None").
Remove with Python 3.11, or with a PySide6 under which tests/ui/test_singletons.py passes without it.
"""

import ctypes
import sys

# More references than a laptop can lose in years of calls.
SPARE = sys.maxsize // 4
COUNTS_ARE_FIRST = sys.implementation.name == "cpython" and not hasattr(sys, "getobjects")


def give_spare_references() -> None:
    """Raise the reference counts of None, True and False out of PySide6's reach. Once a process."""
    if sys.version_info < (3, 12) and COUNTS_ARE_FIRST:
        for single in (None, True, False):
            # Safe: an object's count is the first word of its memory (PyObject_HEAD of the C API), it
            # is only ever read as a number, and these three are never freed.
            count = ctypes.c_ssize_t.from_address(id(single))
            if count.value < SPARE:
                count.value += SPARE
