#!/usr/bin/env bash
# Random operations on the agent's rooms, for the seeds FROM to TO: tests/storm.sh 1 1000 [OPERATIONS]. A failure prints
# its seed and the operations that led to it. The same seed alone mostly gives the same run: what the HTTP client does on
# threads of its own can change the order of things.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 2 ] || { echo "usage: tests/storm.sh FROM TO [OPERATIONS]" >&2; exit 2; }
export STORM_FIRST=$1 STORM_SEEDS=$(($2 - $1 + 1)) STORM_OPERATIONS=${3:-10000}
exec dotnet test tests/Storm.Tests -c Release -v q --logger "console;verbosity=normal"
