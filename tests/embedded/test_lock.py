import subprocess
import sys

from localchat.embedded.lock import Lock, in_use

HOLD = """
import sys, time
from pathlib import Path
from localchat.embedded.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.take("up")
lock.write(pid=1234, command="up", url="http://127.0.0.1:8000/", run="/tmp/x")
print("held", flush=True)
time.sleep(60)
"""


def holder(data):
    command = [sys.executable, "-c", HOLD, str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_owner_is_told_who_the_first_is(data):
    process = holder(data)
    lock = Lock(data)
    assert lock.take("up") is None
    sentence = in_use(lock.read(), data).message
    assert "process 1234 at http://127.0.0.1:8000/" in sentence
    end(process)


def test_a_dead_owner_is_not_in_the_way_and_what_it_left_is_known(data):
    process = holder(data)
    end(process)
    lock = Lock(data)
    assert lock.owner() is None
    assert lock.join() is None
    assert lock.take("up")["run"] == "/tmp/x"
    lock.leave()


def test_a_guest_gets_the_addresses_of_a_living_owner(data):
    process = holder(data)
    assert Lock(data).join()["run"] == "/tmp/x"
    end(process)
