"""What a script that this machine starts does before its commands, and what it is told for that."""

from dataclasses import replace

from automl.study.launch import LEAVES_EXIT

CGROUP_VARIABLE = "AUTOML_CGROUP"
"""The environment variable that tells a trial's script which control group it is to enter."""

GATE_VARIABLE = "AUTOML_GATE"
"""The environment variable that tells a trial's script to wait for a line of its standard input.

It starts nothing before, so that what is done to it by then reaches all that it starts; without a
line, as who was to write it died, it starts nothing at all. From then on, its standard input is
`/dev/null`.
"""

# Before any command, so that nothing is started outside of the group; no group is no reason to
# fail or to say a word, so what the shell says about a missing one goes nowhere.
_ENTER_GROUP = (
    f'if [ -n "${{{CGROUP_VARIABLE}-}}" ]; then '
    f'{{ echo $$ > "${CGROUP_VARIABLE}/cgroup.procs"; }} 2>/dev/null; unset {CGROUP_VARIABLE}; fi'
)

_PASS_GATE = (
    f'if [ -n "${{{GATE_VARIABLE}-}}" ]; then '
    f"read -r {GATE_VARIABLE} || exit 1; exec < /dev/null; unset {GATE_VARIABLE}; fi"
)

PROLOGUE = replace(
    LEAVES_EXIT,
    trial=(_PASS_GATE, _ENTER_GROUP, *LEAVES_EXIT.trial),
    cleanup=(_PASS_GATE, _ENTER_GROUP, *LEAVES_EXIT.cleanup),
    variables={CGROUP_VARIABLE, GATE_VARIABLE},
)
"""It passes the gate, enters its group, and leaves its exit code."""
