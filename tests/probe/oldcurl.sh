#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
# oldcurl.sh MINOR CURL ARGUMENTS: makes a curl of version 7.MINOR of this machine's CURL. What it did not know then it
# refuses, or complains of as it did then.
minor=$1
real=$2
shift 2
previous=
complaint=
for a; do
  shift
  case $a in
    -V) echo "curl 7.$minor.0 (x86_64-pc-linux-gnu) libcurl/7.$minor.0"; exit 0 ;;
    --rate) [ "$minor" -ge 84 ] || { echo 'curl: option --rate: is unknown' >&2; exit 2; } ;;
  esac
  case $previous$a in
    --max-time*.* | --connect-timeout*.*)
      [ "$minor" -ge 32 ] || { echo "curl: option $previous: expected a proper numerical parameter" >&2; exit 2; } ;;
    -w*)
      for name in exitcode errormsg; do
        case $a in
          *"%{$name}"*)
            [ "$minor" -ge 75 ] || { a=$(printf '%s' "$a" | sed "s/%{$name}//"); complaint="curl: unknown --write-out variable: '$name'"; } ;;
        esac
      done ;;
  esac
  set -- "$@" "$a"
  previous=$a
done
"$real" "$@"
code=$?
[ -z "$complaint" ] || echo "$complaint" >&2
exit "$code"
