#!/usr/bin/env bash
# Verifies the signature of a copy with OpenSSL and the shell alone: verify-copy.sh COPY.pdf CERTIFICATE.pem
# The certificate is the organisation's, had by another way than the copy. Exit code 0: the copy is byte for byte what was signed.
set -euo pipefail
file=$1 certificate=$2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
die() { echo "refused: $1" >&2; exit 1; }
unhex() { printf "$(sed 's/../\\x&/g' <<<"$1")"; }
hex() { od -An -v -tx1 "$@" | tr -d ' \n'; }
tlv() { local n=$(( ${#2} / 2 ))
  if (( n < 128 )); then printf '%s%02x%s' "$1" "$n" "$2"; elif (( n < 256 )); then printf '%s81%02x%s' "$1" "$n" "$2"; else printf '%s82%04x%s' "$1" "$n" "$2"; fi; }

# The byte range leaves out the value of the last signature, nothing else.
range=$(grep -a -o '/ByteRange \[[0-9 ]*\]' "$file" | tail -1) || die 'no signature'
read -r a b c d <<<"$(tr -cd '0-9 ' <<<"${range#/ByteRange}")"
(( a == 0 && c + d == $(stat -c %s "$file") && c > b + 2 )) || die 'byte range'
gap=$(tail -c +$((b + 1)) "$file" | head -c $((c - b)) | tr '\0' '!')
[[ ${#gap} == $((c - b)) && $gap == '<'*'>' ]] || die 'gap'
value=${gap:1:-1}
[[ -z $(LC_ALL=C tr -d '0-9a-f' <<<"$value" | tr -d '\n') ]] || die 'gap is not hexadecimal'
{ head -c "$b" "$file"; tail -c +$((c + 1)) "$file"; } > "$work/data"
digest=$(openssl dgst -sm3 -r "$work/data" | cut -d' ' -f1)

# The message is built again from certificate, digest, time and signature; it has to be the one in the file.
openssl x509 -in "$certificate" -outform DER -out "$work/cert.der"
cert=$(hex "$work/cert.der")
mapfile -t parts < <(openssl asn1parse -inform DER -in "$work/cert.der" | sed -n 's/^ *\([0-9]*\):d=2 *hl=\([0-9]*\) *l= *\([0-9]*\).*/\1 \2 \3/p')
cut_part() { read -r at head length <<<"${parts[$1]}"; echo "${cert:$((2 * at)):$((2 * (head + length)))}"; }
issuer_serial=$(tlv 30 "$(cut_part 3)$(cut_part 1)")
sm3=$(tlv 30 06082a811ccf55018311)
data_type=06092a864886f70d010701
[[ $value =~ 301c06092a864886f70d010905310f170d([0-9a-f]{26}) ]] || die 'no signing time'
attributes="301806092a864886f70d010903310b${data_type}301c06092a864886f70d010905310f170d${BASH_REMATCH[1]}302f06092a864886f70d01090431220420${digest}"
[[ $value =~ 06082a811ccf5501837504([0-9a-f]{2})(30[0-9a-f]+) ]] || die 'no signature value'
rest=${value##*06082a811ccf5501837504}
length=$((16#${rest:0:2})); signature=${rest:2:$((2 * length))}
info=$(tlv 30 "020101${issuer_serial}${sm3}$(tlv a0 "$attributes")$(tlv 30 06082a811ccf55018375)$(tlv 04 "$signature")")
signed=$(tlv 30 "020101$(tlv 31 "$sm3")$(tlv 30 "$data_type")$(tlv a0 "$cert")$(tlv 31 "$info")")
message=$(tlv 30 "06092a864886f70d010702$(tlv a0 "$signed")")
[[ $value == "$message"* && -z $(tr -d '0\n' <<<"${value:${#message}}") ]] || die 'the message is not the one that was signed'

unhex "$(tlv 31 "$attributes")" > "$work/attributes"
unhex "$signature" > "$work/signature"
openssl x509 -in "$certificate" -noout -pubkey > "$work/key.pem"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -digest sm3 -in "$work/attributes" -sigfile "$work/signature" -pkeyopt distid:1234567812345678 >/dev/null || die 'signature'
echo "good: signed with $(openssl x509 -in "$certificate" -noout -fingerprint -sha256 | cut -d= -f2)"
