# shellcheck shell=bash
# ./das test: runs every test project, two at a time in the order of the solution, the longest first, and ends with one line of totals.
# Sourced by the launcher, when everything is built.

cd -- "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

status=0
"$dotnet" test DasSearch.sln -c Release --no-build -m:2 "-p:Torch=$torch" "$@" | tee "$state/test.log" ||
  status=$?

# Each project's summary reads "Passed! - Failed: 0, Passed: 5, Skipped: 0, Total: 5, …"; a detailed console logger
# writes a line for each of these that is not 0.
awk '
  function count(label) { return match($0, label ": *[0-9]+") ? substr($0, RSTART + length(label) + 1, RLENGTH - length(label) - 1) + 0 : 0 }
  /Failed: *[0-9]+, Passed: *[0-9]+, Skipped: *[0-9]+/ || /^ *(Failed|Passed|Skipped): *[0-9]+ *$/ {
    failed += count("Failed"); passed += count("Passed"); skipped += count("Skipped")
  }
  END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
' "$state/test.log"
exit "$status"
