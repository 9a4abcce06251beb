"""More servers beside that of test/with-postgres: on other ports, with their sockets in the same directory."""
import os
import shutil
import subprocess
import sys

from server import Session, run

MAIN_PORT = 5432
BIN = subprocess.run([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"], check=True, capture_output=True, text=True).stdout.strip()


def as_server(command):
    """As the user of the main server, which is not root; ends the script if that fails."""
    owner = os.stat(os.path.join(os.environ["PGHOST"], "data"))

    def become_owner():
        os.chdir("/")
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(owner.st_gid)
            os.setuid(owner.st_uid)

    done = subprocess.run(command, preexec_fn=become_owner, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.args}: {done.stdout}{done.stderr}")


def start_postmaster(data, port, options=""):
    as_server([f"{BIN}/pg_ctl", "start", "-D", data, "-w", "-s", "-l", f"{data}/log", "-o",
               f"-p {port} -c listen_addresses='' -k {os.environ['PGHOST']} -c fsync=off {options}"])


def new_directory(name):
    """For the data of a server, which alone may read it."""
    data = os.path.join(os.environ["PGHOST"], name)
    os.makedirs(data, mode=0o700)
    owner = os.stat(os.path.join(os.environ["PGHOST"], "data"))
    os.chown(data, owner.st_uid, owner.st_gid)
    return data


class Server:
    """A server with a new cluster, or with what prepare(data) has put into its directory; use it as "with Server(...) as ..."."""

    def __init__(self, port, options="", prepare=None):
        self.port, self.options = str(port), options
        self.data = new_directory(f"data-{port}")
        if prepare is None:
            as_server([f"{BIN}/initdb", "-D", self.data, "-U", os.environ["PGUSER"], "--auth=trust", "--no-sync",
                       "--encoding=UTF8", "--locale=C.UTF-8"])
        else:
            prepare(self.data)

    def __enter__(self):
        start_postmaster(self.data, self.port, self.options)
        return self

    def __exit__(self, *_):
        as_server([f"{BIN}/pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-s"])
        shutil.rmtree(self.data, ignore_errors=True)

    def run(self, sql, database=None):
        return run(sql, database, self.port)

    def session(self, database=None):
        return Session(database, self.port)
