#!/bin/sh
# A trial that prints a value for each of its steps, and saves when it is asked to end.
# usage: steps.sh MARK LEDGER TRIAL X STEPS
# The ledger gets one line before the work, one at the end, and one when it was asked to end.
ledger=$2 trial=$3 x=$4 steps=$5 step=0
rate=$((x * 7919 % 1009))
note() {
    # The request to end reaches the whole group, and so ends a clock that is being read.
    until now=$(date +%s.%N); do :; done
    echo "$1 $trial $x $step $$ $now" >> "$ledger"
}
# It ends as if all were well, so that the exit code does not tell.
trap 'note SAVED; exit 0' TERM
note START
while [ "$step" -lt "$steps" ]; do
    sleep 0.03
    step=$((step + 1))
    echo "step=$step value=$((rate * step))"
done
note END
