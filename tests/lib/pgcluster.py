"""A throwaway PostgreSQL cluster for tests.

    with PgCluster() as cluster:
        cluster.create_database("a")
        print(cluster.url("a"))

The cluster lives in a fresh directory, listens only on a unix socket in it, and is built for speed (fsync off). It runs
as the calling user, or as the system user `postgres` when the caller is root (initdb refuses root). Any number of clusters
may live side by side. Its programs are the newest installed PostgreSQL's, or those of the folder that the environment
variable BASCULE_POSTGRES_BIN names; what is not in there (psql, pg_dump) is taken from the installed one.

It always goes away: a small watchdog process holds a pipe to the caller; when the pipe closes, for whatever reason (normal
exit, exception, SIGKILL), the watchdog stops the server and removes the directory.

Only the standard library and PostgreSQL's own programs are needed.
"""

import functools
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

_WATCHDOG = r"""
trap '' INT TERM HUP
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate -w -t 20 -s stop >/dev/null 2>&1
rm -rf "$2"
"""

_INITDB_FLAGS = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]

_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
shared_buffers = 32MB
max_connections = 60
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, MDY'
lc_messages = 'C'
"""


@functools.lru_cache(maxsize=None)
def _program_major(*command):
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"PostgreSQL\) (\d+)", text).group(1))


def _works_in(process, folder):
    try:
        return os.readlink(f"/proc/{process}/cwd") == folder
    except OSError:
        return False


class PgClusterError(RuntimeError):
    """The server could not be found, made, started or spoken to. The message says which, with the program's output."""


# Where scripts/postgres-matrix puts the servers of other majors.
_MATRIX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "postgres-matrix", "node_modules",
                       "postgres-*", "native", "bin")
CHOICE = "BASCULE_POSTGRES_BIN"


def matrix():
    """The directories of server programs that scripts/postgres-matrix got, by their major version, oldest first."""
    found = {int(re.search(r"/postgres-(\d+)/", place).group(1)): os.path.realpath(place) for place in glob.glob(_MATRIX)}
    return dict(sorted(found.items()))


def find_bin_directory():
    """The directory of server programs that BASCULE_POSTGRES_BIN names; else the newest installed PostgreSQL's, or None."""
    chosen = os.environ.get(CHOICE)
    return os.path.abspath(chosen) if chosen else _installed()


def _installed():
    candidates = []
    for initdb in glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        version = re.search(r"/postgresql/(\d+)", initdb)
        candidates.append((int(version.group(1)), os.path.dirname(initdb)))
    if candidates:
        return max(candidates)[1]
    on_path = shutil.which("initdb")
    return os.path.dirname(os.path.realpath(on_path)) if on_path else None


class PgCluster:
    """One running server. Create it with `with`, or call start() and stop()."""

    def __init__(self, configuration="", access="", bin_directory=None):
        """`configuration`: further lines for postgresql.conf. `access`: lines for pg_hba.conf, before its own (trust).
        `bin_directory`: of initdb, pg_ctl and postgres; none: find_bin_directory()."""
        self._extra = configuration
        self._access = access
        self._watchdog = None
        self._as_user = []
        self.directory = None
        self.bin = os.path.abspath(bin_directory) if bin_directory else find_bin_directory()
        if self.bin is None:
            raise PgClusterError("PostgreSQL's server programs are not installed (scripts/install-deps installs them)")
        if not os.path.exists(os.path.join(self.bin, "initdb")):
            raise PgClusterError(f"there is no initdb in {self.bin}")

    # -- life ---------------------------------------------------------------------------------------------------------

    def start(self):
        """Makes and starts the server. Raises PgClusterError."""
        self.directory = tempfile.mkdtemp(prefix="pg.")
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam("postgres")
            except KeyError:
                account = pwd.getpwnam("nobody")
            os.chown(self.directory, account.pw_uid, account.pw_gid)
            self._as_user = ["runuser", "-u", account.pw_name, "--"]
        self._watchdog = subprocess.Popen(
            [*self._as_user, "sh", "-c", _WATCHDOG, "watchdog", self.bin, self.directory], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd="/")
        data = os.path.join(self.directory, "data")
        self._fill(data)
        configuration = _CONFIGURATION.format(directory=self.directory) + self._extra
        self._run(["sh", "-c", 'cat >> "$1/postgresql.conf"', "sh", data], text=configuration)
        if self._access:
            with_access = 'cat - "$1/pg_hba.conf" > "$1/pg_hba.new" && mv "$1/pg_hba.new" "$1/pg_hba.conf"'
            self._run(["sh", "-c", with_access, "sh", data], text=self._access)
        self._boot()
        return self

    def _fill(self, data):
        """Makes the data directory."""
        flags = [flag for flag in _INITDB_FLAGS if self.version >= 14 or flag != "--no-instructions"]
        self._run([self.program("initdb"), "-D", data, *flags])

    def _boot(self):
        data, log = os.path.join(self.directory, "data"), os.path.join(self.directory, "log")
        self._run([self.program("pg_ctl"), "-D", data, "-l", log, "-w", "-s", "-t", "60", "start"])

    def kill(self):
        """Ends the server as a power cut would; start_again() brings it back with what had been committed."""
        data = os.path.join(self.directory, "data")
        with open(os.path.join(data, "postmaster.pid")) as file:
            victims = [file.readline().strip()]  # first, so that it starts no more
        while victims:
            for process in victims:
                try:
                    os.kill(int(process), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.05)
            victims = [process for process in os.listdir("/proc") if process.isdigit() and _works_in(process, data)]

    def start_again(self):
        """After kill(). Recovery is done when it returns. Raises PgClusterError."""
        # Where nobody has reaped the dead server yet, its locks look as if it lived.
        for left_over in ("data/postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
            if os.path.exists(os.path.join(self.directory, left_over)):
                os.unlink(os.path.join(self.directory, left_over))
        self._boot()

    def stop(self):
        """Stops the server and removes its directory. May be called twice."""
        if self._watchdog is None:
            return
        self._watchdog.stdin.close()
        try:
            self._watchdog.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._watchdog.kill()
        self._watchdog = None
        if self.directory and os.path.isdir(self.directory):
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *exception):
        self.stop()

    # -- use ----------------------------------------------------------------------------------------------------------

    def url(self, database, driver=None):
        """A connection URL in SQLAlchemy's spelling; `driver` is the part after the plus sign, as in postgresql+psycopg2."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://postgres@/{urllib.parse.quote(database)}?host={self.directory}"

    def conninfo(self, database):
        """The same in libpq's key=value spelling."""
        return f"host={self.directory} port=5432 user=postgres dbname={database}"

    def create_database(self, name):
        """Makes an empty database."""
        strategy = " STRATEGY file_copy" if self.version >= 15 else ""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE template0{strategy}')

    def drop_database(self, name):
        """Removes a database, and whoever is connected to it."""
        if self.version >= 13:
            self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        # Who was told to go may still be going: the server waits some seconds for that by itself.
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        self.sql(f'DROP DATABASE IF EXISTS "{name}"')

    def sql(self, statement, database="postgres"):
        """Runs one statement with psql and returns its output, unaligned. Raises PgClusterError."""
        return self._run([self.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-U", "postgres",
                          "-d", database, "-c", statement], as_server=False)

    @property
    def can_dump(self):
        """pg_dump refuses servers that are newer than itself."""
        return _program_major(self.program("pg_dump"), "--version") >= self.version

    def dump(self, database, *options):
        """pg_dump's output. Raises PgClusterError, also where it is too old (can_dump)."""
        return self._run([self.program("pg_dump"), "-h", self.directory, "-U", "postgres", *options, database],
                         as_server=False)

    def log_text(self):
        """The server's log so far, for a failure report."""
        return self._run(["cat", os.path.join(self.directory, "log")])

    @property
    def version(self):
        """The server programs' major version."""
        return _program_major(self.program("pg_ctl"), "--version")

    def program(self, name):
        """One of PostgreSQL's programs: this server's, else the installed one's."""
        for place in (self.bin, _installed()):
            if place and os.path.exists(os.path.join(place, name)):
                return os.path.join(place, name)
        return name

    # -- inside -------------------------------------------------------------------------------------------------------

    def _run(self, command, text=None, as_server=True):
        prefix = self._as_user if as_server else []
        done = subprocess.run([*prefix, *command], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8", "PGTZ": "UTC"})
        if done.returncode != 0:
            raise PgClusterError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


class Replica(PgCluster):
    """A streaming replica of another cluster, which needs `wal_level = replica` and some max_wal_senders. `slot`: the
    replication slot that is made for it; none: the primary keeps nothing for it."""

    def __init__(self, primary, slot=None, configuration=""):
        # max_wal_senders must not be below the primary's.
        super().__init__("max_wal_senders = 10\nwal_level = replica\n" + configuration)
        self._primary = primary
        self._slot = ["--create-slot", "--slot", slot] if slot else []

    def _fill(self, data):
        self._run([self.program("pg_basebackup"), "-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync",
                   "-h", self._primary.directory, "-U", "postgres", *self._slot])


def main():
    """`pgcluster.py COMMAND...` runs a command with DATABASE_URL naming a fresh database, for use by hand."""
    if len(sys.argv) < 2:
        sys.exit("usage: pgcluster.py COMMAND [ARGUMENT...]")
    with PgCluster() as cluster:
        cluster.create_database("scratch")
        environment = {**os.environ, "DATABASE_URL": cluster.url("scratch"), "PGHOST": cluster.directory, "PGUSER": "postgres",
                       "PGDATABASE": "scratch"}
        status = subprocess.run(sys.argv[1:], env=environment).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
