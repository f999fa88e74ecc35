#!/bin/sh
# Unpacks Virtuoso 7 from Debian's packages into a folder and installs nothing: sh tests/integration/fetch_virtuoso.sh DIR
# Then: VIRTUOSO_HOME=DIR python -m pytest tests/test_servers.py tests/test_publish.py
set -eu
mkdir -p "${1:?name a folder}"
cd "$1"
apt-get download virtuoso-opensource-7-bin virtuoso-opensource-7-common virtuoso-opensource-7 \
    libminizip1 libpcre3 libwbxml2-1 libldap-2.5-0
for package in *.deb; do
    dpkg -x "$package" .
done
test -x usr/bin/virtuoso-t
