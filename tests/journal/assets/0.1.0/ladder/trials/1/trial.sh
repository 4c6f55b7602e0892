#!/bin/sh
# Trial 1 of the study 'ladder', attempt 2
# By hand: sh trial.sh
if [ -n "${AUTOML_GATE-}" ]; then read -r AUTOML_GATE; exec < /dev/null; unset AUTOML_GATE; fi
if [ -n "${AUTOML_CGROUP-}" ]; then { echo $$ > "$AUTOML_CGROUP/cgroup.procs"; } 2>/dev/null; unset AUTOML_CGROUP; fi
automl_exit_file=${AUTOML_EXIT_FILE-}; unset AUTOML_EXIT_FILE
export PATH='/usr/bin:/bin'
export OMP_NUM_THREADS='1'
export MKL_NUM_THREADS='1'
export OPENBLAS_NUM_THREADS='1'
export NUMEXPR_NUM_THREADS='1'
export VECLIB_MAXIMUM_THREADS='1'
export PYTHONUNBUFFERED='1'
cd '/study' &&
(exec /bin/sh -c 'sh ./climb.sh 1 2')
code=$?
if [ -n "$automl_exit_file" ]; then echo "$code" > "$automl_exit_file"; fi
exit "$code"
