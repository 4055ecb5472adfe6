#!/usr/bin/env python3
"""Checks that what a tutorial promises appears: promises.py NAME.out…

A line "#= WORDS" of a script is a line of output that the tutorial shows for the command above it. Each must be found
in that command's output, in that order; lines between are let pass. Runs of blanks count as one, and * stands for
anything. Prints what is missing and ends with 1."""
import re
import sys


def words(line):
    return ' '.join(line.split())


def pattern(promise):
    parts = [re.escape(p) for p in words(promise).split('*')]
    return re.compile('.*'.join(parts) + '( from default namespace)?$')


def check(path):
    missing, output = [], []
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        typed = re.match(r'(\$|>|/ #) ?(.*)', line)
        if typed and typed.group(2).startswith('#= '):
            wanted = pattern(typed.group(2)[3:])
            while output and not wanted.match(words(output[0])):
                output.pop(0)
            if output:
                output.pop(0)
            else:
                missing.append(f'{path}:{number}: not found: {typed.group(2)[3:]}')
        elif typed and not typed.group(2).startswith('#'):
            output = []
        elif not typed:
            output.append(line)
    return missing


if __name__ == '__main__':
    problems = [m for path in sys.argv[1:] for m in check(path)]
    print('\n'.join(problems) or f'{len(sys.argv) - 1} tutorials show what they promise')
    sys.exit(1 if problems else 0)
