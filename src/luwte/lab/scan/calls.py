"""The system calls that a child may make once it reads foreign bytes: a list of what is allowed.

What is not on the list fails with EPERM, as if the right to it were missing: a library that tries something
it can do without goes on. What no decoder ever tries by accident, and an exploit does, ends the process.

The filter is made here, in the leading process, with libseccomp; a child only loads it (see `confine`). It
needs no right, and nothing can take it away again. Source: seccomp(2), Linux 6.1.
"""

from __future__ import annotations

import errno
import os
from base64 import b64encode
from functools import cache
from typing import Any, Final

_MEMORY = ("brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "membarrier")
_DESCRIPTORS = (
    *("read", "readv", "pread64", "preadv", "write", "writev", "lseek", "_llseek", "close", "close_range"),
    *("dup", "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64"),
    *("fadvise64", "arm_fadvise64_64", "fadvise64_64", "readahead"),
)
_LOOKING = (
    *("stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "newfstatat", "fstatat64", "statx"),
    *("statfs", "statfs64", "fstatfs", "fstatfs64", "access", "faccessat", "faccessat2"),
    *("readlink", "readlinkat", "getdents", "getdents64", "getcwd"),
)
_THREADS = (
    *("futex", "futex_time64", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "gettid"),
    *("sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "getcpu", "exit"),
    *("sched_get_priority_max", "sched_get_priority_min", "exit_group"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "rt_sigpending"),
)
_KNOWING = (
    *("clock_gettime", "clock_gettime64", "clock_getres", "clock_nanosleep", "clock_nanosleep_time64"),
    *("nanosleep", "gettimeofday", "time", "times", "getrusage", "sysinfo", "uname", "getrandom"),
    *("getrlimit", "ugetrlimit", "getpid", "getppid", "getpgrp", "getpgid", "getpriority"),
    *("getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "capget"),
)
ALLOWED: Final = (*_MEMORY, *_DESCRIPTORS, *_LOOKING, *_THREADS, *_KNOWING)
"""Calls that are allowed whatever they are given; names that an architecture lacks are passed over."""

FATAL: Final = (
    *("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd"),
    *("kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "mount_setattr"),
    *("unshare", "setns", "bpf", "userfaultfd", "perf_event_open", "open_by_handle_at"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot"),
    *("setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset"),
    *("add_key", "request_key", "keyctl"),
)
"""Calls that end the process: nothing that reads a picture makes one."""

_ABSENT = ("clone3", "openat2")  # their callers take the older call when told that there is no such one
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OPENING = (("open", 1), ("openat", 2))
_CLONE_THREAD = 0x10000
_PR_SET_NAME, _RLIMIT_CPU = 15, 0
_FCNTL = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x1260, 0x1268, 0x80081272)
_INT = 0xFFFF_FFFF


class NoFilter(Exception):
    """No filter of system calls can be made here; the message says why, in plain words."""


@cache
def call_filter() -> str:
    """Return the filter as words for `confine.shut`: the number of seccomp(2), and the program in base64.

    Raises `NoFilter` where libseccomp or its Python binding is missing, or knows no such machine.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError):
        raise NoFilter("libseccomp is not installed") from None
    try:
        program = _program(pyseccomp)
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, "seccomp")
    except OSError as error:
        raise NoFilter(f"libseccomp cannot make it ({error.strerror})") from None
    return f"{number}:{b64encode(program).decode()}"


def _program(seccomp: Any) -> bytes:
    """Return the filter as classic BPF, as the kernel takes it."""
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    for action, names in (
        (seccomp.ALLOW, ALLOWED),
        (seccomp.KILL_PROCESS, FATAL),
        (seccomp.ERRNO(errno.ENOSYS), _ABSENT),
    ):
        for name in names:
            _add(seccomp, rules, action, name)
    _add_bounded(seccomp, rules)
    ours, theirs = os.pipe()  # it is a few kB and fits; a file could not be made on a full disk
    with os.fdopen(ours, "rb") as source:
        with os.fdopen(theirs, "wb") as target:
            rules.export_bpf(target)
        return source.read()


def _add_bounded(seccomp: Any, rules: Any) -> None:
    """Allow what is harmless with certain arguments only."""

    def allow(name: str, *bounds: tuple[int, int, int]) -> None:
        tests = [seccomp.Arg(place, seccomp.MASKED_EQ, mask, value) for place, mask, value in bounds]
        _add(seccomp, rules, seccomp.ALLOW, name, *tests)

    for name, place in _OPENING:
        allow(name, (place, _WRITING, 0))
    allow("clone", (0, _CLONE_THREAD, _CLONE_THREAD))
    allow("prctl", (0, _INT, _PR_SET_NAME))
    for number in _FCNTL:
        allow("fcntl", (1, _INT, number))
        allow("fcntl64", (1, _INT, number))
    for number in _IOCTL:
        allow("ioctl", (1, _INT, number))
    allow("setrlimit", (0, _INT, _RLIMIT_CPU))
    allow("prlimit64", (0, _INT, 0), (1, _INT, _RLIMIT_CPU))
    allow("prlimit64", (0, _INT, 0), (2, (1 << 64) - 1, 0))  # asking, which sets nothing


def _add(seccomp: Any, rules: Any, action: int, name: str, *tests: Any) -> None:
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    if number >= 0:
        rules.add_rule(action, number, *tests)
