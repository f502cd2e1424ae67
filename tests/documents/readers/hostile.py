"""A reader that misbehaves as its file tells it to. Only the tests' own sandbox knows it."""

import os
import socket
import time
from pathlib import Path

from documents.readers.common.source import Source
from documents.readers.page import Page


def parse(file):
    order = file.read().decode()
    found = ORDERS[order]()
    return Source("", 1, [Page(None, str(found), [])])


def environment():
    return sorted(os.environ)


def connect():
    with socket.create_connection(("127.0.0.1", 9), timeout=2):
        return "connected"


def open_a_file():
    return Path("/etc/passwd").read_text()


def start_a_program():
    os.execv("/bin/true", ["true"])


def fork():
    return os.fork()


def descriptors():
    return [number for number in range(64) if _is_open(number)]


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def user():
    return os.getuid()


def eat_memory():
    hoard = []
    while True:
        hoard.append(bytearray(8 << 20))
        time.sleep(0.005)


def burn():
    while True:
        pass


def sleep():
    time.sleep(600)


def crash():
    os.kill(os.getpid(), 11)
    time.sleep(600)


def vanish():
    os._exit(0)


def babble():
    os.write(3, b"\xff" * 100)
    time.sleep(600)


def talk_without_end():
    while True:
        os.write(3, b'\x00\x00\x00\x0c{"text": ""}')


def lie():
    os.write(3, b"\x00\x00\x00\x0e" + b'{"page": "ix"}')
    time.sleep(600)


ORDERS = {
    name: found for name, found in globals().items() if callable(found) and name not in {"read"}
}
