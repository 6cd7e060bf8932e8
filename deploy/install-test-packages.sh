#!/bin/sh
# Installs what the tests need beside Python packages, where it is missing: Debian's Redis and
# Chromium. Needs root (or sudo) only if something is missing.
set -eu

missing=""
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-dejavu-core"
[ -z "$missing" ] && exit 0

echo "installing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "please install these as root, then run make again: apt-get install$missing" >&2
        exit 1
    }
    as_root="sudo"
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# Debian starts a Redis of its own when it is installed; the tests start theirs, so it need not run.
# shellcheck disable=SC2086 - a list of words
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
