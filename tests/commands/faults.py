"""Full disks and kills: a result is there whole, or not at all."""
import gzip
import os
import resource
import signal
import subprocess
import tempfile
import time

from harness import read_bytes, write_bytes
from hostile import GOOD, noise


def leftovers(folder, *known):
    return sorted(set(os.listdir(folder)) - set(known))


def test_full(tests):
    """/dev/full takes nothing: exit status 1, the reason is said, and no other result is kept."""
    for option in ("-o", "--tally", "--report", "--rejects"):
        with tempfile.TemporaryDirectory() as work:
            others = {"-o": "out", "--tally": "tally", "--report": "page.html", "--rejects": "rejects"}
            paths = [part for name, path in others.items() if name != option for part in (name, path)]
            run = tests.run(["tag", *paths, option, "/dev/full"], GOOD * 10 + b"{\n", cwd=work)
            message = "/dev/full: cannot be written: No space left on device"
            tests.expect(f"tag {option} /dev/full", run, 1, message, counts=(11, 10, 1))
            tests.same(leftovers(work), [], f"tag {option} /dev/full: files left")
    with tempfile.TemporaryDirectory() as work:
        tests.run(["tag", "--quiet", "--no-output", "--tally", "tally"], GOOD, cwd=work)
        for line in ("tag", "explain rude", "languages", "tally tally", "tally tally --to csv -o /dev/full",
                     "tally tally --tally /dev/full", "report tally", "report tally -o /dev/full", "eval -o /dev/full", "eval",
                     "--help", "tag --help", "--version"):
            run = tests.run(f"'{tests.program}' {line} > /dev/full", GOOD, cwd=work, shell=True)
            tests.expect(f"{line} > /dev/full", run, 1, message="cannot be written: No space left on device")


def test_errors(tests):
    """eval: mistakes that cannot be written are a failure, known before anything is read where the name is wrong."""
    gold = b'{"text":"rude","lang":"en","labels":["intent.leave"]}\n'
    with tempfile.TemporaryDirectory() as work:
        tests.expect("eval --errors /dev/full", tests.run(["eval", "--errors", "/dev/full"], gold, cwd=work), 1, message="/dev/full: cannot be written: No space left on device")
        run = tests.run(["eval", "-o", "/dev/full", "--errors", "errors"], gold, cwd=work)
        tests.expect("eval -o /dev/full --errors", run, 1, message="/dev/full: cannot be written: No space left on device")
        tests.same(leftovers(work), [], "eval -o /dev/full --errors: files left")


def test_limit(tests):
    """A file that may not grow on, in the middle of the work: what stood there before stays."""
    def few_bytes():
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))

    source = noise(8000)  # more than one block of .gz
    for name in ("tagged.ndjson", "tagged.ndjson.gz"):
        with tempfile.TemporaryDirectory() as work:
            write_bytes(os.path.join(work, name), b"of last night")
            run = tests.run(["tag", "-o", name, "--tally", "tally", "--batch-records", "10"], source, cwd=work, preexec_fn=few_bytes)
            tests.expect(f"{name} at a limit", run, 1, message=f"{name}: cannot be written: File too large")
            tests.same(leftovers(work), [name], f"{name} at a limit: files left")
            tests.same(read_bytes(os.path.join(work, name)), b"of last night", f"{name} at a limit: what was there")


def test_small_disk(tests):
    """A disk that is full in the middle of the work; where a small one may be mounted."""
    with tempfile.TemporaryDirectory() as work:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", work]
        if os.getuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
            print("faults: no small disk may be mounted here; left out")
            return
        try:
            run = tests.run(["tag", "-o", "tagged.ndjson", "--batch-records", "10"], noise(3000), cwd=work)
            tests.expect("a small disk", run, 1, message="tagged.ndjson: cannot be written: No space left on device")
            tests.same(leftovers(work), [], "a small disk: files left")
        finally:
            subprocess.run(["umount", work])


def wait_for(true):
    deadline = time.monotonic() + 60
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def test_kill(tests):
    """Killed in the middle: nothing stands under the final names; a second run then writes what it should."""
    source = noise(4000)
    for name in ("tagged.ndjson", "tagged.ndjson.gz"):
        for before in (None, b"of last night"):
            with tempfile.TemporaryDirectory() as work:
                path = os.path.join(work, name)
                if before:
                    write_bytes(path, before)
                arguments = ["tag", "--quiet", "-o", path, "--tally", os.path.join(work, "tally"), "--batch-records", "10"]
                process = subprocess.Popen([tests.program, *arguments], env=tests.environment(), stdin=subprocess.PIPE)
                process.stdin.write(source)  # the end is still to come
                process.stdin.flush()
                begun = wait_for(lambda: [file for file in os.listdir(work) if file.startswith(name) and file.endswith(".part")])
                tests.check(begun, f"kill, {name}: work has begun")
                if not name.endswith(".gz"):
                    wait_for(lambda: os.path.getsize(os.path.join(work, begun[0])))
                process.send_signal(signal.SIGKILL)
                process.wait()
                process.stdin.close()
                tests.same(read_bytes(path) if os.path.exists(path) else None, before, f"kill, {name}: what stands there")
                tests.check(not os.path.exists(os.path.join(work, "tally")), f"kill, {name}: no tally")
                tests.expect(f"kill, {name}: the next run", tests.run(arguments, source), 0)
                tagged = gzip.decompress(read_bytes(path)) if name.endswith(".gz") else read_bytes(path)
                tests.same(tagged.count(b"\n"), 4000, f"kill, {name}: lines of the next run")


def test(tests):
    for part in (test_full, test_errors, test_small_disk, test_kill):
        part(tests)
    if "thread" not in tests.sanitizer:  # which needs a large file of its own
        test_limit(tests)
