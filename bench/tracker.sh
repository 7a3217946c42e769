#!/usr/bin/env bash
# How much does the tracker add to a bare endpoint? KEEPALIVEs a second against an endpoint that reads the body and
# answers a fixed string. Needs wrk. Usage: bench/tracker.sh [rounds] [seconds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3} seconds=${2:-5}
. bench/common.sh
need wrk curl dotnet
dotnet build src/ReferenceTracker -c Release -v q --nologo
dotnet build bench/BareEndpoint -c Release -v q --nologo

tracker_port=$(free_port) bare_port=$(free_port)
artifacts/bin/ReferenceTracker/release/reference-tracker --ReferenceTracker:Listen=http://127.0.0.1:$tracker_port >"$work/tracker.log" 2>&1 & pids+=($!)
artifacts/bin/BareEndpoint/release/BareEndpoint http://127.0.0.1:$bare_port >"$work/bare.log" 2>&1 & pids+=($!)
await "http://127.0.0.1:$tracker_port/healthz"
await "http://127.0.0.1:$bare_port/"

message() { printf '<?xml version="1.0" encoding="utf-8"?><PPSPTrackerProtocol version="1.0"><Method>%s</Method><PeerID>656164657221</PeerID><TransactionID>123456789</TransactionID></PPSPTrackerProtocol>' "$1"; }
curl -sf -o /dev/null -H 'Content-Type: application/xml' --data-binary "$(message CONNECT)" "http://127.0.0.1:$tracker_port/"
cat > "$work/keepalive.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/xml; charset=utf-8"
wrk.body = [[$(message KEEPALIVE)]]
LUA
compare "KEEPALIVE, 32 connections (req/s)" "http://127.0.0.1:$tracker_port/" "http://127.0.0.1:$bare_port/" 32 requests -s "$work/keepalive.lua"
