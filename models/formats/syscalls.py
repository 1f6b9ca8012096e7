"""What a process that is shut in may ask of the kernel (confinement.py), and under which numbers:
to read what is open, to open for reading, memory, time, and its own end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """`audit`: how the kernel names it to a filter; `seccomp`: the call that sets one."""

    audit: int
    seccomp: int
    numbers: dict[str, int]


PLAIN = (
    *("read", "write", "readv", "writev", "pread64", "lseek", "close", "dup", "poll", "ppoll"),
    *("fstat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2"),
    *("readlink", "readlinkat", "getdents64", "getcwd", "uname", "sysinfo", "getrandom"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "futex", "membarrier"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("set_robust_list", "get_robust_list", "set_tid_address", "rseq", "sched_yield"),
    *("sched_getaffinity", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid"),
    *("getrlimit", "getrusage", "times", "gettimeofday", "nanosleep", "clock_nanosleep"),
    *("clock_gettime", "clock_getres", "exit", "exit_group"),
)
# Those that open a file, and which of their arguments says how.
OPENS = {"open": 1, "openat": 2}
NAMES = [
    "read",
    "write",
    "close",
    "fstat",
    "lseek",
    "mmap",
    "mprotect",
    "munmap",
    "brk",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "ioctl",
    "pread64",
    "readv",
    "writev",
    "sched_yield",
    "mremap",
    "madvise",
    "dup",
    "nanosleep",
    "getpid",
    "clone",
    "exit",
    "uname",
    "fcntl",
    "getcwd",
    "gettimeofday",
    "getrlimit",
    "getrusage",
    "sysinfo",
    "times",
    "getuid",
    "getgid",
    "geteuid",
    "getegid",
    "sigaltstack",
    "gettid",
    "futex",
    "sched_getaffinity",
    "getdents64",
    "set_tid_address",
    "restart_syscall",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "exit_group",
    "openat",
    "newfstatat",
    "readlinkat",
    "faccessat",
    "ppoll",
    "set_robust_list",
    "get_robust_list",
    "prlimit64",
    "getrandom",
    "membarrier",
    "statx",
    "rseq",
    "faccessat2",
]
X86 = (
    *(0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 24, 25, 28, 32, 35, 39, 56, 60, 63),
    *(72, 79, 96, 97, 98, 99, 100, 102, 104, 107, 108, 131, 186, 202, 204, 217, 218, 219),
    *(228, 229, 230, 231, 257, 262, 267, 269, 271, 273, 274, 302, 318, 324, 332, 334, 439),
)
ARM = (
    *(63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 29, 67, 65, 66, 124, 216, 233, 23),
    *(101, 172, 220, 93, 160, 25, 17, 169, 163, 165, 179, 153, 174, 176, 175, 177, 132, 178, 98),
    *(123, 61, 96, 128, 113, 114, 115, 94, 56, 79, 78, 48, 73, 99, 100, 261, 278, 283, 291, 293),
    *(439,),
)
OLDER = {"open": 2, "stat": 4, "lstat": 6, "poll": 7, "access": 21, "readlink": 89}
ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, 317, dict(zip(NAMES, X86, strict=True)) | OLDER),
    "aarch64": Architecture(0xC00000B7, 277, dict(zip(NAMES, ARM, strict=True))),
}
