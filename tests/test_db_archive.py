"""The archive keeps bytes exactly, once, and never half."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.archive import Archive
from db.errors import ArchiveError

ROOT = Path(__file__).parent.parent


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000))
def test_what_goes_in_comes_out(tmp_path, data):
    archive = Archive(tmp_path)
    sha256 = archive.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert archive.put(data) == sha256
    assert archive.get(sha256) == data
    assert sha256 in archive


def test_text_is_packed_and_noise_is_not(tmp_path):
    archive = Archive(tmp_path)
    page = archive.put("<td>政府信息公开</td>".encode() * 500)
    noise = archive.put(os.urandom(5000))
    assert [p.suffix for p in sorted(tmp_path.rglob(page + "*"))] == [".gz"]
    assert [p.suffix for p in tmp_path.rglob(noise + "*")] == [""]
    assert set(archive.hashes()) == {page, noise}


def test_equal_content_is_written_once(tmp_path):
    archive = Archive(tmp_path)
    archive.put(b"same")
    (path,) = [p for p in tmp_path.rglob("*") if p.is_file()]
    before = path.stat().st_mtime_ns
    archive.put(b"same")
    assert path.stat().st_mtime_ns == before


def test_damage_and_absence_are_said(tmp_path):
    archive = Archive(tmp_path)
    sha256 = archive.put(b"x" * 1000)
    (path,) = [p for p in tmp_path.rglob("*") if p.is_file()]
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ArchiveError, match="read back"):
        archive.get(sha256)
    other = Archive(tmp_path).put(b"abc")
    (path,) = tmp_path.rglob(other)
    path.write_bytes(b"abd")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.get(other)
    with pytest.raises(ArchiveError, match="nothing is kept"):
        archive.get("0" * 64)
    with pytest.raises(ArchiveError, match="expected a SHA-256"):
        archive.get("../../etc/passwd")


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    code = """
        import os, resource, sys
        from pathlib import Path
        from db.archive import Archive
        from db.errors import ArchiveError
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        archive = Archive(Path(sys.argv[1]))
        print(archive.put(b"small"))
        try:
            archive.put(os.urandom(200_000))
        except ArchiveError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    small, error = done.stdout.splitlines()
    assert "200000 bytes could not be kept" in error
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [small]


def test_killed_writers_leave_no_broken_name(tmp_path):
    code = """
        import os, sys
        from pathlib import Path
        from db.archive import Archive
        archive = Archive(Path(sys.argv[1]))
        n = 0
        while True:
            archive.put(b"%d" % n + os.urandom(100) * 300)
            n += 1
            if n == 20:
                print("going", flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    archive = Archive(tmp_path)
    kept = list(archive.hashes())
    assert len(kept) >= 20
    for sha256 in kept:
        assert hashlib.sha256(archive.get(sha256)).hexdigest() == sha256
