# What the trials of the kept study run: how one goes is told by its value of x.
echo "$1" >> ran
echo "step=1 score=0.1"
case $1 in
    0 | 4) [ -e hold ] && sleep 2 ;;
    1) echo "no such data" >&2; exit 3 ;;
    3) [ -e third ] || { touch third; echo "not yet" >&2; exit 4; } ;;
    5) [ -e hold ] && while [ ! -e go ]; do sleep 0.1; done ;;
    6) [ -e hold ] && { echo "out of luck" >&2; exit 5; } ;;
    2 | 7 | 8) [ -e hold ] && sleep 300 ;;
esac
echo "step=2 score=0.$1"
