#!/bin/sh
# What the tests need beyond Python: a browser for the pages, readers for the files.
# Installs Debian's packages when it may; says which one is missing when it may not.
set -eu

missing=""
need() { # need PACKAGE COMMAND...
    package=$1
    shift
    for command in "$@"; do
        command -v "$command" >/dev/null 2>&1 && return 0
    done
    missing="$missing $package"
}

need chromium chromium chromium-browser google-chrome
need poppler-utils pdftoppm
need gdal-bin ogrinfo
need libreoffice-impress soffice
need nginx-light nginx /usr/sbin/nginx
# the tests start servers of their own (RUNLEVEL=1, below: Debian's is not started)
need postgresql-15 /usr/lib/postgresql/15/bin/postgres
[ -f /usr/share/postgresql/15/extension/postgis.control ] || missing="$missing postgresql-15-postgis-3"
# the driver of the browser asks for it, and a bare Debian lacks it
/sbin/ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || missing="$missing libatomic1"

run=""
[ "$(id -u)" = 0 ] || run="sudo -n"
add() { $run env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

# Chromium without its windows: the pages take a seventh less of the processor. Whatever the
# machine has is enough when it may not be added.
lighter() {
    command -v chromium-headless-shell >/dev/null 2>&1 ||
        add --no-remove chromium-headless-shell 2>/dev/null || true
}

if [ -z "$missing" ]; then
    lighter
    exit 0
fi
missing="$missing fonts-liberation" # a bare machine has no font for what a page does not bring

if command -v apt-get >/dev/null 2>&1 && $run apt-get update -qq && add $missing; then
    lighter
    exit 0
fi
echo "Les essais ont besoin de paquets que voici, à installer à la main :$missing" >&2
exit 1
