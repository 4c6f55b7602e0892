# What the trials of the kept ladder run: the best of them is held at its largest budget.
echo "$1 $2" >> ran
[ -e hold ] && [ "$2" = 4 ] && sleep 300
echo "score=$1.$2"
