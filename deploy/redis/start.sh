#!/bin/sh
# Starts a Redis that knows one user, captionbot, and what that user may do: see users.acl.
#
#   REDIS_PASSWORD=… deploy/redis/start.sh [redis.conf [options of redis-server…]]
#
# REDIS_PASSWORD_FILE names a file with the password instead. The file of users goes to
# REDIS_RUN_DIR (/run/captionbot-redis), which must be writable and should be in memory; it holds a
# hash of the password. The password itself is on no command line and not in the server's
# environment.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
configuration=${1:-$here/redis.conf}
[ $# -eq 0 ] || shift
users=${REDIS_RUN_DIR:-/run/captionbot-redis}/users.acl

password=${REDIS_PASSWORD:-}
if [ -z "$password" ] && [ -n "${REDIS_PASSWORD_FILE:-}" ]; then
    password=$(cat "$REDIS_PASSWORD_FILE")
fi
if [ "${#password}" -lt 16 ]; then
    echo "start.sh: set REDIS_PASSWORD to 16 characters or more; openssl rand -hex 32 makes a good one" >&2
    exit 2
fi
hash=$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)
unset REDIS_PASSWORD password

umask 077
sed -e '/^#/d' -e '/^$/d' "$here/users.acl" |
    sed -e ':more' -e 'N' -e '$!b more' -e 's/\n  */ /g' -e "s/@PASSWORD_SHA256@/$hash/" >"$users"

exec redis-server "$configuration" --aclfile "$users" "$@"
