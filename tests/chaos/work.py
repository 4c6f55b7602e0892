"""The same work as `work.sh` does, for the other half of the combinations."""

import os
import sys
import time


def note(ledger: str, *words: object) -> None:
    line = " ".join(map(str, words)) + "\n"
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(file, line.encode())
    os.close(file)


def main() -> None:
    _, _, ledger, _, trial, a, b, span_ms = sys.argv
    value = (int(a) * 7919 + int(b) * 104729) % 100003
    sys.stdout.write(f"value={value + 1}\n")
    sys.stdout.flush()
    note(ledger, "START", trial, a, b, value, os.getpid(), time.time())
    time.sleep((int(span_ms) // 19 + value * 31 % int(span_ms)) / 1000)
    sys.stdout.write(f"value={value}\n")
    sys.stdout.flush()
    note(ledger, "END", trial, a, b, value, os.getpid(), time.time())


if __name__ == "__main__":
    main()
