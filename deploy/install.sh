#!/bin/sh
# Installs CaptionBot on one Debian or Ubuntu host, as services of systemd; see --help.
set -eu
umask 022

usage() {
    cat <<'END'
usage: deploy/install.sh [options]

Installs CaptionBot from this folder, or brings an installation up to date: run it again after
`git pull`. Everything that is there already is kept as it is. As root, on Debian 12 or Ubuntu 24.04
and newer.

  --roles LIST      what this host does, with commas: run (everything in one process, the default),
                    or any of web, telegram, discord, matrix, worker, which meet in two Redis servers of
                    their own on this host (one in memory for photos, one that keeps what people
                    chose), or in that of --redis-url-file
  --workers N       so many worker processes, 1 to 9 (default 1)
  --redis-url-file FILE
                    a file with the address of a Redis elsewhere, like
                    rediss://captionbot:PASSWORD@host:6379/0; in a file, for it holds a password
  --gpu             the model runs on an NVIDIA GPU, whose driver is installed already
  --torch           the model runs on torch on the CPU, several times slower than on OpenVINO, which
                    it is otherwise: for a checkpoint that OpenVINO cannot have, a Transformer
  --torch-index URL the same, with torch from there. By default from PyTorch's index of CPU builds
                    (200 MB, where PyPI's is 5 GB for its CUDA); `pypi` for PyPI
  --extras NAME     transformers or openai: the packages for a model that others made, of the Hugging
                    Face Hub or behind an address; see docs/models.md
  --no-start        install, but do not start or restart anything
  --uninstall       stop and remove the services and the program; settings and data stay
  --purge           with --uninstall: settings, data and users as well
  --dry-run         say what would be done, and do nothing
  -h, --help        this text

What goes where:
  /opt/captionbot/releases/…     the program, a virtual environment for each version; `current` is
                                 the one in use, and the one before is kept
  /etc/captionbot/captionbot.env the settings, which only root and the service may read
  /var/lib/captionbot-redis      what people chose; no photos
  /etc/systemd/system            the units captionbot-…

To go back to the version before: ln -sfn the older folder of /opt/captionbot/releases to
/opt/captionbot/current, then systemctl restart captionbot.target.
END
}

roles=run workers=1 redis_url_file='' gpu='' torch='' torch_index='' model='' start=yes uninstall='' purge='' dry=''
while [ $# -gt 0 ]; do
    case $1 in
    --roles) roles=${2:?--roles wants a list} && shift ;;
    --workers) workers=${2:?--workers wants a number} && shift ;;
    --redis-url-file) redis_url_file=${2:?--redis-url-file wants a file} && shift ;;
    --gpu) gpu=yes ;;
    --torch) torch=yes ;;
    --torch-index) torch_index=${2:?--torch-index wants an address, or pypi} torch=yes && shift ;;
    --extras) model=${2:?--extras wants a name} && shift ;;
    --no-start) start='' ;;
    --uninstall) uninstall=yes ;;
    --purge) purge=yes ;;
    --dry-run) dry=yes ;;
    -h | --help) usage && exit 0 ;;
    *) echo "install.sh: unknown option $1; --help says which there are" >&2 && exit 2 ;;
    esac
    shift
done

source=$(cd "$(dirname "$0")/.." && pwd)
opt=/opt/captionbot etc=/etc/captionbot units=/etc/systemd/system
settings=$etc/captionbot.env

fail() { echo "install.sh: $1" >&2 && exit 2; }
say() { printf '%s\n' "- $*"; }
# Does it, or says it with --dry-run.
do_() {
    if [ -n "$dry" ]; then printf '    %s\n' "$*"; else "$@"; fi
}
has() { case ",$roles," in *",$1,"*) true ;; *) false ;; esac }
with_systemd() { [ -d /run/systemd/system ]; }
systemctl_() { # what systemctl does to running services, where systemd runs
    if with_systemd; then do_ systemctl "$@"; fi
}

# --- before anything is changed

for role in $(echo "$roles" | tr , ' '); do
    case $role in
    run | web | telegram | discord | matrix | worker) ;;
    *) fail "--roles: there is no $role; it is run, or some of web, telegram, discord, matrix, worker" ;;
    esac
done
if has run && [ "$roles" != run ]; then fail "--roles: run is all of the others already"; fi
case $workers in [1-9]) ;; *) fail "--workers: a number from 1 to 9" ;; esac
case $model in
'' | transformers | openai) ;;
*) fail "--extras: it is transformers or openai, not $model" ;;
esac
[ -z "$purge" ] || [ -n "$uninstall" ] || fail "--purge goes with --uninstall"
[ -n "$dry" ] || [ "$(id -u)" -eq 0 ] || fail "run it as root (or with --dry-run)"
[ -z "$redis_url_file" ] || [ -r "$redis_url_file" ] || fail "$redis_url_file cannot be read"
for program in apt-get systemctl; do
    command -v $program >/dev/null ||
        fail "there is no $program: this is for Debian and Ubuntu with systemd; elsewhere see docs/operations.md"
done

own_redis='' wanted=''
if has run; then
    wanted=captionbot-run.service
    # It meets nobody there, but settings that name our Redis are kept, and wait for it.
    if grep -qs '^REDIS_URL=.*/run/captionbot-redis/' "$settings"; then own_redis=yes; fi
else
    [ -n "$redis_url_file" ] || own_redis=yes
    for role in web telegram discord matrix; do
        if has $role; then wanted="$wanted captionbot-$role.service"; fi
    done
    if has worker; then
        for number in $(seq "$workers"); do
            wanted="$wanted captionbot-worker@$number.service"
        done
    fi
fi
services="$wanted${own_redis:+ captionbot-redis.service captionbot-store.service}"

# --- away with it

if [ -n "$uninstall" ]; then
    say "stopping and removing the services"
    systemctl_ stop captionbot.target 'captionbot-*'
    for unit in "$units"/captionbot*; do
        [ -e "$unit" ] || continue
        case $(basename "$unit") in
        *.service | *.target)
            if with_systemd; then do_ systemctl --quiet disable "$(basename "$unit")" || true; fi
            ;;
        esac
        do_ rm -rf "$unit"
    done
    do_ rm -rf "$units/captionbot.target.wants" "$units/multi-user.target.wants/captionbot.target"
    systemctl_ daemon-reload
    say "removing the program"
    do_ rm -rf "$opt"
    if [ -n "$purge" ]; then
        say "removing settings, data and the user"
        do_ rm -rf "$etc" /var/lib/captionbot /var/lib/captionbot-redis
        if id captionbot >/dev/null 2>&1; then do_ userdel captionbot; fi
    else
        say "kept: $etc, /var/lib/captionbot-redis, the user captionbot"
    fi
    exit 0
fi

# --- Debian's packages

packages="ca-certificates"
python=''
for version in 3.11 3.12 3.13; do
    if [ -x "/usr/bin/python$version" ]; then python=python$version && break; fi
done
if [ -z "$python" ]; then
    python=$(apt-cache search --names-only '^python3\.1[123]$' | cut -d ' ' -f 1 | sort | head -n 1)
    [ -n "$python" ] || fail "there is no Python 3.11, 3.12 or 3.13 in this system's packages; apt-get update?"
fi
packages="$packages $python $python-venv"
if ! [ "$roles" = worker ]; then packages="$packages espeak-ng"; fi
# The letters of attention pictures.
if has run || has worker; then
    packages="$packages fonts-dejavu-core fonts-droid-fallback libfribidi0"
fi
fresh_redis=''
if [ -n "$own_redis" ]; then
    packages="$packages redis-server"
    command -v redis-server >/dev/null || fresh_redis=yes
fi
missing=''
for package in $packages; do
    dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
if [ -n "$missing" ]; then
    say "installing packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    do_ apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    do_ apt-get install --yes -qq --no-install-recommends $missing
    if [ -n "$fresh_redis" ]; then
        say "switching off the Redis that came with its package; CaptionBot's is another"
        do_ systemctl --quiet disable redis-server.service
        systemctl_ stop redis-server.service
    fi
fi

# --- who it runs as

if ! id captionbot >/dev/null 2>&1; then
    say "making the user captionbot"
    do_ useradd --system --user-group --home-dir /var/lib/captionbot --no-create-home \
        --shell /usr/sbin/nologin captionbot
fi

# --- the program

extras=otel
if has run || has web || has telegram || has discord || has matrix; then extras=bot,$extras; fi
if has run || has worker; then
    extras=${model:+$model,}$extras
    if [ -n "$gpu$torch" ]; then extras=worker,$extras; else extras=openvino,$extras; fi
fi
# A version is what it was made of: the same again is not installed twice.
made_of=$( (cd "$source" && find pyproject.toml constraints.txt bot captioner training -type f \
    ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum && echo "$extras $python $gpu") |
    sha256sum | cut -c 1-12)
release=$opt/releases/$made_of
if [ -e "$release/complete" ]; then
    say "this version is installed already: $release"
else
    say "installing the program: $release ($extras)"
    do_ rm -rf "$release"
    do_ mkdir -p "$opt/releases"
    do_ "/usr/bin/$python" -m venv "$release"
    pip() { do_ "$release/bin/pip" --disable-pip-version-check --quiet install "$@"; }
    case $extras in
    worker,* | *,transformers,*)
        if [ -z "$gpu" ] && [ "$torch_index" != pypi ]; then
            # Only torch from there: a second index for all could offer any of them.
            pip --no-deps --index-url "${torch_index:-https://download.pytorch.org/whl/cpu}" \
                --constraint "$source/constraints.txt" torch
        fi
        ;;
    esac
    # From a copy, so that building leaves nothing in this folder.
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    for part in pyproject.toml README.md LICENSE bot captioner training; do
        do_ cp -r "$source/$part" "$copy/"
    done
    pip --constraint "$source/constraints.txt" "${copy}[$extras]"
    do_ touch "$release/complete"
fi
before=$(readlink "$opt/current" 2>/dev/null || true)
if [ "$before" != "$release" ]; then
    do_ ln -sfn "$release" "$opt/current"
    for old in "$opt"/releases/*; do
        case $old in "$release" | "$before" | "$opt/releases/*") ;; *) do_ rm -rf "$old" ;; esac
    done
fi
restarted=$wanted
if [ -n "$own_redis" ]; then
    for file in start.sh redis.conf persistent.conf users.acl; do
        cmp -s "$source/deploy/redis/$file" "$opt/redis/$file" || restarted=$services
    done
    do_ mkdir -p "$opt/redis"
    do_ install -m 0755 "$source/deploy/redis/start.sh" "$opt/redis/"
    for file in redis.conf persistent.conf users.acl; do
        do_ install -m 0644 "$source/deploy/redis/$file" "$opt/redis/"
    done
fi

# --- the settings

do_ install -d -m 0750 -o root -g captionbot "$etc"
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
store_url() { printf 'CAPTIONBOT_STORE_URL=unix://captionbot:%s@/run/captionbot-store/redis.sock?db=0\n' "$1"; }
write_settings() (
    umask 077
    {
        cat "$source/.env.example"
        printf '\n\n# --- Written by install.sh\n\n'
        printf '# The ports of /health, /ready and /metrics on 127.0.0.1 are set in the units: run 9400,\n'
        printf '# web 9402, telegram 9403, discord 9404, matrix 9405, the workers 9411, 9412…\n\n'
        printf 'CAPTIONBOT_HASH_KEY=%s\n' "$(secret)"
        if [ -n "$gpu" ]; then echo CAPTIONBOT_DEVICE=cuda; fi
        if [ -n "$redis_url_file" ]; then
            printf 'REDIS_URL=%s\n' "$(cat "$redis_url_file")"
        elif [ -n "$own_redis" ]; then
            password=$(secret)
            printf %s "$password" >"$etc/redis-password"
            printf 'REDIS_URL=unix://captionbot:%s@/run/captionbot-redis/redis.sock?db=0\n' "$password"
            store_url "$password"
        fi
    } >"$settings.part"
    chown root:captionbot "$settings.part"
    chmod 0640 "$settings.part"
    mv "$settings.part" "$settings"
)
if [ ! -e "$settings" ]; then
    say "writing $settings"
    [ -n "$dry" ] || write_settings
elif [ -z "$dry" ] && ! has run && ! grep -q '^REDIS_URL=' "$settings"; then
    fail "$settings is kept as it is, and has no REDIS_URL, which these roles need: add one, or move the file away"
elif [ -n "$own_redis" ] && [ -z "$dry" ] && [ ! -e "$etc/redis-password" ]; then
    fail "$settings names a Redis, but $etc/redis-password is missing: put its password there, or give --redis-url-file"
fi
# Before 0.2.0 there was one Redis; what it keeps is the store's now.
if [ -n "$own_redis" ] && [ -z "$dry" ] && ! grep -q '^CAPTIONBOT_STORE_URL=' "$settings"; then
    say "adding CAPTIONBOT_STORE_URL to $settings"
    systemctl_ stop captionbot-redis.service # two servers must not have the same folder
    store_url "$(cat "$etc/redis-password")" >>"$settings"
fi
# `captionbot` reads .env where it is started, so that the services and you have the same settings.
do_ ln -sfn captionbot.env "$etc/.env"

# --- the services

say "installing the units: ${services# }"
for unit in "$source"/deploy/systemd/*.service "$source"/deploy/systemd/*.target; do
    do_ install -m 0644 "$unit" "$units/"
done
for drop_in in captionbot-.service.d/50-common.conf captionbot-redis.service.d/60-redis.conf \
    captionbot-store.service.d/60-store.conf; do
    do_ install -D -m 0644 "$source/deploy/systemd/$drop_in" "$units/$drop_in"
done
for drop_in in "$units/captionbot-run.service.d" "$units/captionbot-worker@.service.d"; do
    if [ -n "$gpu" ]; then
        do_ install -D -m 0644 "$source/deploy/systemd/gpu/60-gpu.conf" "$drop_in/60-gpu.conf"
    else
        do_ rm -f "$drop_in/60-gpu.conf"
    fi
done
systemctl_ daemon-reload
# Only links, so this works where systemd does not run, too.
for link in "$units"/captionbot.target.wants/*; do
    unit=$(basename "$link")
    case " captionbot.target $services * " in
    *" $unit "*) ;;
    *)
        say "switching off $unit, which is none of these roles"
        do_ systemctl --quiet disable "$unit"
        systemctl_ stop "$unit"
        ;;
    esac
done
# shellcheck disable=SC2086 # a list of words
do_ systemctl --quiet enable captionbot.target $services

if ! with_systemd; then
    say "systemd does not run here, so nothing is started: it will be at the next boot"
elif [ -n "$start" ]; then
    say "starting: $restarted"
    do_ systemctl start captionbot.target
    # shellcheck disable=SC2086 # a list of words
    do_ systemctl restart $restarted
else
    say "not started: systemctl restart captionbot.target does that"
fi
cat <<END

Next: put your tokens into $settings, then
  systemctl restart captionbot.target
  journalctl --unit 'captionbot-*' --follow
What is missing, and what to do about it:
  cd $etc && runuser --user captionbot -- $opt/current/bin/captionbot doctor
END
