#!/usr/bin/env bash
# How fast does a long film go from one peer to another, verified and stored, compared with libtorrent over TCP? Chunks of
# 1 MiB with hashes; rounds in turn, each with an agent that has nothing yet. A player asks for all chunks over a few
# connections, for the first byte of each (Range: bytes=0-0): libtorrent hands nothing on to a player either. No byte of a
# chunk is given out before the agent has all of it, verified; the clock stops when all chunks are held, on disk.
# Needs libtorrent for Python (Debian: python3-libtorrent). Usage: bench/bulk.sh [rounds] [MiB] [connections]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3} mebibytes=${2:-512} connections=${3:-4}
. bench/common.sh
need curl dotnet python3 /usr/bin/python3
/usr/bin/python3 -c 'import libtorrent' || { echo "libtorrent for Python is missing (Debian: python3-libtorrent)."; exit 1; }
build_agents
start_tracker
start_agent seeder
agents=() agent_pids=()
for round in $(seq "$rounds"); do
  start_agent "agent$round"; name=agent$round pid=agent${round}_pid; agents+=("${!name}") agent_pids+=("${!pid}")
done
"$emulation" bulk --agents "${agents[*]}" --seeder "$seeder" --tracker "$tracker" --mebibytes "$mebibytes" \
  --connections "$connections" --seeder-pid "$seeder_pid" --agent-pids "${agent_pids[*]}" --rival "/usr/bin/python3 bench/libtorrent-pair.py $work"
