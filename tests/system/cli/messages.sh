#!/usr/bin/env bash
# `schema` and `message`: output and exit codes.
. "$2/lib.sh"
cd "$root/examples/messages" || exit 1

kinds="request response notification state_update coordination"
for kind in $kinds; do
  check 0 message validate $kind.json $kind.xml --xsd
  has "$work/out" "$kind.json: ok, $kind "
  has "$work/out" " bytes of JSON"
  has "$work/out" "$kind.xml: ok, $kind "
  has "$work/out" " bytes of XML"
  empty "$work/err"
done

for form in "" --xml; do
  check 0 message template perform_task $form
  cp "$work/out" "$work/template"
  check 0 message validate "$work/template" --xsd
  has "$work/out" ": ok, request perform_task, "
done
check 2 message template perform_tsk
has "$work/err" "unknown message 'perform_tsk' (did you mean 'perform_task'?)"

# Standard input, and what is wrong with it. `< <(...)`, for behind a pipe a
# failure would count in a process of its own.
piped() {
  local expected=$1 code=0
  "$troupe" message validate - --xsd > "$work/out" 2> "$work/err" || code=$?
  [ "$code" = "$expected" ] || fail "validate -: exit code $code"
}
piped 0 < request.xml
has "$work/out" "stdin: ok, request perform_task, "
piped 2 < /dev/null
has "$work/err" "stdin: byte 0: "
piped 2 < <(sed 's/"attempt": 1/"attempt": -1/' request.json)
has "$work/err" "stdin: /body/attempt: out of range"
piped 2 < <(sed 's/<attempt>1/<attempt>x/' request.xml)
has "$work/err" \
  "stdin: line 9, /request/perform_task/attempt: expected an integer"
piped 2 < <(printf '<!DOCTYPE request [<!ENTITY a "b">]><request>&a;</request>')
has "$work/err" "stdin: line 1: a declaration such as DOCTYPE is not allowed"
piped 2 < <(head -c 20000000 /dev/zero)
has "$work/err" "stdin: document: more than 16777216 bytes"
empty "$work/out"

# Hostile texts: each is refused with its place, from a file and from a pipe.
# refused NAME PLACE-AND-REASON < TEXT
refused() {
  cat > "$work/$1"
  check 2 message validate "$work/$1"
  has "$work/err" "$1: $2"
  piped 2 < "$work/$1"
  has "$work/err" "stdin: ${3:-$2}"
}
# json BODY, xml BODY: a request with that body, as far as it goes
json() {
  printf '{"kind":"request","type":"perform_task","header":{},"body":%s' "$1"
}
xml() {
  printf '<request xmlns="urn:troupe:message:1"><header/>\n<perform_task>%s' "$1"
}
times() { head -c "$1" /dev/zero | tr '\0' "$2"; }

refused big.json "document: 100000068 bytes, allowed are 16777216" \
  "document: more than 16777216 bytes" \
  < <(json '{"task":"'; times 100000000 x)
refused big.xml "document: 100000065 bytes, allowed are 16777216" \
  "document: more than 16777216 bytes" < <(xml '<t>'; times 100000000 x)
refused large.json "byte 73: a number out of range" < <(json '{"seed":1e9999}')
refused large.xml \
  "line 2, /request/perform_task/seed: expected an integer, found a text" \
  < <(xml '<seed>1e9999</seed></perform_task></request>')
refused twice.json "byte 81: field 'task' occurs twice in the object that ends" \
  < <(json '{"task":"a","task":"b"}')
refused twice.xml "line 2, /request/perform_task/task: field occurs twice" \
  < <(xml '<task>a</task><task>b</task></perform_task></request>')
refused deep.json "byte 90: values deeper than 32" < <(json ''; times 10000 '[')
refused deep.xml "line 2: elements deeper than 32" \
  < <(xml ''; for _ in $(seq 10000); do printf '<item>'; done)
refused half.json "byte 74: " < <(json '{"task":"\ud800"}')
refused half.xml "line 2: " < <(xml '<task>&#xD800;</task>')

# A byte order mark counts as no text, wherever it comes from.
for form in json xml; do
  { printf '\xEF\xBB\xBF'; cat request.$form; } > "$work/marked"
  check 0 message validate "$work/marked"
  piped 0 < "$work/marked"
done

check 2 message validate request.json absent.json
has "$work/out" "request.json: ok"
has "$work/err" "absent.json: there is no such file"
check 2 message
has "$work/err" "troupe message: "
check 2 message validate

check 0 schema
has "$work/out" '"perform_task": {'
has "$work/out" '"$schema"'
check 0 schema --json --type cancel
has "$work/out" '"title": "coordination cancel"'
check 0 schema --xsd
has "$work/out" '<xs:element name="request">'
if command -v xmllint > /dev/null; then
  cp "$work/out" "$work/troupe.xsd"
  for kind in $kinds; do
    xmllint --noout --schema "$work/troupe.xsd" $kind.xml 2> "$work/err" \
      || fail "xmllint refuses $kind.xml: $(cat "$work/err")"
  done
fi
check 0 schema --xsd --type cancel
has "$work/out" '<xs:element name="coordination">'
check 2 schema --type cancl
has "$work/err" "did you mean 'cancel'?"
check 2 schema --xsd --json
finish
