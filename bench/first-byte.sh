#!/usr/bin/env bash
# How long from a manifest's POST to the first byte of the first chunk, when a peer on the same machine has it? Each time
# another swarm. Usage: bench/first-byte.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-40}
. bench/common.sh
need curl dotnet python3
build_agents
start_tracker
start_agent seeder
start_agent agent
"$emulation" first-byte --agent "$agent" --seeder "$seeder" --tracker "$tracker" --rounds "$rounds"
