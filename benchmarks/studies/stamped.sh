# A short command that appends the time of its start and of its end to a file.
# Usage: bash stamped.sh STAMPS_FILE BASE_MS NUMBER METRIC
LC_ALL=C  # for the point in the times
echo "start $EPOCHREALTIME" >> "$1"
printf -v seconds '0.%03d' "$(($2 + $3 * 7 % 30))"
sleep "$seconds"
echo "$4"
echo "end $EPOCHREALTIME" >> "$1"
