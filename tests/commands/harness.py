"""What all parts of the command tests share: run the program, compare, count."""
import collections
import os
import subprocess
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = os.path.join(ROOT, "tests", "golden")
SECONDS_MAX = 120  # of one run; a sanitizer on a slow machine needs some

Run = collections.namedtuple("Run", "status out err peak_bytes")


class Tests:
    """The program under test, and a count of what was true of it."""

    def __init__(self, program, sanitizer="", update=False):
        self.program = os.path.abspath(program)
        self.sanitizer = sanitizer  # peak memory means nothing under one
        self.update = update        # write expected results in place of comparing
        self.passed = self.failed = 0
        self.lock = threading.Lock()

    def check(self, true, name, detail=""):
        with self.lock:
            if true:
                self.passed += 1
            else:
                self.failed += 1
                print(f"FAILED {name}\n    " + str(detail).replace("\n", "\n    "), flush=True)
        return true

    def same(self, found, expected, name):
        return self.check(found == expected, name, difference(found, expected) if found != expected else "")

    def environment(self, **more):
        """Lexicons of tests/golden, so that rules that are shipped may change; and one locale."""
        if "thread" in self.sanitizer:
            suppressions = os.path.join(ROOT, "tests", "commands", "tsan.suppressions")
            more["TSAN_OPTIONS"] = f"ignore_noninstrumented_modules=1:suppressions={suppressions}"
        return {**os.environ, "LC_ALL": "C.UTF-8", "VERBATIM_DATA": GOLDEN, **more}

    def run(self, arguments, stdin=b"", cwd=None, shell=False, env=None, **popen):
        """Runs `verbatim ARGUMENTS`, or with `shell` a line for sh; reads all it says."""
        command = ["sh", "-c", arguments] if shell else [self.program, *arguments]
        process = subprocess.Popen(command, cwd=cwd, env=self.environment(**(env or {})), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, **popen)
        timer = threading.Timer(SECONDS_MAX, process.kill)
        timer.start()
        parts = {}

        def read(name, file):
            parts[name] = file.read()

        readers = [threading.Thread(target=read, args=(name, getattr(process, name))) for name in ("stdout", "stderr")]
        for reader in readers:
            reader.start()
        try:
            process.stdin.write(stdin)
            process.stdin.close()
        except BrokenPipeError:
            pass  # the program need not read all
        for reader in readers:
            reader.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        process.stdout.close()
        process.stderr.close()
        return Run(process.returncode, parts["stdout"], parts["stderr"], usage.ru_maxrss * 1024)

    def expect(self, name, run, status, message=None, counts=None):
        """The exit status; a stretch of what is said on standard error; and (read, tagged, rejected) of the summary."""
        said = run.err.decode("utf-8", "replace")
        good = self.check(run.status == status, f"{name}: exit status", f"found {run.status}, expected {status}; it said: {said}")
        if message is not None:
            good &= self.check(message in said, f"{name}: message", f"found: {said}\nexpected in it: {message}")
        if counts is not None:
            summary = "%d responses read = %d tagged + %d rejected" % counts
            good &= self.check(summary in said, f"{name}: counts", f"found: {said}\nexpected in it: {summary}")
        return good


def lines_of(value):
    return (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).splitlines()


def difference(found, expected):
    """The first line that is another, from a little before where it is."""
    found, expected = lines_of(found), lines_of(expected)
    for number, (left, right) in enumerate(zip(found, expected), 1):
        if left != right:
            place = max(0, len(os.path.commonprefix([left, right])) - 60)
            return f"line {number} from column {place + 1}\nfound    {left[place:place + 200]}\nexpected {right[place:place + 200]}"
    more = max(found, expected, key=len)[min(len(found), len(expected)):] or ["(none)"]
    return f"found {len(found)} lines, expected {len(expected)}; the first one more is\n{more[0][:200]}"


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def write_bytes(path, data):
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    return path
