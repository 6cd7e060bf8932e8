#!/bin/sh
# Installs what the tests need beside Python packages, where it is missing: Debian's Redis,
# espeak-ng, Chromium, Prometheus and nginx. Needs root (or sudo) only if something is missing.
set -eu

missing="" services=""
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server" services="redis-server"
command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-dejavu-core"
# Fonts of the attention pictures.
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
[ -e /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf ] ||
    missing="$missing fonts-droid-fallback"
command -v prometheus >/dev/null 2>&1 ||
    missing="$missing prometheus" services="$services prometheus"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] ||
    missing="$missing nginx" services="$services nginx"
[ -n "$missing" ] || exit 0

echo "installing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "please install these as root, then run make again: apt-get install$missing" >&2
        exit 1
    }
    as_root="sudo"
fi

# Debian starts what it installs, now and at each boot, with ports open to others. The tests start
# their own; so these are kept from it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}
apt update
# shellcheck disable=SC2086 # a list of words
apt install --yes --no-install-recommends $missing >/dev/null
for service in $services; do
    $as_root systemctl --quiet disable "$service" >/dev/null 2>&1 || true # where there is no systemd
done
