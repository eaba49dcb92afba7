#compdef troupe
_troupe() {
  local -a commands
  commands=(
    'run:Run a mission and report on it'
    'resume:Go on with a run whose process has ended'
    'do:Plan a goal as a mission, run it and report on it'
    'fork:Run again from where something has changed'
    'approve:Say yes to a task that waits for it'
    'refuse:Say no to a task that waits for a yes'
    'pause:Have the process that runs a run leave it to ’troupe resume’'
    'cancel:End a run, whether another process runs it or none does'
    'runs:List the runs of a journal, newest first'
    'show:Show what a run has done, from its journal'
    'replay:Decide again all that a run has decided; calls no model and no tool'
    'report:Write the report of a run for people'
    'journal:Check a journal, or carry runs from one to another'
    'plan:Show order, estimates and critical path; runs nothing'
    'validate:Check missions; tells all problems with their places'
    'models:List the models that are known, with prices'
    'route:Show which model a prompt would go to, and why'
    'agents:List the agents of a roster, find or verify them'
    'tree:Start the parts of troupe, show who supervises whom, end'
    'health:Start the parts of troupe, tell whether each is live and ready, end'
    'cluster:Ask whether a cluster can be upgraded'
    'agent:Start, stop and move agents of a cluster'
    'queue:Look at the queue of missions'
    'node:Look at the nodes of a cluster, and steer them'
    'state:Read, write and follow the state that nodes share'
    'submit:Put a mission into the queue of a cluster'
    'schema:Print the schemas of messages: JSON Schema or XSD'
    'message:Check messages, or print one to start from'
    'account:Show what a ledger holds, while no process uses it'
    'choices:List which models were chosen, and how likely that was'
    'judge:Say how good an answer was, for later runs to learn from'
    'cert:Make, check and revoke the certificates of a cluster'
    'errors:Explain an error code, or list all'
    'completion:Print a completion script for a shell'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
    run)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--input[A file for the first input, or the one called NAME]:path:_files' \
        '*--budget[Most that the run may cost, in US dollars, as in 0.50]:value:' \
        '*--model[One model for every task]:value:' \
        '*--seed[Of simulated models and all random choices]:value:' \
        '*--concurrency[Tasks at one time, in place of what the mission says]:value:' \
        '*--out[Write results to DIR/<task>.md; they are not printed then]:path:_files' \
        '*--report[Write the report to FILE as well, .html, .md, .json or text]:path:_files' \
        '*--record[Write all messages of the run, secrets hidden, one JSON value a line]:path:_files' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--reuse[Take the results of earlier runs, from the journal, for work that is the same]' \
        '*--again[A task that runs even where its result is known; repeatable]:value:' \
        '*--explain[Say why each task ran, or did not]' \
        '*--by[Who decides; else the user’s name]:value:' \
        '*--record-models[Write all calls of models to a new file, one JSON value a line]:path:_files' \
        '*--replay-models[Answer calls of models from such a file; no network, no key]:path:_files' \
        '*--replay-mode[strict, other calls fail; lenient, the nearest answers]:value:(strict lenient)' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[Events and report to standard output, one JSON value a line]' \
        '*--quiet[No progress; the report only]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    resume)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--out[Write results to DIR/<task>.md; they are not printed then]:path:_files' \
        '*--report[Write the report to FILE as well, .html, .md, .json or text]:path:_files' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[Events and report to standard output, one JSON value a line]' \
        '*--quiet[No progress; the report only]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    do)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--input[A text for it; repeatable]:path:_files' \
        '*--plan-only[Print the mission as JSON; run nothing but the planning]' \
        '*--seed[Of simulated models and all random choices]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--out[Write results to DIR/<task>.md; they are not printed then]:path:_files' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[Events and report to standard output, one JSON value a line]' \
        '*--quiet[No progress; the report only]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*--budget[Most that the run may cost, in US dollars, as in 0.50]:value:' \
        '*:argument:_files' ;;
    fork)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--again[A task that runs even where its result is known; repeatable]:value:' \
        '*--explain[Say why each task ran, or did not]' \
        '*--prompt[Another prompt for a task; repeatable]:value:' \
        '*--input[A file in place of the input called NAME]:path:_files' \
        '*--by[Who decides; else the user’s name]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--out[Write results to DIR/<task>.md; they are not printed then]:path:_files' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[Events and report to standard output, one JSON value a line]' \
        '*--quiet[No progress; the report only]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    approve)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--by[Who decides; else the user’s name]:value:' \
        '*--note[What is to be said to it]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*:argument:_files' ;;
    refuse)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--by[Who decides; else the user’s name]:value:' \
        '*--note[What is to be said to it]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*:argument:_files' ;;
    pause)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--by[Who wishes it; else the user’s name]:value:' \
        '*--note[Why; the run keeps it]:value:' \
        '*--wait[For the process that runs it; else 10]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*:argument:_files' ;;
    cancel)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--by[Who wishes it; else the user’s name]:value:' \
        '*--note[Why; the run keeps it]:value:' \
        '*--wait[For the process that runs it; else 10]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*:argument:_files' ;;
    runs)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--count[The last so many; else 20]:value:' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    show)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--entries[Its entries, one JSON value a line]' \
        '*--calls[The calls of its models, one JSON value a line]' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    replay)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*:argument:_files' ;;
    report)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--format[text, json, markdown or html; else as FILE ends]:value:(text json markdown html)' \
        '*--output[Write it to FILE]:path:_files' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    journal)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--head[What an earlier check printed, it must still be there]:value:' \
        '*--journal[The file that keeps runs; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*--older-than[Those that have ended so long ago, 12h, 30d]:value:' \
        '*--keep[The newest so many stay, however old they are]:value:' \
        '*--dry-run[Only list them]' \
        '1:argument:(verify export import forget)' \
        '*:argument:_files' ;;
    plan)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--input[A file for the first input, or the one called NAME]:path:_files' \
        '*--dot[A graph for Graphviz]' \
        '*--json[One JSON object]' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    validate)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*:argument:_files' ;;
    models)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--tier[Models of this tier only]:value:(basic advanced expert)' \
        '*--provider[Models of this provider only]:value:' \
        '*--refresh[Fetch OpenRouter’s models and prices, without a key]' \
        '*--json[One JSON array]' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    route)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--tier[The least tier; else as complex as the text looks]:value:(basic advanced expert)' \
        '*--model[This model only]:value:' \
        '*--tools[The model must use tools]' \
        '*--skill[The model must have it, as in vision; more than one, all]:value:' \
        '*--region[The model must run there, as in eu; more than one, in any]:value:' \
        '*--input-price-max[Most that a million tokens of prompt may cost, in US dollars]:value:' \
        '*--output-price-max[Most that a million tokens of answer may cost, in US dollars]:value:' \
        '*--output[Tokens of the longest answer; else 1024]:value:' \
        '*--json[One JSON object]' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    agents)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--json[One JSON array]' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*--skill[Agents with this skill only]:value:' \
        '*--tag[Agents with this tag only; may be repeated]:value:' \
        '*--tier[Agents of this tier or above]:value:(basic advanced expert)' \
        '*--count[At most so many; else 5]:value:' \
        '1:argument:(verify find)' \
        '*:argument:_files' ;;
    tree)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--json[One JSON object]' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    health)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--steps[What was done for sick agents, from a journal]' \
        '*--journal[The journal’s file; else the configuration’s]:path:_files' \
        '*--json[One JSON object]' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    cluster)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[One JSON object]' \
        '1:argument:(check)' \
        '*:argument:_files' ;;
    agent)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*--on[Where; else where least is done]:value:' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--to[Where to]:value:' \
        '1:argument:(list start stop move)' \
        '*:argument:_files' ;;
    queue)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '1:argument:(list)' \
        '*:argument:_files' ;;
    node)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*--off[It takes tasks again]' \
        '1:argument:(list join drain remove)' \
        '*:argument:_files' ;;
    state)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[JSON, an object a line]' \
        '*--expect[Only if the key has this version; 0, if there is none]:value:' \
        '*--ttl[It expires after that time]:value:' \
        '*--no-color[Plain text]' \
        '*--count[End after so many commits; 0, go on]:value:' \
        '1:argument:(get put remove list watch)' \
        '*:argument:_files' ;;
    submit)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--input[A file for the first input, or the one called NAME]:path:_files' \
        '*--budget[Most that the run may cost, in US dollars, as in 0.50]:value:' \
        '*--model[One model for every task]:value:' \
        '*--seed[Of simulated models and all random choices]:value:' \
        '*--roster[Agents, a YAML file, or a folder of them]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*:argument:_files' ;;
    schema)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--json[JSON Schema; so without a flag]' \
        '*--xsd[XML Schema]' \
        '*--mission[JSON Schema of mission files]' \
        '*--type[One message, as in perform_task]:value:' \
        '*:argument:_files' ;;
    message)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--xsd[Check against the XSD as well]' \
        '*--xml[XML in place of JSON]' \
        '1:argument:(validate template)' \
        '*:argument:_files' ;;
    account)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--all[Closed ones as well]' \
        '*--ledger[The ledger’s file; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '1:argument:(unknown reconcile)' \
        '*:argument:_files' ;;
    choices)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--file[The learning file; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*--count[The last so many; else 20]:value:' \
        '*--json[One JSON object]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '*:argument:_files' ;;
    judge)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--file[The learning file; else the configuration’s]:path:_files' \
        '*--config[Configuration file; else $TROUPE_CONFIG, ./troupe.yaml]:path:_files' \
        '*:argument:_files' ;;
    cert)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--cluster[The name of the cluster]:value:' \
        '*--days[So long the certificate is valid; else 10 years]:value:' \
        '*--force[Replace what is there]' \
        '*--dir[The folder of the authority; else ./certs]:path:_files' \
        '*--json[One JSON object]' \
        '*--address[A host name or IP address of it; may be repeated]:value:' \
        '*--ca[Else ca.crt beside the certificate]:path:_files' \
        '*--key[Else the certificate’s name with .key]:path:_files' \
        '*--crl[Else ca.crl beside the certificate, if it is there]:path:_files' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '1:argument:(init node client show check revoke list)' \
        '*:argument:_files' ;;
    errors)
      _arguments \
        '*--help[Print this help and exit]' \
        '*--no-color[No colours; so does the variable NO_COLOR]' \
        '1:argument:(invalid_request malformed_message mission_invalid config_invalid file_unreadable unknown_agent no_model_fits budget_exhausted deadline_exceeded cancelled unreachable overloaded agent_failed gate_failed dependency_failed limit_exceeded provider_rejected provider_unauthorized provider_throttled provider_unavailable provider_timeout provider_malformed stream_truncated tls_untrusted context_too_long content_refused key_file_open restart_limit internal version_conflict key_conflict provider_unfunded journal_failed journal_damaged unknown_run effect_unknown approval_refused approval_expired url_forbidden tool_failed runtime_ended quarantined outdated_incarnation)' \
        '*:argument:_files' ;;
    completion)
      _arguments \
        '*--help[Print this help and exit]' \
        '1:argument:(bash zsh fish)' \
        '*:argument:_files' ;;
  esac
}
if [ "$funcstack[1]" = _troupe ]; then
  _troupe "$@"
else
  compdef _troupe troupe
fi
