#!/usr/bin/env bash
# On a build machine: puts the signing keys where packaging/installers/macos.py looks for them.
#
#   APPLE_CERTIFICATE            a .p12, in base64
#   APPLE_CERTIFICATE_PASSWORD   its password
#   APPLE_IDENTITY               its name: "Developer ID Application: …"
#   APPLE_KEY                    a .p8 of App Store Connect, in base64, for notarizing
#   APPLE_KEY_ID, APPLE_ISSUER   its id, and whose it is
#
# Without a certificate it says so and ends well. Nothing of them is printed; all lies below
# RUNNER_TEMP, which the machine throws away.
set -euo pipefail
umask 077

if [ -z "${APPLE_CERTIFICATE:-}" ]; then
    echo "There is no certificate of Apple's here; the program is signed by nobody."
    exit 0
fi
keychain="$RUNNER_TEMP/signing.keychain-db"
password=$(openssl rand -hex 24)
echo "::add-mask::$password"
certificate="$RUNNER_TEMP/certificate.p12"
printf '%s' "$APPLE_CERTIFICATE" | base64 --decode > "$certificate"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$certificate" -k "$keychain" -P "$APPLE_CERTIFICATE_PASSWORD" \
    -f pkcs12 -T /usr/bin/codesign > /dev/null
rm -f "$certificate"
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" > /dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
echo "CHASKI_APPLE_IDENTITY=$APPLE_IDENTITY" >> "$GITHUB_ENV"

if [ -n "${APPLE_KEY:-}" ]; then
    key="$RUNNER_TEMP/connect.p8"
    printf '%s' "$APPLE_KEY" | base64 --decode > "$key"
    {
        echo "CHASKI_APPLE_KEY=$key"
        echo "CHASKI_APPLE_KEY_ID=$APPLE_KEY_ID"
        echo "CHASKI_APPLE_ISSUER=$APPLE_ISSUER"
    } >> "$GITHUB_ENV"
fi
