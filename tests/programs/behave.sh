# Behave badly, or not, in the way that the first word says; the second names a file that is made
# once that behaviour has begun. Every process stays in the folder in which it was started, by which
# a test finds what is left of them.
begun() { : > "$1"; }
case $1 in
runs) begun "$2"; exec sleep 600 ;;
ignores-term) trap "" TERM; begun "$2"; while :; do sleep 600; done ;;
stops-itself) begun "$2"; kill -STOP $$; sleep 600 ;;
closes-its-streams) exec <&- >&- 2>&-; begun "$2"; sleep 600 ;;
changes-session) setsid sh "$0" runs "$2" & exec sleep 600 ;;
forks-fast) begun "$2"; while :; do sleep 600 & sleep 0.01; done ;;
floods) (while ! [ -s /dev/stdout ]; do :; done; begun "$2") & exec head -c 1G /dev/zero ;;
leaves-a-child) sh "$0" runs "$2" & while ! [ -e "$2" ]; do :; done ;;
leaves-a-stubborn-child) sh "$0" ignores-term "$2" & while ! [ -e "$2" ]; do :; done ;;
leaves-a-session) setsid sh "$0" runs "$2" & while ! [ -e "$2" ]; do :; done ;;
*) echo "no such behaviour: $1" >&2; exit 64 ;;
esac
