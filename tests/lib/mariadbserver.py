"""A throwaway MariaDB server for tests.

    with MariadbServer() as server:
        server.run("CREATE DATABASE a")
        print(server.query("SELECT version()"))

The server lives in a fresh directory, listens only on a unix socket in it, and is built for speed. It runs as the calling
user, root or not. Any number of servers may live side by side.

It always goes away: a small watchdog process holds a pipe to the caller; when the pipe closes, for whatever reason (normal
exit, exception, SIGKILL), the watchdog stops the server and removes the directory.

Only the standard library and MariaDB's own programs are needed (Debian: mariadb-server-core, mariadb-client-core).
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time

_WATCHDOG = r"""
trap '' INT TERM HUP
cat >/dev/null
kill -9 "$1" 2>/dev/null
while kill -0 "$1" 2>/dev/null; do sleep 0.05; done
rm -rf "$2"
"""

_SETTINGS = ["--skip-networking", "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0",
             "--innodb-use-native-aio=0", "--innodb-buffer-pool-size=64M", "--performance-schema=OFF",
             "--innodb-doublewrite=0", "--innodb-flush-method=nosync", "--innodb-stats-auto-recalc=0", "--max-connections=50", "--skip-log-bin", "--sync-frm=0"]
_PLACES = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]


class MariadbError(RuntimeError):
    """The server could not be found, made, started or spoken to. The message says which, with the program's output."""


class MariadbRefused(MariadbError):
    """The server did not run a statement. code: its error number."""

    def __init__(self, message):
        super().__init__(message)
        words = message.split()
        self.code = int(words[1]) if len(words) > 1 and words[0] == "ERROR" and words[1].isdigit() else 0


def find_program(*names):
    """The first of these programs that is installed, or None."""
    path = os.pathsep.join([os.environ.get("PATH", "")] + _PLACES)
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return found
    return None


class MariadbServer:
    def __init__(self):
        self.programs = {
            "server": find_program("mariadbd", "mysqld"),
            "client": find_program("mariadb", "mysql"),
            "install": find_program("mariadb-install-db", "mysql_install_db"),
        }
        self.directory = self._process = self._watchdog = None

    def missing(self):
        """What keeps the server from being started: "mariadbd is not installed"; empty: nothing."""
        names = {"server": "mariadbd", "client": "mariadb", "install": "mariadb-install-db"}
        return ", ".join(f"{names[what]} is not installed" for what, path in self.programs.items() if not path)

    def __enter__(self):
        if self.missing():
            raise MariadbError(self.missing())
        # A socket's path may not be longer than 107 bytes.
        self.directory = tempfile.mkdtemp(prefix="bascule-mariadb-", dir="/tmp" if os.path.isdir("/tmp") else None)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._watchdog:
            self._watchdog.stdin.close()  # it kills the server, and waits until nobody has it as a child any more
            self._process.wait()
            self._watchdog.wait()
        else:
            if self._process:
                self._process.kill()
                self._process.wait()
            shutil.rmtree(self.directory, ignore_errors=True)
        self._process = self._watchdog = None

    def _start(self):
        user = ["--user=" + pwd.getpwuid(os.getuid()).pw_name]
        data = os.path.join(self.directory, "data")
        self.socket = os.path.join(self.directory, "s")
        log = os.path.join(self.directory, "log")
        made = subprocess.run([self.programs["install"], "--no-defaults", f"--datadir={data}", *user, "--skip-test-db",
                               "--auth-root-authentication-method=normal", "--skip-name-resolve", "--force"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
        if made.returncode != 0:
            raise MariadbError("mariadb-install-db: " + made.stdout)
        with open(log, "w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                [self.programs["server"], "--no-defaults", f"--datadir={data}", f"--socket={self.socket}",
                 f"--tmpdir={self.directory}", f"--pid-file={self.directory}/pid", *user, *_SETTINGS],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True)
        self._watchdog = subprocess.Popen(["sh", "-c", _WATCHDOG, "watchdog", str(self._process.pid), self.directory],
                                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                          start_new_session=True)
        for _ in range(600):
            if self._process.poll() is not None:
                break
            try:
                self.query("SELECT 1")
                return
            except MariadbRefused:
                time.sleep(0.05)
        with open(log, encoding="utf-8") as file:
            raise MariadbError("mariadbd did not start: " + file.read()[-2000:])

    def command(self, database=""):
        """The client's command line for a session."""
        return [self.programs["client"], "--no-defaults", "-S", self.socket, "-u", "root", "--batch",
                "--skip-column-names", "--default-character-set=utf8mb4", *([database] if database else [])]

    def query(self, sql, database=""):
        """Runs a script up to its first error; the rows as text."""
        done = subprocess.run(self.command(database), input=sql, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise MariadbRefused(done.stderr[max(done.stderr.find("ERROR "), 0):].strip())
        return done.stdout

    run = query

    def session(self, database=""):
        """A session that stays open."""
        return MariadbSession(self.command(database) + ["--unbuffered", "--force"])


class MariadbSession:
    """One client process, and so one connection, for statement after statement."""

    def __init__(self, command):
        self._client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True)
        self._count = 0

    def run(self, sql):
        """Runs a script; its rows as text. Its first error is raised; what stands behind that was run all the same."""
        self._count += 1
        end = f"-- end {self._count}"
        self._client.stdin.write(f"{sql}\n;\nSELECT '{end}';\n")
        self._client.stdin.flush()
        lines = []
        for line in self._client.stdout:
            if line.rstrip("\n") == end:
                break
            lines.append(line)
        else:
            raise MariadbError("the client has ended: " + "".join(lines))
        for line in lines:
            # An empty statement between two terminators is none of the script's.
            if line.startswith("ERROR ") and not line.startswith("ERROR 1065 "):
                raise MariadbRefused(line.strip())
        return "".join(lines)

    query = run

    def close(self):
        self._client.stdin.close()
        self._client.wait()
        self._client.stdout.close()
