"""Following a process from one step that the world can see to the next, and ending it at the k-th.

What a process does reaches disk and network only through system calls, so the moments just before
each call that writes, syncs, truncates, renames, sends or receives are all the moments there are:
a kill anywhere else leaves the world as one of them does. A seccomp filter stops the process at
exactly those calls and `ptrace` lets its parent look, fail the call, cut it short, or kill.

Needs Linux on x86-64 and nothing else: no compiler, no root. `supported()` says whether it is there.
"""

import ctypes
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

# x86-64 numbers of the calls that reach the disk or the network.
WRITING = {1: "write", 18: "pwrite", 20: "writev", 296: "pwritev"}
SETTLING = {74: "fsync", 75: "fdatasync", 77: "ftruncate"}
NAMING = {82: "rename", 264: "renameat", 316: "renameat2", 87: "unlink", 263: "unlinkat", 83: "mkdir"}
MAKING = {257: "create"}
AT_A_FOLDER = (257, 263, 264, 316)  # the path is the second thing they are given
LONGEST_PATH = 1024
TALKING = {44: "send", 46: "sendmsg", 45: "receive", 47: "recvmsg"}
CALLS = {**WRITING, **SETTLING, **NAMING, **MAKING, **TALKING}
# What the harness writes itself; shared memory.
NOT_COUNTED = ("/said", "/armed", "/healed", "/words", "/told", "-shm")

TRACE_ME, CONTINUE, GET_REGS, SET_REGS, SYSCALL, SET_OPTIONS = 0, 7, 12, 13, 24, 0x4200
OPTIONS = 0x100000 | 0x80 | 0x08 | 0x01  # dies with its parent; stops at seccomp, new threads, calls
AT_FILTER, NEW_THREAD = 7, 3
ALL_THREADS = 0x40000000  # __WALL
NO_CALL = 0xFFFF_FFFF_FFFF_FFFF
REGISTERS = "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss"

libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


class _Registers(ctypes.Structure):
    _fields_ = [(n, ctypes.c_ulonglong) for n in (*REGISTERS.split(), "fb", "gb", "ds", "es", "fs", "gs")]


class _Test(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte),
                ("value", ctypes.c_uint)]  # fmt: skip


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("tests", ctypes.POINTER(_Test))]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the process ends, or what fails.

    at: the point, from 1; 0: it runs to its end. torn: the call at the point is half done first.
    armed: points count only once the process has written a file `armed`.
    error: an errno; instead of a kill, the call at the point fails with it (only calls that write
    to disk count then), and with `for_ever` every later one until the process writes `healed`.
    after_s: instead of a point, a moment: killed so many seconds after its begin, not followed.
    """

    at: int = 0
    torn: bool = False
    armed: bool = False
    error: int = 0
    for_ever: bool = False
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. points: how many were passed; killed: by us; last: the point it stopped at."""

    points: int
    killed: bool
    last: str
    exit: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def supported() -> bool:
    """Whether this machine can be asked to follow a process."""
    return sys.platform.startswith("linux") and platform.machine() == "x86_64" and _may_trace()


def _may_trace() -> bool:
    return followed(lambda: None, Stop(), Path("/nowhere")).exit == 0


def left_alone(body: Callable[[], None], after_s: float) -> Told:
    """Run `body` in a child process and kill it after so many seconds; on any machine with fork."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _run(body)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return Told(0, code == -signal.SIGKILL, "a moment", code)
        if time.monotonic() - began >= after_s:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.0005)


def followed(body: Callable[[], None], stop: Stop, folder: Path) -> Told:
    """Run `body` in a child process of its own, to its end or to the point.

    folder: only files in it count. The calling process must have no other children.
    """
    child = os.fork()
    if child == 0:
        _become_followed(body)
    return _Follower(child, stop, str(folder)).follow()


def _become_followed(body: Callable[[], None]) -> None:
    def whole() -> None:
        _ask(TRACE_ME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _filter_calls()
        body()

    _run(whole)


def _run(body: Callable[[], None]) -> NoReturn:
    code = 70
    try:
        body()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _filter_calls() -> None:
    """Stop at the calls that count; everything else runs at full speed."""
    load, equal, give = 0x20, 0x15, 0x06
    tests = [_Test(load, 0, 0, 0)]
    tests += [_Test(equal, len(CALLS) - place, 0, number) for place, number in enumerate(CALLS)]
    tests += [_Test(give, 0, 0, 0x7FFF0000), _Test(give, 0, 0, 0x7FF00000)]
    program = (_Test * len(tests))(*tests)
    assert libc is not None
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(_Filter(len(tests), program)), 0, 0):
        raise OSError(ctypes.get_errno(), "this system does not let a process be followed")


def _ask(what: int, child: int, data: Any = None) -> None:
    assert libc is not None
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    if libc.ptrace(what, child, None, data) == -1:
        raise ProcessLookupError(ctypes.get_errno(), "the process is gone")


def _path(thread: int, registers: _Registers) -> str:
    """The file or socket a call is about; "" where that cannot be told."""
    number = registers.orig_rax
    try:
        if number not in NAMING and number not in MAKING:
            return str(Path(f"/proc/{thread}/fd/{registers.rdi}").readlink())
        with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
            memory.seek(registers.rsi if number in AT_A_FOLDER else registers.rdi)
            return memory.read(LONGEST_PATH).partition(b"\0")[0].decode(errors="replace")
    except OSError:
        return ""


class _Follower:
    """One process and its threads, followed to their end."""

    def __init__(self, child: int, stop: Stop, folder: str) -> None:
        self.child = child
        self.stop = stop
        self.folder = folder
        self.counting = not stop.armed
        self.failing = False
        self.points = 0
        self.killed = False
        self.last = ""

    def follow(self) -> Told:
        os.waitpid(self.child, ALL_THREADS)
        _ask(SET_OPTIONS, self.child, OPTIONS)
        _ask(CONTINUE, self.child)
        while True:
            thread, status = os.waitpid(-1, ALL_THREADS)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if thread == self.child:
                    return Told(self.points, self.killed, self.last, os.waitstatus_to_exitcode(status))
                continue
            try:
                self._stopped(thread, status)
            except ProcessLookupError:
                continue  # another thread of it was killed meanwhile; its end is reported too

    def _stopped(self, thread: int, status: int) -> None:
        event, number = status >> 16, os.WSTOPSIG(status)
        if event == AT_FILTER:
            self._at_call(thread)
        elif event or number in (signal.SIGSTOP, signal.SIGTRAP):
            _ask(CONTINUE, thread)
        else:
            _ask(CONTINUE, thread, number)  # a signal of its own

    def _at_call(self, thread: int) -> None:
        registers = _Registers()
        _ask(GET_REGS, thread, ctypes.byref(registers))
        name = self._name(thread, registers)
        if name and self.counting:
            self.points += 1
            self.last = name
            if self.stop.error:
                self._fail(thread, registers)
            elif self.points == self.stop.at:
                self._kill(thread, registers)
                return
        _ask(CONTINUE, thread)

    def _name(self, thread: int, registers: _Registers) -> str:
        """The point's name, "" where it is none."""
        number = registers.orig_rax
        if number in MAKING and not registers.rdx & os.O_CREAT:
            return ""
        path = _path(thread, registers)
        if path.endswith("/armed"):
            self.counting = True
        elif path.endswith("/healed"):
            self.failing, self.stop = False, Stop()
        if number in TALKING:
            return "" if self.stop.error or not path.startswith("socket:") else TALKING[number]
        if not path.startswith(self.folder) or path.endswith(NOT_COUNTED):
            return ""
        return f"{CALLS[number]} {path.rpartition('/')[2]}"

    def _fail(self, thread: int, registers: _Registers) -> None:
        if self.points == self.stop.at or self.failing:
            self.failing = self.stop.for_ever
            registers.orig_rax, registers.rax = NO_CALL, (-self.stop.error) & NO_CALL
            _ask(SET_REGS, thread, ctypes.byref(registers))

    def _kill(self, thread: int, registers: _Registers) -> None:
        if self.stop.torn and registers.orig_rax in WRITING and registers.rdx > 1:
            registers.rdx //= 2
            self.last = f"half of {self.last}"
            _ask(SET_REGS, thread, ctypes.byref(registers))
            _ask(SYSCALL, thread)
            os.waitpid(thread, ALL_THREADS)
        self.killed = True
        os.kill(self.child, signal.SIGKILL)
