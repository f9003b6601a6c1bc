# shellcheck shell=bash
# ./das bench: runs the benchmarks. Sourced by the launcher, when everything is built.

cd -- "$root"
# The benchmarks build parts of themselves anew: with this SDK, and for the backends chosen.
export PATH=${dotnet%/*}:$PATH Torch=$torch Plot=$plot
exec "$dotnet" run --no-build -c Release --project tests/DasSearch.Benchmarks -- "$@"
