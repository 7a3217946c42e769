#!/usr/bin/env bash
# How do whole swarms do? Agents in one process, each behind a line with a rate, a delay and losses; players that play in
# real time and seek; an origin, a seeder, peers that are bad. Prints start-up, seek and first-byte times, stalls, how much
# came from peers (also as a share of what could at best), bytes that came twice, what the agents say was wasted, the
# seeder's share of what came from peers, and what crossed the lines per byte that the agents tell of.
# Usage: bench/swarm.sh [peers...]   (default 2 10 50; about fifteen minutes)
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 2 10 50
. bench/common.sh
need dotnet
build_agents
"$emulation" swarm --peers "$*"
