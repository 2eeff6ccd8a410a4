#!/usr/bin/env bash
# Makes an authority and one certificate per service for trying TLS out: deploy/tls/make-certificates.sh FOLDER
# For production take certificates from your own authority.
set -euo pipefail
folder=${1:?folder for the certificates}
mkdir -p "$folder"
cd "$folder"
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=foresell-authority" \
  -keyout authority.key -out authority.pem 2>/dev/null
for service in feature-store training inference gateway; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$service" \
    -keyout "$service.key" -out "$service.csr" 2>/dev/null
  openssl x509 -req -in "$service.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 90 \
    -extfile <(printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1' "$service") -out "$service.pem" 2>/dev/null
  rm "$service.csr"
done
echo "authority.pem and a .pem/.key pair per service are in $PWD"
