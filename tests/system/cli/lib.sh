# What the scripts share: `check` runs a command and compares its exit code;
# `same` compares its output with a file, `has` looks for a text in it.
troupe=$1 here=$2 root=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
export HOME=$work XDG_CONFIG_HOME=$work LC_ALL=C.UTF-8
unset XDG_CACHE_HOME TROUPE_CONFIG ANTHROPIC_API_KEY OPENAI_API_KEY OPENROUTER_API_KEY
unset XAI_API_KEY NO_COLOR

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# check CODE WORDS...: leaves standard output in $work/out, errors in $work/err
check() {
  local expected=$1 code=0
  shift
  timeout 60 "$troupe" "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
  if [ "$code" != "$expected" ]; then
    fail "troupe $*: exit code $code, expected $expected"
    head -20 "$work/out" "$work/err"
  fi
}

# Times, dates and ids differ from run to run; columns get the width of what
# stands in them.
masked() {
  sed -E -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/ID/g' \
    -e 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}/HH:MM:SS/' \
    -e 's/(<?[0-9]+ ms|[0-9]+\.[0-9] s|[0-9]+ m [0-9]{2} s)/TIME/g' \
    -e 's/[0-9]+\.[0-9] times/N times/' -e 's/[0-9.]+ % of ([0-9]+) places/N % of \1 places/' \
    -e 's/[0-9.]+ % \(time\)/N % (time)/' \
    -e "s#$here/##g" -e "s#$root/##g" -e 's/ +/ /g' -e 's/ $//' "$1"
}

# same FILE NAME: compares with expected/NAME; UPDATE=1 writes it anew
same() {
  masked "$1" > "$work/masked"
  if [ -n "${UPDATE:-}" ]; then
    cp "$work/masked" "$here/expected/$2"
  elif ! diff -u "$here/expected/$2" "$work/masked"; then
    fail "output differs from expected/$2"
  fi
}

has() {
  grep -qF -- "$2" "$1" || {
    fail "'$2' is not in the output:"
    head -20 "$1"
  }
}

empty() {
  [ ! -s "$1" ] || {
    fail "expected nothing, found:"
    head -20 "$1"
  }
}

finish() {
  [ "$failures" = 0 ] || {
    echo "$failures failed"
    exit 1
  }
  echo "ok"
}
