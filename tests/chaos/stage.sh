#!/bin/sh
# One launch of a trial that trains in stages; its value is a function of X and BUDGET alone.
# usage: stage.sh MARK LEDGER TRIAL X BUDGET PREVIOUS SOURCE CHECKPOINT_DIR
# The ledger gets one line before the work, with what the checkpoint holds, and one after it, with
# what it then holds. A checkpoint is many equal lines, so that a part of one can be told.
ledger=$2 trial=$3 x=$4 budget=$5 previous=$6 source=$7 dir=$8
lines=5000
note() {
    echo "$1 $trial $x $budget $previous $source $$ $2 $(date +%s.%N)" >> "$ledger"
}
state=$(uniq -c "$dir/state" 2> /dev/null | awk '{printf "%s*%s", $1, $2}')
note START "${state:-none}"
value=$(((x * 7919 + budget * 104729) % 100003))
echo "value=$((value + 1))"
sleep "$(printf '0.%03d' "$((50 + value * 31 % 350))")"
case $state in
*"/$trial@$budget") ;;
*)
    state="${state#"$lines"*}/$trial@$budget"
    yes "${state#"*"}" | head -n "$lines" > "$dir/state.part"
    mv "$dir/state.part" "$dir/state"
    ;;
esac
echo "value=$value"
note END "$(uniq -c "$dir/state" | awk '{printf "%s*%s", $1, $2}')"
