"""Opening, refusing, sharing and losing the database."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from db.connection import database_path, open_database
from db.errors import DatabaseError
from db.migrations import MIGRATIONS
from db.transactions import read, write

ROOT = Path(__file__).parent.parent


def child(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_new_home_gets_the_whole_schema(tmp_path):
    db = open_database(tmp_path / "new" / "home")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert [m.name for m in MIGRATIONS.applied(db)][:2] == ["m001_first_schema", "m002_judged_report"]
    assert {"reports", "looks", "outbox"} - set(db.table_names()) == {"outbox"}
    tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
    loose = {name for (name,) in db.execute(tables)}
    assert loose <= {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}


def test_opening_again_writes_nothing(tmp_path):
    open_database(tmp_path).close()
    before = database_path(tmp_path).read_bytes()
    open_database(tmp_path).close()
    assert database_path(tmp_path).read_bytes() == before


def test_absent_database_is_said_and_not_made(tmp_path):
    for how in ({"create": False}, {"read_only": True}):
        with pytest.raises(DatabaseError, match="no database here"):
            open_database(tmp_path, **how)
    assert list(tmp_path.iterdir()) == []


def test_read_only_refuses_writes(tmp_path):
    open_database(tmp_path).close()
    db = open_database(tmp_path, read_only=True)
    with pytest.raises(DatabaseError, match="cannot be written"), write(db):
        db.execute("INSERT INTO about VALUES ('a', 'b')")


def test_a_newer_version_is_refused_in_one_line(tmp_path):
    db = open_database(tmp_path)
    db["_sqlite_migrations"].insert({"migration_set": "ogiwatch", "name": "m999_later", "applied_at": "2030"})
    db.close()
    with pytest.raises(DatabaseError, match="newer version.*m999_later") as caught:
        open_database(tmp_path)
    assert "\n" not in str(caught.value)


def test_other_files_are_refused_and_left_alone(tmp_path):
    path = database_path(tmp_path)
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseError, match="another kind of file"):
        open_database(tmp_path)
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="not of OGI Watch"):
        open_database(tmp_path)
    assert path.read_bytes() == before


def test_a_home_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="cannot be read or made"):
        open_database(tmp_path / "file" / "home")


def test_a_damaged_database_is_said(tmp_path):
    open_database(tmp_path).close()
    path = database_path(tmp_path)
    data = bytearray(path.read_bytes())
    data[100:5000] = b"\xff" * 4900
    path.write_bytes(data)
    with pytest.raises(DatabaseError, match="damaged|malformed"):
        open_database(tmp_path)


def test_an_exception_inside_a_transaction_leaves_nothing(tmp_path):
    db = open_database(tmp_path)
    with pytest.raises(ZeroDivisionError), write(db):
        db["about"].insert({"key": "half", "value": "done"})
        raise ZeroDivisionError
    assert not db.conn.in_transaction
    with write(db):
        db["about"].insert({"key": "outer", "value": "1"})
        with pytest.raises(ZeroDivisionError), write(db):
            db["about"].insert({"key": "inner", "value": "1"})
            raise ZeroDivisionError
    kept = {key for (key,) in db.execute("SELECT key FROM about")}
    assert "outer" in kept
    assert not kept & {"half", "inner"}


def test_broken_constraints_are_our_own_error(tmp_path):
    db = open_database(tmp_path)
    with pytest.raises(DatabaseError, match="FOREIGN KEY"), write(db):
        db.execute("INSERT INTO column_bodies VALUES ('nowhere', 'nobody')")


def test_a_reader_sees_one_state(tmp_path):
    one, other = open_database(tmp_path), open_database(tmp_path)
    with read(one):
        count = one.execute("SELECT count(*) FROM about").fetchone()
        with write(other):
            other.execute("INSERT INTO about VALUES ('new', '1')")
        assert one.execute("SELECT count(*) FROM about").fetchone() == count
    assert one.execute("SELECT count(*) FROM about").fetchone()[0] == count[0] + 1


WRITER = """
    import sys
    from pathlib import Path
    from db.connection import open_database
    from db.transactions import write
    home, who, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    db = open_database(home)
    for n in range(times):
        with write(db):  # a read before the write: with a deferred BEGIN this fails at once under a second writer
            (count,) = db.execute("SELECT count(*) FROM runs").fetchone()
            db.execute("INSERT INTO runs(job, due_at, started_at, detail) VALUES (?, 'd', 's', ?)", (who, str(count)))
"""


def test_two_processes_open_and_write_at_once(tmp_path):
    children = [child(WRITER, tmp_path, who, "200") for who in "ab"]
    for process in children:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    db = open_database(tmp_path)
    assert [int(d) for (d,) in db.execute("SELECT detail FROM runs ORDER BY id")] == list(range(400))


def test_a_writer_killed_in_a_transaction_leaves_a_sound_database(tmp_path):
    process = child(
        """
        import sys
        from pathlib import Path
        from db.connection import open_database
        from db.transactions import write
        db = open_database(Path(sys.argv[1]))
        with write(db):
            db.execute("INSERT INTO about VALUES ('whole', '1')")
        db.execute("PRAGMA cache_size = 10")  # so that the half transaction reaches the disk
        with write(db):
            for n in range(20000):
                db.execute("INSERT INTO about VALUES (?, ?)", (f"half {n}", "x" * 200))
            print("now", flush=True)
            sys.stdin.read()
        """,
        tmp_path,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    db = open_database(tmp_path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT count(*) FROM about WHERE key LIKE 'half%'").fetchone() == (0,)
    assert db.execute("SELECT value FROM about WHERE key = 'whole'").fetchone() == ("1",)


def test_a_full_disk_is_one_line_and_nothing_half_written(tmp_path):
    # RLIMIT_FSIZE stops every file of the process at 700 KB, as a full disk would
    process = child(
        """
        import resource, sys
        from pathlib import Path
        from db.connection import open_database
        from db.transactions import write
        from db.errors import DatabaseError
        db = open_database(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))
        try:
            with write(db):
                for n in range(20000):
                    db.execute("INSERT INTO about VALUES (?, ?)", (f"half {n}", "x" * 200))
        except DatabaseError as error:
            print(error)
        """,
        tmp_path,
    )
    output, errors = process.communicate(timeout=60)
    assert output.count("\n") == 1, (output, errors)
    assert "the disk is full" in output
    db = open_database(tmp_path)
    assert db.execute("SELECT count(*) FROM about WHERE key LIKE 'half%'").fetchone() == (0,)


def test_a_full_disk_at_the_first_opening(tmp_path):
    process = child(
        """
        import resource, sys
        from pathlib import Path
        from db.connection import open_database
        from db.errors import DatabaseError
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            open_database(Path(sys.argv[1]))
        except DatabaseError as error:
            print(error)
        """,
        tmp_path,
    )
    output, errors = process.communicate(timeout=60)
    assert "the disk is full" in output, errors
    db = open_database(tmp_path)  # with room again it is simply made
    assert [m.name for m in MIGRATIONS.applied(db)][:2] == ["m001_first_schema", "m002_judged_report"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_home_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DatabaseError):
        open_database(tmp_path)
