#!/usr/bin/env bash
# How long does a chunk take that the agent must first get from a peer, compared with the same chunk straight from that
# peer? In total and to the first byte, with and without hashes, over bare loopback and over a line of 100 Mbit/s and
# 10 ms there and back; each chunk once, in turn with its yardstick. Usage: bench/chunk-miss.sh [chunks] [chunks over the line]
set -euo pipefail
cd "$(dirname "$0")/.."
chunks=${1:-100} slow_chunks=${2:-30}
. bench/common.sh
need curl dotnet python3
build_agents
start_tracker
start_agent agent
start_agent near
echo "bare loopback:"
"$emulation" miss --tag near --agent "$agent" --seeder "$near" --peer "$near_peer" --tracker "$tracker" --chunks "$chunks"

# The line's port is taken before the agent behind it is started, as the agent must know under which address it is reached.
line_port=$(free_port)
start_agent far --PeerAgent:Peer:AdvertisedAddresses:0=127.0.0.1:$line_port
"$emulation" link --listen "$line_port" --target "${far_peer##*:}" --rate 12500000 --delay 5 >"$work/line.log" 2>&1 & pids+=($!)
echo "100 Mbit/s, 10 ms there and back:"
"$emulation" miss --tag far --agent "$agent" --seeder "$far" --peer "http://127.0.0.1:$line_port" --tracker "$tracker" --chunks "$slow_chunks"
