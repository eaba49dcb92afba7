#!/usr/bin/env bash
# `troupe cert`: an authority, what it issues, and what becomes of that.
. "$2/lib.sh"
cd "$work" || exit 1

for command in "" init node client show check revoke list; do
  check 0 cert $command --help
  has "$work/out" "Examples:"
done
check 2 cert
check 2 cert init
has "$work/err" "--cluster"
check 2 cert init --cluster "two words"
has "$work/err" "cluster: 1 to 64 letters"
check 2 cert list
has "$work/err" "certs/ca.crt: there is no such file"
check 2 cert node buoy --address localhost
has "$work/err" "'troupe cert init' makes it"

check 0 cert init --cluster harbour
has "$work/out" "the authority of 'harbour' is in certs, valid until 20"
has "$work/err" "keep certs/ca.key secret"
check 2 cert init --cluster harbour
has "$work/err" "certs/ca.crt: is there already; --force makes a new authority"

check 0 cert node buoy --address buoy.example --address 10.0.0.7
has "$work/out" "certs/buoy.crt and certs/buoy.key: node 'buoy' of 'harbour'"
check 2 cert node buoy --address buoy.example
has "$work/err" "--force replaces it"
check 2 cert node reef
has "$work/err" "--address"
check 2 cert node reef --address https://reef
has "$work/err" "address 1: a host name or an IP address, without a port"
check 2 cert node reef --address reef --days 0
check 2 cert node reef --address reef --days 30000
has "$work/err" "days: the authority itself ends on "
check 2 cert node ../reef --address reef
has "$work/err" "name: 1 to 64 letters"
check 2 cert client buoy
has "$work/err" "'buoy' is a node's"
check 0 cert client ada --days 29
check 0 cert client bob --json
has "$work/out" '"role":"client","name":"bob"'
has "$work/out" '"days_left":365'
[ "$(stat -c %a certs certs/ca.key certs/buoy.key | tr '\n' ' ')" \
  = "700 600 600 " ] || fail "modes of keys"
[ -z "$(find certs -name '*.tmp*')" ] || fail "drafts were left"

check 0 cert show certs/buoy.crt certs/ca.crt
has "$work/out" "  node buoy of harbour"
has "$work/out" "  addresses: buoy.example, 10.0.0.7"
has "$work/out" "  authority of harbour"
check 2 cert show certs/issued.txt certs/ada.crt
has "$work/err" "certs/issued.txt: holds no certificate in PEM form"
has "$work/out" "  client ada of harbour"
# What openssl thinks of it, where there is one.
if command -v openssl > /dev/null; then
  openssl verify -x509_strict -purpose sslserver -crl_check \
    -CAfile certs/ca.crt -CRLfile certs/ca.crl certs/buoy.crt > "$work/verified" \
    2>&1 || fail "openssl: $(cat "$work/verified")"
fi

check 0 cert check certs/buoy.crt
has "$work/out" "chain: ok"
has "$work/out" "revocations: ok"
empty "$work/err"
check 0 cert check certs/ada.crt
has "$work/err" "warning: certs/ada.crt ends in 2"
chmod 640 certs/buoy.key
check 2 cert check certs/buoy.crt
has "$work/out" "key: key_file_open: certs/buoy.key: others may read"
chmod 600 certs/buoy.key
check 2 cert check certs/buoy.crt --key certs/ada.key --json
has "$work/out" '"is_good":false'
has "$work/out" "is not the key of"
check 2 cert check certs/absent.crt

check 0 cert list
has "$work/out" "harbour"
has "$work/err" "warning: 'ada' ends in 2"
check 0 cert list --json
has "$work/out" '"state":"good","days_left":2'

check 2 cert revoke nobody
has "$work/err" "no certificate was issued to it"
check 0 cert revoke ada
has "$work/out" "1 certificate of 'ada' revoked"
has "$work/err" "carry certs/ca.crl to every node"
check 0 cert revoke ada
has "$work/out" "were revoked before"
check 2 cert check certs/ada.crt
has "$work/out" "is revoked"
check 0 cert list
has "$work/out" "revoked"
empty "$work/err"
check 0 cert client ada --force
check 0 cert check certs/ada.crt

# A new authority: what the old one has issued is worthless.
check 0 cert init --cluster harbour --force --dir certs --json
has "$work/out" '{"authority":{"cluster":"harbour"'
check 2 cert check certs/buoy.crt
has "$work/out" "was not issued by the authority in certs/ca.crt"

# Keys are never printed.
! grep -rlE 'PRIVATE KEY' "$work/out" "$work/err" > /dev/null || fail "a key"
check 2 cert client eve --dir /dev/null
has "$work/err" "there is no such folder"
finish
