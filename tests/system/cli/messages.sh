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

# Standard input, and what is wrong with it.
piped() {
  local expected=$1 code=0
  "$troupe" message validate - --xsd > "$work/out" 2> "$work/err" || code=$?
  [ "$code" = "$expected" ] || fail "validate -: exit code $code"
}
piped 0 < request.xml
has "$work/out" "stdin: ok, request perform_task, "
piped 2 < /dev/null
has "$work/err" "stdin: byte 0: "
sed 's/"attempt": 1/"attempt": -1/' request.json | piped 2
has "$work/err" "stdin: /body/attempt: out of range"
sed 's/<attempt>1/<attempt>x/' request.xml | piped 2
has "$work/err" \
  "stdin: line 9, /request/perform_task/attempt: expected an integer"
printf '<!DOCTYPE request [<!ENTITY a "b">]><request>&a;</request>' | piped 2
has "$work/err" "stdin: line 1: a declaration such as DOCTYPE is not allowed"
head -c 20000000 /dev/zero | piped 2
has "$work/err" "stdin: more than 16777216 bytes"
empty "$work/out"

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
