# bash completion for troupe
_troupe() {
  local word="${COMP_WORDS[COMP_CWORD]}" options words
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "run resume do fork approve refuse pause cancel runs show replay report journal plan validate models route agents tree health cluster agent queue node state submit schema message account choices judge cert errors completion --help --version" -- "$word"))
    return
  fi
  case "${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD - 1]}" in
    run:--budget) return ;;
    run:--model) return ;;
    run:--seed) return ;;
    run:--concurrency) return ;;
    run:--again) return ;;
    run:--by) return ;;
    run:--replay-mode) COMPREPLY=($(compgen -W "strict lenient" -- "$word")); return ;;
    do:--seed) return ;;
    do:--budget) return ;;
    fork:--again) return ;;
    fork:--prompt) return ;;
    fork:--by) return ;;
    approve:--by) return ;;
    approve:--note) return ;;
    refuse:--by) return ;;
    refuse:--note) return ;;
    pause:--by) return ;;
    pause:--note) return ;;
    pause:--wait) return ;;
    cancel:--by) return ;;
    cancel:--note) return ;;
    cancel:--wait) return ;;
    runs:--count) return ;;
    report:--format) COMPREPLY=($(compgen -W "text json markdown html" -- "$word")); return ;;
    journal:--head) return ;;
    journal:--older-than) return ;;
    journal:--keep) return ;;
    models:--tier) COMPREPLY=($(compgen -W "basic advanced expert" -- "$word")); return ;;
    models:--provider) return ;;
    route:--tier) COMPREPLY=($(compgen -W "basic advanced expert" -- "$word")); return ;;
    route:--model) return ;;
    route:--skill) return ;;
    route:--region) return ;;
    route:--input-price-max) return ;;
    route:--output-price-max) return ;;
    route:--output) return ;;
    agents:--skill) return ;;
    agents:--tag) return ;;
    agents:--tier) COMPREPLY=($(compgen -W "basic advanced expert" -- "$word")); return ;;
    agents:--count) return ;;
    agent:--on) return ;;
    agent:--to) return ;;
    state:--expect) return ;;
    state:--ttl) return ;;
    state:--count) return ;;
    submit:--budget) return ;;
    submit:--model) return ;;
    submit:--seed) return ;;
    schema:--type) return ;;
    choices:--count) return ;;
    cert:--cluster) return ;;
    cert:--days) return ;;
    cert:--address) return ;;
  esac
  case "${COMP_WORDS[1]}" in
    run) options="--help --input --budget --model --seed --concurrency --out --report --record --journal --reuse --again --explain --by --record-models --replay-models --replay-mode --roster --config --json --quiet --no-color" words="" ;;
    resume) options="--help --journal --out --report --roster --config --json --quiet --no-color" words="" ;;
    do) options="--help --input --plan-only --seed --journal --out --roster --config --json --quiet --no-color --budget" words="" ;;
    fork) options="--help --again --explain --prompt --input --by --journal --out --roster --config --json --quiet --no-color" words="" ;;
    approve) options="--help --by --note --journal --config" words="" ;;
    refuse) options="--help --by --note --journal --config" words="" ;;
    pause) options="--help --by --note --wait --journal --config --json" words="" ;;
    cancel) options="--help --by --note --wait --journal --config --json" words="" ;;
    runs) options="--help --journal --config --count --json --no-color" words="" ;;
    show) options="--help --entries --calls --journal --config --json --no-color" words="" ;;
    replay) options="--help --journal --config" words="" ;;
    report) options="--help --format --output --journal --config --no-color" words="" ;;
    journal) options="--help --head --journal --config --json --no-color --older-than --keep --dry-run" words="verify export import forget" ;;
    plan) options="--help --input --dot --json --roster --config --no-color" words="" ;;
    validate) options="--help --roster --config" words="" ;;
    models) options="--help --tier --provider --refresh --json --config --no-color" words="" ;;
    route) options="--help --tier --model --tools --skill --region --input-price-max --output-price-max --output --json --config --no-color" words="" ;;
    agents) options="--help --roster --json --config --no-color --skill --tag --tier --count" words="verify find" ;;
    tree) options="--help --roster --json --config --no-color" words="" ;;
    health) options="--help --roster --steps --journal --json --config --no-color" words="" ;;
    cluster) options="--help --json" words="check" ;;
    agent) options="--help --json --no-color --on --config --to" words="list start stop move" ;;
    queue) options="--help --json --no-color" words="list" ;;
    node) options="--help --json --no-color --off" words="list join drain remove" ;;
    state) options="--help --json --expect --ttl --no-color --count" words="get put remove list watch" ;;
    submit) options="--help --input --budget --model --seed --roster --config --json" words="" ;;
    schema) options="--help --json --xsd --mission --type" words="" ;;
    message) options="--help --xsd --xml" words="validate template" ;;
    account) options="--help --all --ledger --config --json --no-color" words="unknown reconcile" ;;
    choices) options="--help --file --config --count --json --no-color" words="" ;;
    judge) options="--help --file --config" words="" ;;
    cert) options="--help --cluster --days --force --dir --json --address --ca --key --crl --no-color" words="init node client show check revoke list" ;;
    errors) options="--help --no-color" words="invalid_request malformed_message mission_invalid config_invalid file_unreadable unknown_agent no_model_fits budget_exhausted deadline_exceeded cancelled unreachable overloaded agent_failed gate_failed dependency_failed limit_exceeded provider_rejected provider_unauthorized provider_throttled provider_unavailable provider_timeout provider_malformed stream_truncated tls_untrusted context_too_long content_refused key_file_open restart_limit internal version_conflict key_conflict provider_unfunded journal_failed journal_damaged unknown_run effect_unknown approval_refused approval_expired url_forbidden tool_failed runtime_ended quarantined outdated_incarnation" ;;
    completion) options="--help" words="bash zsh fish" ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n $words ]] && ((COMP_CWORD == 2)); then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _troupe troupe
