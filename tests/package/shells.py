"""How bash, zsh and fish go on with a command line that begins with edgetide, asked as people ask them."""

import contextlib
import os
import pty
import re
import select
import subprocess
import tempfile
import time

BASHRC = r"""
source <(edgetide completion bash)
show() { echo "LINE<$READLINE_LINE>"; READLINE_LINE=''; }
bind -x '"\C-x\C-x": show'
PS1=''; echo 'SHELL READY'
"""
ZSHRC = r"""
autoload -U compinit; compinit -D -u
source <(edgetide completion zsh)
show() { print -r -- "LINE<$BUFFER>"; zle kill-buffer }
zle -N show; bindkey '^X^X' show; bindkey '^I' complete-word
PROMPT=''; print -r -- 'SHELL READY'
"""


def said(command, env):
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{command}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout


def by_bash(words, env):
    """The last word, as it stands on a terminal after Tab was pressed."""
    with tempfile.NamedTemporaryFile("w") as settings:
        settings.write(BASHRC)
        settings.flush()
        command = ["bash", "--noprofile", "--rcfile", settings.name, "-i"]
        with on_a_terminal(command, env) as terminal:
            return completed_on(terminal, words)


def by_fish(words, env):
    with tempfile.TemporaryDirectory() as home:
        shown = said(["fish", "--no-config", "-c",
                      "edgetide completion fish | source; complete --do-complete $argv",
                      " ".join(["edgetide", *words])], env | {"HOME": home})
    return [line.split("\t")[0] for line in shown.splitlines()]


def by_zsh(words, env):
    """The last word, as it stands on a terminal after Tab was pressed."""
    with tempfile.TemporaryDirectory() as home, open(f"{home}/.zshrc", "w") as settings:
        settings.write(ZSHRC)
        settings.flush()
        with on_a_terminal(["zsh", "-i"], env | {"HOME": home, "ZDOTDIR": home}) as terminal:
            return completed_on(terminal, words)


def completed_on(terminal, words):
    seen(terminal, r"SHELL READY\r\n")
    os.write(terminal, (" ".join(["edgetide", *words]) + "\t\x18\x18").encode())
    return seen(terminal, r"LINE<([^>]*)>").split()[len(words):]


SHELLS = {"bash": by_bash, "fish": by_fish, "zsh": by_zsh}


@contextlib.contextmanager
def on_a_terminal(command, env):
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                             env=env | {"TERM": "dumb"})
    os.close(theirs)
    try:
        yield ours
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def seen(terminal, pattern):
    """What the pattern's group is once it has been shown."""
    shown, end = "", time.monotonic() + 60
    while not (found := re.search(pattern, shown)):
        if not select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0]:
            raise AssertionError(f"no {pattern} in {shown!r}")
        shown += os.read(terminal, 4096).decode(errors="replace")
    return found[found.re.groups]
