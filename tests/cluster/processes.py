"""Child processes of a test: started with a log each, and ended by exactly their pid."""

import pathlib
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(what, condition, seconds, interval=0.2):
    """Polls until condition() is true and returns its value; AssertionError after that many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(interval)


class Process:
    """One child with its output in a file."""

    def __init__(self, name, command, directory, env=None):
        self.name = name
        self.log = pathlib.Path(directory) / f"{name}.log"
        with self.log.open("ab") as log:
            self.child = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log,
                                          stdin=subprocess.DEVNULL, env=env, cwd=directory,
                                          start_new_session=True)

    @property
    def pid(self):
        return self.child.pid

    def running(self):
        return self.child.poll() is None

    def check(self):
        if not self.running():
            raise AssertionError(f"{self.name} ended with {self.child.returncode}:\n{self.tail()}")

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def pause(self):
        self.child.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def kill(self):
        """As a crash would."""
        if self.running():
            self.child.kill()
        return self.child.wait()

    def stop(self, seconds=20):
        """SIGTERM, and SIGKILL when that is not heeded in time; returns the exit code."""
        if self.running():
            self.child.send_signal(signal.SIGCONT)
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
        return self.child.wait()
