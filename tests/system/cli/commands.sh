#!/usr/bin/env bash
# Every command but `run`: output and exit codes.
. "$2/lib.sh"
cd "$here" || exit 1

check 0 --version
has "$work/out" "troupe "
empty "$work/err"
check 0 --help
has "$work/out" "Exit codes:"
for command in run plan validate models route agents tree health schema message \
  account choices judge report cert errors completion; do
  check 0 "$command" --help
  has "$work/out" "Usage: troupe $command"
  has "$work/out" "Examples:"
  has "$work/out" "Exit codes:"
done

check 2
has "$work/err" "troupe: which command?; see 'troupe --help'"
empty "$work/out"
check 2 rnu mission.yaml
has "$work/err" "unknown command 'rnu' (did you mean 'run'?)"
check 2 run missions/quick.yaml --budgt 3
has "$work/err" "unknown option '--budgt' (did you mean '--budget'?)"
check 2 run missions/quick.yaml --budget much
has "$work/err" "'much'"
check 2 run missions/quick.yaml --concurrency 0
check 2 run missions/quick.yaml --concurrency -1
check 2 run missions/quick.yaml --budget -1
has "$work/err" "a budget is not negative"
check 2 run missions/quick.yaml --seed -1
has "$work/err" "a seed is not negative"
check 2 run

check 0 validate missions/quick.yaml missions/long.yaml
same "$work/out" validate.txt
check 2 validate missions/broken.yaml missions/quick.yaml missions/absent.yaml
same "$work/err" validate-problems.txt
has "$work/out" "missions/quick.yaml: ok"

check 0 plan missions/quick.yaml --config at_once.yaml
same "$work/out" plan.txt
check 0 plan missions/quick.yaml --dot
same "$work/out" plan.dot
check 0 plan missions/quick.yaml --json
same "$work/out" plan.json
check 2 plan missions/broken.yaml
empty "$work/out"
for command in plan validate; do
  check 0 $command missions/single.yaml --roster agents.yaml
  check 2 $command missions/single.yaml
  has "$work/err" "unknown agent 'reader'"
  check 2 $command missions/single.yaml --roster absent.yaml
done

# A plan tells what would keep the mission from running.
yes "The ferry left at nine." | head -c 2000000 > "$work/huge"
check 2 plan missions/quick.yaml --input "$work/huge"
empty "$work/out"
has "$work/err" "no_model_fits: task 'people': a prompt of about "
has "$work/err" "fit no window; the largest is simulated/expert with 200000"
sed 's/budget: 1 USD/budget: 0.008 USD/' missions/quick.yaml > "$work/poor.yaml"
check 0 plan "$work/poor.yaml"
has "$work/err" \
  "warning: the estimate of \$0.009756 exceeds the budget of \$0.008"
has "$work/out" "of a budget of \$0.008"
sed 's/budget: 1 USD/budget: 0.001 USD/' missions/quick.yaml > "$work/poor.yaml"
check 0 plan "$work/poor.yaml"
has "$work/err" "warning: a run would not start: the budget of \$0.001 is too"
sed 's/^budget: 1 USD/budget: 1 USD\ndeadline: 1500ms/' missions/quick.yaml \
  > "$work/hurried.yaml"
check 0 plan "$work/hurried.yaml"
has "$work/err" "warning: the longest chain is expected to take "
has "$work/err" ", longer than the deadline of 1.5 s"

# Who supervises whom.
check 0 tree --no-color --roster agents.yaml
same "$work/out" tree.txt
check 0 tree --json
has "$work/out" '{"name":"troupe","state":"running"'
check 2 tree --roster absent.yaml
empty "$work/out"
check 2 tree nobody
has "$work/err" "unexpected argument 'nobody'"

# How all parts are.
check 0 health --no-color --roster agents.yaml
has "$work/out" "agents/editor"
check 0 health --json
has "$work/out" '{"is_live":true,"is_ready":true,"parts":[{"part":"troupe",'
check 2 health --roster absent.yaml
empty "$work/out"
check 2 health --steps --journal "$work/absent.db"
empty "$work/out"

check 0 models
has "$work/out" "simulated/expert"
check 0 models --provider simulated --tier basic
has "$work/out" "simulated/basic"
check 0 models --provider simulated --json
has "$work/out" '"id":"simulated/basic"'
check 2 models --tier cheap
check 2 models --refresh --provider anthropic
has "$work/err" "'anthropic' lists no prices; openrouter does"
# Nobody listens at port 1.
echo 'providers: {openrouter: {base_url: "http://127.0.0.1:1/v1"}}' \
  > "$work/offline.yaml"
check 1 models --refresh --config "$work/offline.yaml"
has "$work/err" "provider_unavailable"
check 0 route Who wrote this?
same "$work/out" route.txt
check 0 route --tier advanced --tools --json Prove it.
has "$work/out" '"tier":"advanced"'
has "$work/out" '{"model":"simulated/basic","reason":"below_tier"}'
check 2 route --skill vision --skill smell Who is this?
has "$work/err" "has the skills vision, smell"
check 2 route --region eu Who wrote this?
has "$work/err" "is known to run in eu"
check 2 route --output-price-max 0.50 Who wrote this?
has "$work/err" "costs at most \$0.50 for output a million tokens"
check 0 route --json --input-price-max 5.00 --output-price-max 3 Who wrote it?
has "$work/out" '{"model":"simulated/expert","reason":"above_price"}'
check 2 route --input-price-max cheap Who wrote this?
has "$work/err" "--input-price-max"
check 2 route --output-price-max -1 Who wrote this?
cat > "$work/fallbacks.yaml" <<'END'
routing:
  latency_weight_permille: 500
  fallbacks:
    basic: {general: [simulated/advanced], content_policy: [simulated/expert]}
    simulated/basic: {general: [simulated/expert, simulated/advanced]}
END
check 0 route --config "$work/fallbacks.yaml" Who wrote this?
has "$work/out" "the first 2 are near in price"
has "$work/out" "when it fails: simulated/expert, simulated/advanced"
has "$work/out" "when it declines: simulated/expert"
echo 'routing: {fallbacks: {basic: {general: [simulated/advancd]}}}' \
  > "$work/fallbacks.yaml"
check 2 route --config "$work/fallbacks.yaml" Who wrote this?
has "$work/err" "did you mean 'simulated/advanced'?"
check 2 route --output 300000000 Who wrote this?
check 2 route --model simulated/basc Who wrote this?
has "$work/err" "no model 'simulated/basc' is available"
check 2 route
check 2 models --provider simulatd
has "$work/err" "did you mean 'simulated'?"

check 2 agents
has "$work/err" "--roster"
check 0 agents verify agents.yaml
same "$work/out" agents-verify.txt
check 0 agents --roster agents.yaml
same "$work/out" agents.txt
check 0 agents --roster agents.yaml --json
has "$work/out" '"name":"reader"'
check 0 agents find "join two reports into one text" --roster agents.yaml
same "$work/out" agents-find.txt
check 0 agents find --skill reading --roster agents.yaml --json
has "$work/out" '"name":"reader"'
check 0 agents find read texts --count 1 --roster agents.yaml --json
has "$work/out" '"scores":['
check 2 agents find sing --roster agents.yaml
has "$work/err" "no agent matches the text"
check 2 agents find read --count 0 --roster agents.yaml
check 2 agents verify missions/broken.yaml
check 2 agents verify absent.yaml
empty "$work/out"

check 0 errors
has "$work/out" "budget_exhausted"
check 0 errors budget_exhausted
same "$work/out" errors.txt
check 2 errors budget_exausted
has "$work/err" "did you mean 'budget_exhausted'?"

for shell in bash zsh fish; do
  check 0 completion $shell
  has "$work/out" "validate"
  has "$work/out" "concurrency"
  ! command -v $shell > /dev/null || $shell -n "$work/out" \
    || fail "completion $shell does not parse"
  # The installed scripts are what the command prints.
  installed=$root/runtime/cli/completions/troupe.$shell
  [ -z "${UPDATE:-}" ] || cp "$work/out" "$installed"
  diff -u "$installed" "$work/out" || fail "$installed is out of date"
done
check 2 completion tcsh

# What bash offers for `troupe mo`, `troupe run --bu` and `models --tier e`.
check 0 completion bash
offered() {
  bash --norc -c '. "$1"; shift; COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1)); _troupe; echo "${COMPREPLY[*]}"' _ "$work/out" "$@"
}
[ "$(offered troupe mo)" = models ] || fail "completion of a command"
[ "$(offered troupe run --bu)" = --budget ] || fail "completion of an option"
[ "$(offered troupe models --tier e)" = expert ] || fail "completion of a value"

# A configuration that is wrong is told by every command that reads it.
echo 'thread: 4' > "$work/bad.yaml"
for words in "models" "validate missions/quick.yaml" "run missions/quick.yaml"; do
  check 2 $words --config "$work/bad.yaml"
  has "$work/err" "bad.yaml:1:"
done
finish
