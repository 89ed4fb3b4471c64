#!/usr/bin/env bash
# kaohe beside DuckDB and polars-python on the same generated month, in one session, two threads each.
#
#   benches/peers/run.sh ROWS PEERS_DIR WORK_DIR
#
# PEERS_DIR holds the generator and the peers' scripts (gen.py, duck.py, duckfast.py, pl.py, plfast.py); a python with
# duckdb, polars, pandas, pyarrow and numpy must be first on PATH. Prints, for each step, wall seconds, CPU seconds and peak MB.
set -euo pipefail
rows=${1:?rows} peers=$(realpath "${2:?folder of the peers}") work=${3:?folder to work in}
here=$(cd "$(dirname "$0")" && pwd)
kaohe=${KAOHE:-$(cd "$here/../.." && cargo build --release --quiet && printf '%s/release/kaohe' "${CARGO_TARGET_DIR:-$here/../../target}")}
mkdir -p "$work" && cd "$work"
data=d$rows
[ -s "$data/meta.json" ] || python "$peers/gen.py" "$rows" "$data"

timed() { # label, command…
    local label=$1; shift
    /usr/bin/time -f "%e %U %S %M" -o time.txt "$@" > "log-$label.txt" 2>&1 || { cat "log-$label.txt"; exit 1; }
    awk -v l="$label" '{printf "%-24s %8.2f s %8.2f s of CPU %8.0f MB\n", l, $1, $2 + $3, $4 / 1024}' time.txt
}

# kaohe reads the same CSV through source mappings of its own.
project=kaohe-$rows
rm -rf "$project" && "$kaohe" init "$project" --quiet
cp "$here"/sources/*.toml "$project/pipelines/sources/"
for file in "$data"/csv/*.csv "$data/orders.csv"; do ln -sf "$(realpath "$file")" "$project/data/raw/$(basename "$file")"; done

# Every account belongs to somebody, as it would.
python - "$project/data/raw" <<'PY'
import sys
raw = sys.argv[1]
accounts = [(f"旗舰店{s:02d}", f"旗舰店{s:02d}:客服{a:02d}", f"P{s:02d}{a:02d}") for s in range(12) for a in range(24)]
with open(f"{raw}/accounts.csv", "w") as f:
    f.write("shop,account,staff_id,valid_from,valid_to\n" + "".join(f"{s},{a},{p},,\n" for s, a, p in accounts))
with open(f"{raw}/roster.csv", "w") as f:
    f.write("staff_id,name,role,team,supervisor_id,joined_on,left_on,valid_from,valid_to\n")
    f.write("".join(f"{p},{p},customer_service,{s},,,,,\n" for s, _, p in accounts))
PY

timed kaohe-ingest "$kaohe" ingest --pipeline "$project/pipelines/monthly.toml" --threads 2
timed duckdb-ingest python "$peers/duck.py" "$data" "o${rows}_duck" ingest
timed polars-ingest python "$peers/pl.py" "$data" "o${rows}_pl" ingest
for round in 1 2 3; do
    rm -rf "$project/data/mart"
    timed "kaohe-compute-$round" "$kaohe" compute --pipeline "$project/pipelines/monthly.toml" --month 2024-10 --threads 2
    timed "duckdb-tuned-$round" python "$peers/duckfast.py" "$data" "o${rows}_duckfast" all
    timed "polars-tuned-$round" python "$peers/plfast.py" "$data" "o${rows}_plfast" all
done
