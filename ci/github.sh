#!/usr/bin/env bash
# What the action runs: compares the pull request with its base (or lists all jobs where there is none), keeps the comment,
# writes summary, outputs and SARIF. Every input comes by the environment, so no word of a pull request is ever part of a command.
set -uo pipefail

run() {
  if [ -n "${FLOPWISE_COMMAND:-}" ]; then "$FLOPWISE_COMMAND" "$@"; else npx --yes "flopwise@${FLOPWISE_VERSION:-latest}" "$@"; fi
}
say() { printf '%s=%s\n' "$1" "$2" >> "${GITHUB_OUTPUT:-/dev/null}"; }

temp=${RUNNER_TEMP:-$(mktemp -d)}
report="$temp/flopwise.md"
options=(--cache "$temp/flopwise-cache" --fail-on "${FLOPWISE_FAIL_ON:-error}")
[ -z "${FLOPWISE_CONFIG:-}" ] || options+=(--config "$FLOPWISE_CONFIG")
[ -z "${FLOPWISE_ACCELERATOR:-}" ] || options+=(--accelerator "$FLOPWISE_ACCELERATOR")
path=${FLOPWISE_PATH:-.}

event() {
  node -e 'const { pull_request: pull } = JSON.parse(require("fs").readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"));
    const value = { base: pull?.base?.sha, number: pull?.number }[process.argv[1]]; if (value) console.log(value)' "$1" 2> /dev/null
}
base=${FLOPWISE_BASE:-$(event base)}
number=$(event number)

if [ -n "$base" ]; then
  # A shallow clone lacks the base; one commit of it is enough.
  git cat-file -e "$base^{commit}" 2> /dev/null || git fetch --quiet --no-tags --depth=1 origin "$base" || exit 2
  run diff "$base" --path "$path" --format markdown "${options[@]}" > "$report"
else
  run scan "$path" --format markdown "${options[@]}" > "$report"
fi
code=$?
case $code in 0) result=fine ;; 1) result=findings ;; *) result=failed ;; esac
say result "$result"
say report "$report"

if [ "$result" != failed ]; then
  cat "$report" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
  if [ -n "${FLOPWISE_SARIF:-}" ]; then
    run scan "$path" --format sarif "${options[@]}" --fail-on never > "$FLOPWISE_SARIF" && say sarif "$FLOPWISE_SARIF"
  fi
  if [ "${FLOPWISE_COMMENT:-true}" = true ] && [ -n "$number" ]; then
    # The token of a pull request from a fork may only read: the summary still has the report, and the check its verdict.
    run comment "$report" --forge github --pr "$number" ||
      echo "::warning title=Flopwise::The comment could not be kept; the summary of this run has the report."
  fi
fi
exit "$code"
