"""A process that may not open an internet socket; for the tests of working offline.

python without_network.py CODE    runs CODE; says on stderr, last, which addresses Python reached for

An IPv4 socket kills the process, whoever asks for it, native code included (exit status -31, SIGSYS). An IPv6
socket is refused: urllib3 tries, when it is imported, whether it could listen on ::1.
"""

import ctypes
import json
import platform
import struct
import sys

_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 97, 0x80000000  # 97: EAFNOSUPPORT
_SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # architecture, number of socket(2)
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_AF_INET, _AF_INET6 = 2, 10


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def forbid_internet_sockets() -> None:
    """Install a seccomp filter: see https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html."""
    architecture, socket_call = _SYSTEMS[platform.machine()]
    instructions = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (_LOAD, 0, 0, 4),
            (_JUMP_IF_EQUAL, 0, 6, architecture),
            (_LOAD, 0, 0, 0),
            (_JUMP_IF_EQUAL, 0, 3, socket_call),
            (_LOAD, 0, 0, 16),  # the address family
            (_JUMP_IF_EQUAL, 3, 0, _AF_INET),
            (_JUMP_IF_EQUAL, 1, 0, _AF_INET6),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _KILL),
        )
    )
    buffer = ctypes.create_string_buffer(instructions)
    program = _Program(len(instructions) // 8, ctypes.addressof(buffer))
    system = ctypes.CDLL(None)
    done = [
        system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        system.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0),
    ]
    assert done == [0, 0], "this kernel has no seccomp"


def main() -> None:
    reached_for: list[str] = []
    watched = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
    sys.addaudithook(lambda event, values: reached_for.append(repr(values)) if event in watched else None)
    forbid_internet_sockets()
    try:
        exec(sys.argv[1], {})
    finally:
        print(json.dumps(reached_for), file=sys.stderr)


if __name__ == "__main__":
    main()
