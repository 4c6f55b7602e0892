#!/bin/sh
# One trial of the study under faults; what it does is a function of X.
# usage: work.sh MARK BOOK TRIAL X
# BOOK is a folder for what the trials note, on a disk that never fails. Its ledger gets a line at
# the start of a run and one at its end, each by a single O_APPEND write. A run that meets another
# one of the same X that is still alive notes that too.
mark=$1 book=$2 trial=$3 x=$4
note() {
    echo "$1 $trial $x $$ $(date +%s.%N)" >> "$book/ledger"
}
other=$(cat "$book/running-$x" 2> /dev/null)
if [ -n "$other" ] && grep -qs -- "$mark" "/proc/$other/cmdline"; then
    note OVERLAP
fi
echo $$ > "$book/running-$x"
# It ends as if all were well, so that the exit code does not tell that it was stopped.
trap 'sleep 0.1; note SAVED; exit 0' TERM
note START
echo "size=$x" > "metrics/$trial.log"
if [ -e "$book/slow" ]; then
    sleep 60
fi
case $x in
1)
    # Both run when the controller is asked to end, if it is.
    if [ -e "$book/interrupts" ]; then
        # Once the file is gone, no later controller can get it.
        controller=$(cat "$book/controller")
        rm "$book/interrupts"
        kill -INT "$controller"
        sleep 0.5
    fi
    ;;
2)
    note END
    exit 0
    ;;
3)
    echo "value=1$x"
    sleep 0.1
    ;;
4)
    if [ ! -e "$book/crashed" ]; then
        : > "$book/crashed"
        kill -KILL $$
    fi
    ;;
5)
    # Below the pruner's bound, and deaf: only KILL ends it.
    trap '' TERM
    echo "value=0"
    sleep 60
    ;;
esac
if [ -e "$book/interrupts" ]; then
    sleep 0.5
fi
echo "value=$((x + 100))"
note END
