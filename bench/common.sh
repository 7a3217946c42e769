# Shared by the benchmarks: a work folder, servers that are stopped at the end, rounds taken in turn.
work=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT

need() { for tool in "$@"; do command -v "$tool" >/dev/null || { echo "$tool is missing."; exit 1; }; done; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { for _ in $(seq 400); do curl -s -o /dev/null "$1" && return; sleep 0.05; done; echo "$1 does not answer."; exit 1; }
median() { printf '%s\n' "$@" | sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# rate URL connections what [wrk options]: bytes (MiB/s) or requests (1/s) of one round
rate() {
  local url=$1 connections=$2 what=$3; shift 3
  wrk -t2 -c"$connections" -d"${seconds}s" "$@" "$url" | awk -v want="$what" '
    $1 == "Requests/sec:" { r = $2 }
    $1 == "Transfer/sec:" { v = $2; u = v; sub(/[0-9.]+/, "", u); sub(/[A-Z]+$/, "", v); if (u == "GB") v *= 1024; if (u == "KB") v /= 1024; t = v }
    /Non-2xx/ { print "wrong answers: " $0 > "/dev/stderr" }
    END { print want == "bytes" ? t : r }'
}

# compare NAME OURS_URL THEIR_URL connections what [wrk options]: medians of rounds taken in turn, and their ratio
compare() {
  local name=$1 ours_url=$2 their_url=$3 connections=$4 what=$5; shift 5
  local ours=() theirs=()
  rate "$ours_url" "$connections" "$what" "$@" >/dev/null
  rate "$their_url" "$connections" "$what" "$@" >/dev/null
  for _ in $(seq "$rounds"); do
    ours+=("$(rate "$ours_url" "$connections" "$what" "$@")")
    theirs+=("$(rate "$their_url" "$connections" "$what" "$@")")
  done
  local a b; a=$(median "${ours[@]}"); b=$(median "${theirs[@]}")
  printf '%-36s ours %10s   theirs %10s   ratio %s\n' "$name" "$a" "$b" "$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", a / b }')"
}

# The programs, and the players that measure them. BENCH_BUILT=1 takes them as they were built before.
emulation=artifacts/bin/SwarmEmulation/release/SwarmEmulation
build_agents() {
  [ -z "${BENCH_BUILT:-}" ] || return 0
  for project in src/PeerAgent src/ReferenceTracker bench/SwarmEmulation; do dotnet build "$project" -c Release -v q --nologo -clp:NoSummary; done
}
start_tracker() {
  tracker=http://127.0.0.1:$(free_port)
  artifacts/bin/ReferenceTracker/release/reference-tracker --ReferenceTracker:Listen="$tracker" --Logging:LogLevel:Default=Warning \
    >"$work/tracker.log" 2>&1 & pids+=($!)
  await "$tracker/healthz"
}
# start_agent NAME [settings]: sets NAME (its proxy), NAME_peer (its peers' door) and NAME_pid
start_agent() {
  local name=$1 proxy peer; shift
  proxy=http://127.0.0.1:$(free_port) peer=http://127.0.0.1:$(free_port)
  artifacts/bin/PeerAgent/release/peer-agent run --PeerAgent:Store:Path="$work/$name" --PeerAgent:Proxy:Listen="$proxy" \
    --PeerAgent:Peer:Listen="$peer" --Logging:LogLevel:Default=Warning "$@" >"$work/$name.log" 2>&1 & pids+=($!)
  printf -v "$name" %s "$proxy"; printf -v "${name}_peer" %s "$peer"; printf -v "${name}_pid" %s "$!"
  await "$proxy/readyz"
}
