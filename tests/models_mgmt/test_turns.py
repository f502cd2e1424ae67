"""Who goes first at the built-in model: so many batches at once, and a question beside them."""

import threading
import time

from models_mgmt.builtin.encoding import Turns


class Waiters:
    """Threads that take a turn and keep it until they are let go."""

    def __init__(self, turns):
        self.turns, self.changed = turns, threading.Condition()
        self.order, self.threads, self.let_go = [], [], threading.Event()

    def add(self, name, size):
        def work():
            with self.turns.taken(size):
                with self.changed:
                    self.order.append(name)
                    self.changed.notify_all()
                self.let_go.wait(10)

        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def hold(self, count):
        with self.changed:
            return self.changed.wait_for(lambda: len(self.order) >= count, timeout=5)

    def end(self):
        self.let_go.set()
        for thread in self.threads:
            thread.join()


def test_as_many_go_at_once_as_there_is_room_for():
    turns = Turns(2)
    waiters = Waiters(turns)
    for name in ("one", "two", "three"):
        waiters.add(name, 16)
    assert waiters.hold(2)
    deadline = time.monotonic() + 5
    while not turns._waiting and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (len(waiters.order), len(turns._waiting)) == (2, 1)
    waiters.end()
    assert sorted(waiters.order) == ["one", "three", "two"]


def test_who_asks_for_least_goes_next():
    turns = Turns(1)
    waiters = Waiters(turns)
    with turns.taken(64):
        for name, size in (("long", 64), ("short", 2), ("middle", 16)):
            waiters.add(name, size)
        while len(turns._waiting) < 3:
            time.sleep(0.01)
        waiters.let_go.set()
    waiters.end()
    assert waiters.order == ["short", "middle", "long"]
