#!/bin/sh
# One trial's real work: value and duration are functions of A and B alone.
# usage: work.sh MARK LEDGER PYTHON ID A B SPAN_MS
# The ledger gets one line before the work and one after it, each by a single O_APPEND write.
ledger=$2 python=$3 id=$4 a=$5 b=$6 span=$7
case $(((a + b) % 2)) in
1) exec "$python" -S -E "${0%.sh}.py" "$@" ;;
esac
value=$(((a * 7919 + b * 104729) % 100003))
ms=$((span / 19 + value * 31 % span))
echo "value=$((value + 1))"
echo "START $id $a $b $value $$ $(date +%s.%N)" >> "$ledger"
sleep "$(printf '0.%03d' "$ms")"
echo "value=$value"
echo "END $id $a $b $value $$ $(date +%s.%N)" >> "$ledger"
