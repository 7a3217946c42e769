#!/usr/bin/env bash
# How fast does a chunk come out of the agent's store, compared with nginx serving the same file, and with the server that the
# agent is built on (Kestrel) giving as many bytes from memory, and doing nothing else?
# 1 MiB over 8 connections (bytes/s) and 16 KiB over 32 connections (requests/s), rounds taken in turn; and the agent's
# memory when idle. Needs nginx and wrk (Debian: nginx-light, wrk). Usage: bench/chunk-hits.sh [rounds] [seconds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3} seconds=${2:-5}
. bench/common.sh
need nginx wrk curl dotnet
dotnet build src/PeerAgent -c Release -v q --nologo
dotnet build src/ReferenceTracker -c Release -v q --nologo
dotnet build bench/BareEndpoint -c Release -v q --nologo
mkdir -p "$work/chunks" "$work/nginx"
head -c 1048576 /dev/urandom > "$work/chunks/big-00000.ts"
head -c 16384 /dev/urandom > "$work/chunks/big-00001.ts"
chmod -R a+rX "$work"

nginx_port=$(free_port) agent_port=$(free_port) tracker_port=$(free_port)
cat > "$work/nginx.conf" <<CONF
daemon off; worker_processes auto; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
  types { video/mp2t ts; }
  client_body_temp_path $work/nginx/a; proxy_temp_path $work/nginx/b; fastcgi_temp_path $work/nginx/c;
  uwsgi_temp_path $work/nginx/d; scgi_temp_path $work/nginx/e;
  server { listen 127.0.0.1:$nginx_port; root $work/chunks; }
}
CONF
nginx -c "$work/nginx.conf" 2>/dev/null & pids+=($!)
artifacts/bin/ReferenceTracker/release/reference-tracker --ReferenceTracker:Listen=http://127.0.0.1:$tracker_port \
  >"$work/tracker.log" 2>&1 & pids+=($!)
await "http://127.0.0.1:$tracker_port/healthz"

agent() { artifacts/bin/PeerAgent/release/peer-agent "$@" --PeerAgent:Store:Path="$work/state" \
  --PeerAgent:Proxy:Listen=http://127.0.0.1:$agent_port --PeerAgent:Peer:Listen=http://127.0.0.1:0 >"$work/agent.log" 2>&1 & pids+=($!); agent=$!; }
agent run
await "http://127.0.0.1:$agent_port/readyz"
sleep 3
idle=$(awk '/VmRSS/ { print int($2 / 1024) }' /proc/$agent/status)
kill $agent; wait $agent || true
agent publish "$work/chunks" --name big --swarm bench --tracker http://127.0.0.1:$tracker_port --seed
for _ in $(seq 200); do curl -sf -o /dev/null "http://127.0.0.1:$agent_port/streams/bench/big-00000.ts" && break; sleep 0.05; done

bare_port=$(free_port)
artifacts/bin/BareEndpoint/release/BareEndpoint "http://127.0.0.1:$bare_port" >"$work/bare.log" 2>&1 & pids+=($!)
await "http://127.0.0.1:$bare_port/1"

echo "theirs = nginx:"
compare "chunk hit, 1 MiB, 8 conn (MiB/s)" "http://127.0.0.1:$agent_port/streams/bench/big-00000.ts" "http://127.0.0.1:$nginx_port/big-00000.ts" 8 bytes
compare "chunk hit, 16 KiB, 32 conn (req/s)" "http://127.0.0.1:$agent_port/streams/bench/big-00001.ts" "http://127.0.0.1:$nginx_port/big-00001.ts" 32 requests
echo "theirs = the bare server:"
compare "chunk hit, 1 MiB, 8 conn (MiB/s)" "http://127.0.0.1:$agent_port/streams/bench/big-00000.ts" "http://127.0.0.1:$bare_port/1048576" 8 bytes
compare "chunk hit, 16 KiB, 32 conn (req/s)" "http://127.0.0.1:$agent_port/streams/bench/big-00001.ts" "http://127.0.0.1:$bare_port/16384" 32 requests
printf 'memory of the idle agent: %s MiB\n' "$idle"
