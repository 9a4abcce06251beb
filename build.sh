#!/bin/sh
# Build the images emoser-database, emoser-web and emoser-notebook.  ENGINE: docker or podman.
set -eu
cd "$(dirname "$0")"
engine=${ENGINE:-$(command -v docker || command -v podman || true)}
[ -n "$engine" ] || {
    echo "build.sh: neither docker nor podman is installed" >&2
    exit 1
}
for target in database web notebook; do
    "$engine" build --target "$target" --tag "emoser-$target" .
done
