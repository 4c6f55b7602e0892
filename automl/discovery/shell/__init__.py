"""Options of shell scripts, found by reading them: `case`, `getopts`, `${1:-0.1}`, usage texts."""
