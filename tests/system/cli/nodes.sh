#!/usr/bin/env bash
# trouped, and what `troupe --node` asks of it: two nodes on loopback, with
# certificates.
. "$2/lib.sh"
trouped=$(dirname "$troupe")/trouped
cd "$work" || exit 1
started=()

end_all() {
  for pid in "${started[@]}"; do kill -9 "$pid" 2> /dev/null; done
  rm -rf "$work"
}
trap end_all EXIT

# daemon CODE WORDS...: as `check`, of trouped
daemon() {
  local expected=$1 code=0
  shift
  timeout 60 "$trouped" "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
  [ "$code" = "$expected" ] || {
    fail "trouped $*: exit code $code, expected $expected"
    head -20 "$work/out" "$work/err"
  }
}

# wait_for WHAT COMMAND...: at most 20 s
wait_for() {
  local what=$1 end=$((SECONDS + 20))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      fail "$what"
      cat "$work"/*.log
      return 1
    fi
    read -r -t 0.05 < <(:) || true
  done
}

begin() { # NAME
  "$trouped" --config "$1.yaml" --ready-file "$1.ready" > "$1.log" 2>&1 &
  started+=($!)
  wait_for "node $1 is not ready" test -s "$1.ready"
}

daemon 0 --help
has "$work/out" "Exit codes:"
daemon 0 --version
daemon 2
daemon 2 --config nowhere.yaml
printf 'name: a b\ncluster: games\nlisten: 0.0.0.0:0\nbeat: 1 ms\nsedes: [x]\n' > bad.yaml
daemon 2 --config bad.yaml
has "$work/err" "did you mean 'seeds'?"
has "$work/err" "beat"
printf 'name: a b\ncluster: games\nlisten: 0.0.0.0:0\nseeds: [x]\n' > bad.yaml
daemon 2 --config bad.yaml --check
has "$work/err" "name: 1 to 64 letters"
has "$work/err" "without certificates only a loopback address"
has "$work/err" "'x' is not HOST:PORT"

check 0 cert init --cluster games
check 0 cert node a --address 127.0.0.1
check 0 cert node b --address 127.0.0.1
check 0 cert client ada
node_file() { # NAME SEEDS MORE
  cat << END
name: $1
cluster: games
listen: 127.0.0.1:0
seeds: [$2]
certificates: {ca: certs/ca.crt, cert: certs/$1.crt, key: certs/$1.key}
$3
END
}
cp "$here/agents.yaml" agents.yaml
node_file a "" "drain_max: 5s" > a.yaml
daemon 0 --config a.yaml --check
begin a
a=$(cat a.ready)
node_file b "$a" "roster: agents.yaml" > b.yaml
begin b
export TROUPE_NODE=$a TROUPE_CERT=certs/ada.crt

sees() { "$troupe" node list --json 2> /dev/null | grep -q "$1"; }
wait_for "b is not seen" sees '"name":"b",[^}]*"state":"up"'
check 0 node list
has "$work/out" "ROUND TRIP"
has "$work/out" "self"

# The agents of b do what is asked of a.
cat > far.yaml << 'END'
mission: far
budget: 1 USD
tasks:
  - id: report
    agent: reader
    prompt: Report what the ferry did.
  - id: join
    agent: editor
    needs: [report]
    prompt: Join the reports.
END
wait_for "b's agents are not there" sees '"name":"b",[^}]*"agents":2'
has_agents() { "$troupe" run far.yaml --quiet > /dev/null 2>&1; }
wait_for "no run" has_agents
check 0 --node "$a" --cert certs/ada.crt run far.yaml --json
has "$work/out" '"state":"done"'
check 0 run far.yaml --out results
has "$work/out" "join"
[ -s results/join.md ] || fail "no result of the task 'join'"
check 2 run far.yaml --journal runs.db
has "$work/err" "--journal is not for a run on a node"

# What cannot be is said.
check 2 node drain nobody
has "$work/err" "no node is called 'nobody'"
check 2 node remove a
has "$work/err" "does not remove itself"
check 2 node join nowhere
has "$work/err" "not HOST:PORT"
check 2 --cert certs/b.crt node list
has "$work/err" "troupe cert client NAME"
check 2 --cert certs/none.crt node list
TROUPE_NODE= check 2 node list
has "$work/err" "say --node HOST:PORT"
TROUPE_CERT= check 1 node list
TROUPE_NODE=127.0.0.1:1 check 1 node list
has "$work/err" "cannot be reached"

# An upgrade to the same release is safe, unless somebody cannot be asked.
check 0 cluster check
has "$work/out" "safe: nodes of release"
check 0 cluster check --json
has "$work/out" '"safe":true'

# Steering, and the end.
check 0 node drain b
wait_for "b does not drain" sees '"is_draining":true'
check 0 node drain b --off
check 0 node remove b --json
has "$work/out" '{"done":true}'
check 0 node list --json
grep -q '"name":"b"' "$work/out" && fail "b is still there"
for pid in "${started[@]}"; do kill -TERM "$pid"; done
for pid in "${started[@]}"; do
  wait "$pid" || fail "a node ended with $?"
done
started=()
[ -e a.ready ] && fail "a.ready is left"
has a.log "told to stop: it takes nothing new"
has a.log "stopped"
finish
