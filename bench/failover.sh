#!/usr/bin/env bash
# How long is an agent registered nowhere when its tracker dies? From the death to the CONNECT that the next tracker
# accepted, with the settings as they are by default: the wait for the next message that is due is part of it. Several
# agents lose the same tracker at the same moment, each at another point of its interval. Needs python3.
# Usage: bench/failover.sh [agents]
set -euo pipefail
cd "$(dirname "$0")/.."
agents=${1:-8}
. bench/common.sh
need curl dotnet python3
dotnet build src/ReferenceTracker -c Release -v q --nologo
dotnet build src/PeerAgent -c Release -v q --nologo
tracker=artifacts/bin/ReferenceTracker/release/reference-tracker agent=artifacts/bin/PeerAgent/release/peer-agent
mkdir "$work/chunks"
head -c 1000 /dev/urandom >"$work/chunks/film-00000.ts"

serve() { "$tracker" "--ReferenceTracker:Listen=http://127.0.0.1:$1" >>"$work/trackers.log" 2>&1 & pids+=($!); }

# death KIND SIGNAL: one row of the table
death() {
  local kind=$1 number=$2 first second door url urls=() victim
  first=$(free_port) second=$(free_port) door=$(free_port)
  serve "$first"; serve "$second"
  python3 bench/failover.py door "$door" "$first" & pids+=($!); victim=$!; disown
  await "http://127.0.0.1:$first/healthz"; await "http://127.0.0.1:$second/healthz"
  "$agent" publish "$work/chunks" --name film --swarm one --tracker "http://127.0.0.1:$door@1" --tracker "http://127.0.0.1:$second@2" \
    --out "$work/film.xml" --PeerAgent:Store:Path="$work/publisher" 2>"$work/publish.log"
  local started=${#pids[@]}
  for i in $(seq "$agents"); do
    url=http://127.0.0.1:$(free_port)
    "$agent" run --PeerAgent:Proxy:Listen="$url" --PeerAgent:Peer:Listen=http://127.0.0.1:0 \
      --PeerAgent:Store:Path="$work/$kind$i" --PeerAgent:Players:IdleTimeout=01:00:00 >>"$work/agents.log" 2>&1 & pids+=($!)
    urls+=("$url")
    await "$url/readyz"
  done

  # One after the other, so that their reports are due at times spread over the interval.
  for url in "${urls[@]}"; do
    curl -sf -o /dev/null --data-binary "@$work/film.xml" "$url/manifests"
    sleep "$(awk -v n="$agents" 'BEGIN { print 10 / n }')"
  done

  # Each has been with its tracker for a while: a loss soon after CONNECT is another matter.
  sleep 12
  python3 bench/failover.py watch "$victim" "$number" "${urls[@]}" | sort -g >"$work/$kind.times"
  printf '| %-28s | %6.1f | %6.1f | %6.1f |\n' "$kind" "$(median $(cat "$work/$kind.times"))" "$(head -1 "$work/$kind.times")" "$(tail -1 "$work/$kind.times")"
  kill "${pids[@]:$started}"
}

printf '| %-28s | %6s | %6s | %6s |\n| --- | ---: | ---: | ---: |\n' "seconds, $agents agents" median min max
death refused 9
death reset 10
death silent 12
