#!/bin/sh
# run.sh <driver> <source folder> <work folder>: starts aimock on a free
# loopback port and runs the driver against it. Exit code 77: skipped.
set -u
driver=$1 source=$2 work=$3

skip() {
  echo "SKIPPED: $1"
  exit 77
}

command -v node >/dev/null 2>&1 || skip "node is not installed"
command -v npm >/dev/null 2>&1 || skip "npm is not installed"
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
  skip "node is older than 20"

mkdir -p "$work" && cd "$work" || exit 1
cp "$source/package.json" "$source/package-lock.json" .
if ! cmp -s package-lock.json installed-lock.json; then
  timeout 120 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 ||
    skip "npm could not install aimock (see $work/npm.log)"
  cp package-lock.json installed-lock.json
fi

: >server.log # not the port of an earlier run
node node_modules/@copilotkit/aimock/dist/cli.js -p 0 -h 127.0.0.1 \
  -f "$source/fixtures.json" >server.log 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT

# The port is known once the server says so; ask for a minute at most.
tries=0
port=
while [ -z "$port" ] && [ "$tries" -lt 600 ]; do
  port=$(sed -n 's/.*listening on http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' \
    server.log)
  tries=$((tries + 1))
  [ -n "$port" ] || sleep 0.1
done
if [ -z "$port" ]; then
  cat server.log
  echo "aimock did not start"
  exit 1
fi
timeout 60 "$driver" "$port"
