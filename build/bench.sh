# shellcheck shell=bash
# ./das bench: runs the benchmarks. Sourced by the launcher, when everything is built.

cd -- "$root"
# The benchmarks build parts of themselves anew: with this SDK, and for the package chosen.
export PATH=${dotnet%/*}:$PATH Torch=$torch
exec "$dotnet" run --no-build -c Release --project tests/DasSearch.Benchmarks -- "$@"
