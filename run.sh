#!/bin/sh
# run.sh [notebook]: start the containers, the page on port 5000 and, if asked for, the notebook on port 8887.
# compose.yaml tells the settings; "docker compose down" stops all, and keeps the data.
# ENGINE: docker or podman.
set -eu
cd "$(dirname "$0")"
engine=${ENGINE:-$(command -v docker || command -v podman || true)}
[ -n "$engine" ] || {
    echo "run.sh: neither docker nor podman is installed" >&2
    exit 1
}
case ${1:-} in
'') profile= ;;
notebook) profile="--profile notebook" ;;
*)
    echo "usage: run.sh [notebook]" >&2
    exit 2
    ;;
esac
"$engine" compose $profile up --detach --wait
address=${EMOSER_ADDRESS:-127.0.0.1}
echo "emoser: http://$address:5000/"
if [ -z "${EMOSER_WEB_TOKEN:-}" ]; then
    echo "with the token for training and deploying that this shows:  $engine compose logs web"
fi
if [ -n "$profile" ]; then
    echo "notebook: http://$address:8887/, with the token that this shows:  $engine compose logs notebook"
fi
