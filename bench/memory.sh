#!/usr/bin/env bash
# How much memory does an agent take: idle, with 100 streams known, and while 50 players get chunks of them, held ones and
# missing ones? The default of PeerAgent:Store:MemoryBytes is 256 MiB. Usage: bench/memory.sh [streams] [players] [chunks of each]
set -euo pipefail
cd "$(dirname "$0")/.."
streams=${1:-100} players=${2:-50} chunks=${3:-24}
. bench/common.sh
need curl dotnet python3
build_agents
start_tracker
start_agent seeder
start_agent agent
"$emulation" crowd --agent "$agent" --pid "$agent_pid" --seeder "$seeder" --tracker "$tracker" \
  --streams "$streams" --players "$players" --chunks "$chunks"
