#!/bin/sh
# Builds an image of deploy/Dockerfile, and runs it as the compose file does, where there is neither
# a Docker engine nor an image registry: with Podman, and with a clean Debian from debootstrap in the
# place of the python image.
#
#   deploy/check-dockerfile.sh [bot | run | worker-cpu | worker-gpu] [options of podman build…]
#
# Without a target it builds bot. Needs root, Debian's packages podman, runc and debootstrap, a Debian
# mirror and PyPI, and some minutes; with torch (worker-gpu, or --build-arg CPU_ENGINE=torch) 15 GB of
# disk as well. PyTorch's own index is not asked unless you add
# --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cpu.
# All of it lies in a folder of its own, which is removed at the end; CHECK_DIR says where and
# keeps the clean Debian for the next time.
set -eu

target=${1:-bot}
[ $# -eq 0 ] || shift
root=$(cd "$(dirname "$0")/.." && pwd)
suite=bookworm
stand_in=localhost/captionbot-check/python:3.11
image=localhost/captionbot-check/$target

say() { printf '== %s\n' "$*"; }

[ "$(id -u)" -eq 0 ] || { echo "check-dockerfile.sh: run it as root" >&2; exit 2; }
for program in podman runc debootstrap; do
    command -v "$program" >/dev/null || {
        echo "check-dockerfile.sh: install $program first (apt-get install $program)" >&2
        exit 2
    }
done

if [ -n "${CHECK_DIR:-}" ]; then
    work=$CHECK_DIR
    mkdir -p "$work"
else
    work=$(mktemp -d)
fi
running=
# Podman's storage is a folder of ours too, so that no image of this machine is touched.
engine() { podman --root "$work/storage" --runroot "$work/run" --cgroup-manager cgroupfs \
    --runtime runc "$@"; }
clean_up() {
    [ -z "$running" ] || engine rm --force --time 5 "$running" >/dev/null
    engine system reset --force >/dev/null 2>&1 || true
    [ -n "${CHECK_DIR:-}" ] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [ ! -f "$work/debian.tar" ]; then
    say "a clean Debian ($suite) with Python 3.11"
    rm -rf "$work/debian"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$work/debian" >"$work/log" ||
        { tail "$work/log" >&2; exit 1; }
    DEBIAN_FRONTEND=noninteractive chroot "$work/debian" apt-get install --yes -qq \
        --no-install-recommends python3.11 python3.11-venv python3-pip >"$work/log" 2>&1 ||
        { tail "$work/log" >&2; exit 1; }
    tar -C "$work/debian" --one-file-system -cf "$work/debian.tar" .
    rm -rf "$work/debian"
fi
engine import --quiet "$work/debian.tar" "$stand_in" >/dev/null

# How this machine reaches its package index is this machine's business: the build borrows it.
set -- --volume /etc/ssl/certs:/etc/ssl/certs:ro "$@"
for file in /etc/pip.conf /etc/xdg/pip "$HOME/.config/pip"; do
    [ ! -e "$file" ] || set -- --volume "$file:$(echo "$file" | sed "s#^$HOME/#/root/#"):ro" "$@"
done

say "building $target"
engine build --isolation chroot --network host --file "$root/deploy/Dockerfile" --target "$target" --tag "$image" \
    --format docker --layers=false --build-arg "PYTHON_IMAGE=$stand_in" --build-arg TORCH_INDEX= "$@" "$root"
engine image inspect --format 'user {{.Config.User}}, {{.Size}} bytes' "$image"

# Without root, without capabilities, on a file system that cannot be written to.
confined="--user 10001:10001 --read-only --cap-drop=ALL --security-opt=no-new-privileges \
    --tmpfs /tmp --network host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024"

say "what is in it"
# shellcheck disable=SC2086 # a list of options
engine run --rm --no-healthcheck $confined --entrypoint python3.11 "$image" -c '
import importlib.util, os, pathlib
there = lambda name: importlib.util.find_spec(name) is not None
assert os.getuid() == 10001, os.getuid()
assert not any((pathlib.Path("/opt/captionbot") / name).exists() for name in (".env", "tests"))
try:
    pathlib.Path("/opt/captionbot/mark").touch()
except OSError as error:
    print("the file system:", error.strerror)
else:
    raise SystemExit("the file system can be written to")
print("torch" if there("torch") else "no torch", "OpenVINO" if there("openvino") else "no OpenVINO",
    "pip" if there("pip") else "no pip", sep=", ")'
# shellcheck disable=SC2086 # a list of options
engine run --rm --no-healthcheck $confined "$image" --help >/dev/null
if [ "$target" != bot ]; then
    say "a caption"
    # shellcheck disable=SC2086 # a list of options
    engine run --rm --no-healthcheck $confined --env CAPTIONBOT_DEVICE=cpu --entrypoint sh "$image" -c '
        python3.11 -c "from PIL import Image; Image.new(\"RGB\", (320, 240), \"green\").save(\"/tmp/meadow.png\")"
        captionbot caption /tmp/meadow.png'
fi

case $target in
    bot) set -- web ;;
    *) set -- "$target" ;;
esac
case $1 in worker-*) set -- worker ;; esac
say "captionbot $1"
# There is no Redis here, so a role alone is alive and not ready.
# shellcheck disable=SC2086 # a list of options
running=$(engine run --detach $confined --health-interval disable \
    --env CAPTIONBOT_METRICS_HOST=127.0.0.1 --env CAPTIONBOT_METRICS_PORT=19400 \
    --env CAPTIONBOT_WEB_HOST=127.0.0.1 --env CAPTIONBOT_WEB_PORT=18080 \
    --env CAPTIONBOT_DEVICE=cpu --env REDIS_URL="$([ "$1" = run ] || echo redis://127.0.0.1:1/0)" \
    "$image" "$1")
# The image's own health check, asked by hand: Podman would have systemd ask.
tries=0
until engine healthcheck run "$running" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ] || [ "$(engine inspect --format '{{.State.Running}}' "$running")" != true ]; then
        engine logs "$running"
        echo "check-dockerfile.sh: $target is not alive" >&2
        exit 1
    fi
    sleep 2
done
engine logs "$running"
say "alive; asked to stop"
engine stop --time 45 "$running" >/dev/null
status=$(engine inspect --format '{{.State.ExitCode}}' "$running")
say "ended with exit status $status"
[ "$status" -eq 0 ]
