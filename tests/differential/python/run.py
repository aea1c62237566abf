#!/usr/bin/env python3
"""Runs each snippet of snippets.txt in this Python and in Bascule's evaluator, and compares what comes out.

usage: run.py DRIVER [SNIPPETS]

A snippet leaves its outcome in `result`, or raises. Compared are repr(result), or the exception's type, text and line.
"""

import re
import subprocess
import sys
import traceback
from pathlib import Path


def read_snippets(path):
    snippets = {}
    name = None
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("#--- "):
            name = line[5:].strip()
            snippets[name] = ""
        elif name:
            snippets[name] += line
    return snippets


def expected(name, text):
    names = {"__name__": "revision"}
    try:
        exec(compile(text, name, "exec"), names)  # noqa: S102: the snippets are ours
    except BaseException as error:  # noqa: BLE001: SystemExit is an outcome too
        line = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name][-1]
        text = str(error).split("\n")[0]
        if isinstance(error, NameError):
            return f"error undefined-name line {line}:"
        return f"error python-exception line {line}: {type(error).__name__}" + (f": {text}" if text else "")
    return repr(names["result"]) if "result" in names else "no result"


def main():
    if sys.version_info < (3, 11):
        print("skipped: the texts of older Pythons differ")
        return 77
    driver = sys.argv[1]
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("snippets.txt")
    snippets = read_snippets(path)
    run = subprocess.run([driver, "--batch", str(path)], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(f"the driver ended with {run.returncode}: {run.stderr}")
        return 1
    answers = dict(line.split("\t", 1) for line in run.stdout.splitlines() if "\t" in line)
    wrong = 0
    for name, text in snippets.items():
        want = expected(name, text)
        have = answers.get(name, "(nothing)")
        same = have.startswith(want) if want.startswith("error undefined-name") else have == want
        # Addresses differ from run to run.
        if not same and re.sub(r" at 0x[0-9a-f]+", "", want) != have:
            wrong += 1
            print(f"--- {name}\n  python:  {want}\n  bascule: {have}")
    print(f"{len(snippets) - wrong} of {len(snippets)} snippets agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
