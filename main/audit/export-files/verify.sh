#!/bin/sh
# Checks an exported audit log with sh and openssl (3.0 or newer) alone.
# usage: sh verify.sh [DIR] [FINGERPRINT] [PLATFORM-FINGERPRINT] [MAC-KEY] ; prints `OK ENTRIES` or `BAD NUMBER KIND`, exit code 0 or 1.
# MAC-KEY: the first one of the last generation, where the one who checks has it (20 ms an entry). Entries without a MAC (version 0.1.0 made none) are named.
# The chain, every signature (of the machine, and of people over what they did themselves; these take 20 ms each), every checkpoint's head and the digests of the manifest; the Merkle roots are left to verify.py.
# The key must be compared with what is known from elsewhere (printed slip, platform).
set -u
LC_ALL=C
export LC_ALL
case ${1:-} in -h | --help) sed -n '2,6s/^# //p' "$0"; exit 0 ;; esac
dir=${1:-$(dirname "$0")}
print=${2:-}
platform=${3:-}
mac_key=${4:-}
id=1234567812345678
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad() { echo "BAD $1 $2"; exit 1; }
for name in audit.jsonl chain.txt device.pub MANIFEST MANIFEST.sig; do [ -f "$dir/$name" ] || bad 0 "missing-$name"; done
cd "$dir" || exit 2

openssl pkey -pubin -in device.pub -outform DER -out "$work/key.der" 2>/dev/null || bad 0 key
[ "$(wc -c <"$work/key.der")" -eq 91 ] || bad 0 key
tail -c 65 "$work/key.der" >"$work/point"
finger=$(openssl dgst -sm3 -r "$work/point" | cut -c1-16)
if [ -n "$print" ]; then
  [ "$(printf %s "$print" | tr -d - | tr A-F a-f)" = "$finger" ] || bad 0 key
fi
signed() { openssl dgst -sm3 -verify device.pub -sigopt distid:$id -signature "$2" "$1" >/dev/null 2>&1; }

# What people sign for by themselves, each with the key that they made known last (an entry access.signs, signed with that key):
# a heading, then the part of the line that they knew.
signed_types='access.signs scan.verdict notice.given copy.printed copy.reprinted copy.saved copy.forwarded'
spki=3059301306072a8648ce3d020106082a811ccf5501822d034200
mkdir "$work/people"
write_hex() { printf "$(printf %s "$1" | sed 's/../0x& /g' | xargs printf '\\%03o')"; }
text='"[^"\\]*\(\\.[^"\\]*\)*"'
# A line as the counter prints it and in no other way: a field twice, or letters as escapes, would say something else to whoever reads it as JSON.
form='^{"seq":[0-9]*,"gen":[0-9]*,"t":"[^"]*","mono":[0-9]*,"u":[0-9]*,"actor":"\([^"\\]*\(\\.[^"\\]*\)*\)","role":'$text',"device":'$text',"type":"\([^"\\]*\)"'
form=$form',"result":'$text',"ref":'$text',"bodyHash":"[0-9a-f]*"\(,"content":"[0-9a-f]*","signature":"[A-Za-z0-9+/=]*"\)\{0,1\}}$'
person_holds() {
  head=$(printf '%s\n' "$1" | sed 's/\\\\/\\n/g' | grep -v '\\u00[2-7]' | sed -n "s|$form|\5 \1|p")
  type=${head%% *}
  actor=${head#* }
  case " $signed_types " in *" $type "*) must=1 ;; *) must=0 ;; esac
  # Nobody with such a number has a key.
  case $actor in *[!0-9A-Za-z-]*) actor= ;; esac
  [ -n "$head" ] || return 1
  case $1 in *'","signature":"'*'"}') ;; *) [ "$type" != access.signs ] && { [ $must -eq 0 ] || [ -z "$actor" ] || [ ! -f "$work/people/$actor" ]; }; return ;; esac
  [ -n "$actor" ] || return 1
  key=$work/people/$actor
  if [ "$type" = access.signs ]; then
    point=$(printf '%s\n' "$1" | sed -n "s/.*,\"type\":\"access.signs\",\"result\":\"\(04[0-9a-f]\{128\}\)\",\"ref\":\"$actor\",\"bodyHash\":.*/\1/p")
    [ -n "$point" ] || return 1
    key=$work/key-to-be
    write_hex "$spki$point" | openssl pkey -pubin -inform DER -out "$key" 2>/dev/null || return 1
  fi
  [ -f "$key" ] || return 1
  { echo counter-signed-v1; printf '%s\n' "$1" | sed 's/^{"seq":[0-9]*,"gen":[0-9]*,/{/; s/,"bodyHash":"[0-9a-f]*"\(,"content":"[0-9a-f]\{64\}"\),"signature":"[A-Za-z0-9+\/=]*"}$/\1}/'; } >"$work/statement"
  printf '%s\n' "$1" | sed 's/.*,"signature":"\([A-Za-z0-9+\/=]*\)"}$/\1/' | openssl base64 -d -A >"$work/statement.sig" 2>/dev/null
  openssl dgst -sm3 -verify "$key" -sigopt distid:$id -signature "$work/statement.sig" "$work/statement" >/dev/null 2>&1 || return 1
  people=$((people + 1))
  if [ "$type" = access.signs ]; then mv "$key" "$work/people/$actor"; fi
  return 0
}
people=0
persons=good

# The number that a file is named by: nine digits or more.
number_of() {
  base=${1##*/}
  base=${base%.txt}
  case $base in *[!0-9]*) return 1 ;; ?????????*) ;; *) return 1 ;; esac
  size=$(printf %s "$base" | sed 's/^0*//')
  [ -n "$size" ]
}
entries=$(wc -l <chain.txt | tr -d ' ')
last=0
newest=
for file in checkpoints/*.txt; do
  [ -f "$file" ] || continue
  number_of "$file" || bad 0 checkpoint
  [ "$size" -gt "$last" ] && { last=$size; newest=$file; }
done
if [ "$last" -gt "$entries" ]; then bad $((entries + 1)) truncated; fi
if [ "$last" -lt "$entries" ] || [ "$last" -eq 0 ]; then bad $((last + 1)) unsigned; fi

# Version 0.1.0 made no MACs: the first entries may have none, up to the first that has one and not past the first checkpoint.
gen=$(sed -n '1s|^counter-audit/[A-Za-z0-9_.-]*/\([0-9]*\)$|\1|p' "$newest")
may_lack=1
without=0
macs=0
has_macs=0
if [ -f macs.txt ]; then
  exec 5<macs.txt
  has_macs=1
elif [ -n "$mac_key" ]; then
  bad 0 missing-macs.txt
fi
mac_holds() {
  IFS= read -r mac <&5 || mac=
  if [ "$mac" = - ]; then
    without=$((without + 1))
    [ $may_lack -eq 1 ]
    return
  fi
  may_lack=0
  [ -n "$mac_key" ] || return 0
  case $1 in "{\"seq\":$seq,\"gen\":$gen,"*) ;; *) return 0 ;; esac
  macs=$((macs + 1))
  printf %s "$2" >"$work/hash"
  [ "$(openssl dgst -sm3 -mac HMAC -macopt "hexkey:$mac_key" -r "$work/hash" | cut -c1-64)" = "$mac" ]
}
end_epoch() {
  may_lack=0
  [ -n "$mac_key" ] || return 0
  case $1 in "{\"seq\":$seq,\"gen\":$gen,"*) ;; *) return 0 ;; esac
  { printf ratchet; write_hex "$mac_key"; } >"$work/ratchet"
  mac_key=$(openssl dgst -sm3 -r "$work/ratchet" | cut -c1-64)
}

# What is hashed for each entry goes to a file of its own, a few hundred to one call of openssl.
exec 3<audit.jsonl 4<chain.txt
previous=0000000000000000000000000000000000000000000000000000000000000000
seq=0
: >"$work/first"
check_batch() {
  (cd "$work/batch" && openssl dgst -sm3 -r ./*) >"$work/digests" 2>/dev/null
  while read -r digest name; do
    number=${name##*/}
    number=${number##*[!0-9]}
    read -r stated <"$work/stated/$number"
    if [ "$digest" != "$stated" ]; then
      echo "$number" | sed 's/^0*//' >"$work/first"
      break
    fi
  done <"$work/digests"
  [ -s "$work/first" ] && bad "$(cat "$work/first")" changed
  rm -rf "$work/batch" "$work/stated"
  mkdir "$work/batch" "$work/stated"
}
mkdir "$work/batch" "$work/stated"
in_batch=0
while :; do
  more=1
  IFS= read -r line <&3 || more=0
  IFS= read -r stated <&4 || stated=
  if [ -z "$stated" ] && [ $more -eq 0 ]; then break; fi
  seq=$((seq + 1))
  if [ $more -eq 0 ]; then check_batch; bad $seq truncated; fi
  case $line in "{\"seq\":$seq,"*) ;; *) check_batch; bad $seq changed ;; esac
  case $line in
    *'\u00'[2-7]* | *'"signature":"'* | *'"type":"access.signs"'* | *'"type":"scan.verdict"'* | *'"type":"notice.given"'* | *'"type":"copy.'*)
      person_holds "$line" || persons=bad
      ;;
  esac
  number=$(printf %09d $seq)
  printf 'fd-audit-v1\n%s\n%s\n' "$previous" "$line" >"$work/batch/$number"
  printf '%s\n' "$stated" >"$work/stated/$number"
  previous=$stated
  if [ $persons = bad ]; then check_batch; bad $seq signature; fi
  if [ $has_macs -eq 1 ] && ! mac_holds "$line" "$stated"; then check_batch; bad $seq mac; fi
  for file in "checkpoints/$number.txt"; do
    [ -f "$file" ] && { check_head=1; } || check_head=0
  done
  in_batch=$((in_batch + 1))
  if [ $check_head -eq 1 ] || [ $in_batch -ge 500 ]; then
    check_batch
    in_batch=0
  fi
  if [ $check_head -eq 1 ]; then
    { IFS= read -r origin; IFS= read -r size; IFS= read -r root; read -r head rest; } <"$file"
    case $origin in counter-audit/*/*) ;; *) bad $seq checkpoint ;; esac
    if [ "$size" != "$seq" ] || [ "$head" != "$stated" ] || ! signed "$file" "checkpoints/$number.sig"; then bad $seq checkpoint; fi
    end_epoch "$line"
  fi
done
check_batch
# A key that no MAC was held against proves nothing.
if [ -n "$mac_key" ] && [ $macs -eq 0 ]; then bad 1 mac; fi

# What the audit centre countersigned: its text is a heading, a time, and the checkpoint of that number.
anchored=0
for file in countersigned/*.txt; do
  [ -f "$file" ] || continue
  number_of "$file" || bad 0 countersignature
  number=$base
  base=countersigned/$number
  { IFS= read -r heading; IFS= read -r time; } <"$file"
  [ -f "checkpoints/$number.txt" ] || bad "$size" countersignature
  { printf 'counter-countersigned\n%s\n' "$time"; cat "checkpoints/$number.txt"; } >"$work/expected"
  cmp -s "$work/expected" "$file" || bad "$size" countersignature
  openssl dgst -sm3 -verify "$base.pub" -sigopt distid:$id -signature "$base.sig" "$file" >/dev/null 2>&1 || bad "$size" countersignature
  openssl pkey -pubin -in "$base.pub" -outform DER 2>/dev/null | tail -c 65 >"$work/point"
  centre=$(openssl dgst -sm3 -r "$work/point" | cut -c1-16)
  if [ -n "$platform" ] && [ "$(printf %s "$platform" | tr -d - | tr A-F a-f)" != "$centre" ]; then bad "$size" platform; fi
  echo "countersigned $size $centre"
  anchored=$size
done
if [ -n "$platform" ] && [ "$anchored" -eq 0 ]; then bad 0 platform; fi

signed MANIFEST MANIFEST.sig || bad 0 manifest
# Up to the first line that names no file here; the digests before it are compared first.
end=
: >"$work/said"
: >"$work/names"
: >"$work/found"
while IFS= read -r said; do
  digest=${said%%  *}
  name=${said#*  }
  case $name in *..* | /* | *[!A-Za-z0-9_./-]* | '') end=manifest ;; *) [ -f "$name" ] || end=missing-$name ;; esac
  case $digest in *[!0-9a-f]*) end=manifest ;; esac
  [ -z "$end" ] || break
  printf '%s *%s\n' "$digest" "$name" >>"$work/said"
  echo "$name" >>"$work/names"
done <MANIFEST
[ ! -s "$work/names" ] || xargs openssl dgst -sm3 -r <"$work/names" >"$work/found" 2>/dev/null
exec 6<"$work/found"
while IFS= read -r said; do
  IFS= read -r found <&6 || found=
  [ "$said" = "$found" ] || bad 0 "file-${said#* \*}"
done <"$work/said"
[ -z "$end" ] || bad 0 "$end"
echo "key $finger"
[ $without -eq 0 ] || echo "without MAC $([ $without -eq 1 ] || echo 1-)$without"
[ $macs -eq 0 ] || echo "MACs checked $macs"
[ $people -gt 0 ] && echo "signed by people $people"
echo "OK $seq"
