# How the lake command is run; sourced by bin/lake of the archive, and by ./lake of the sources, which know $home.

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
if ! command -v "$java" > /dev/null; then
  echo "error JAVA_NOT_FOUND: no Java at '$java'." >&2
  echo "  Install a JDK 17, or set JAVA_HOME to one." >&2
  exit 3
fi

# Runs the command in this process: its class path; the folder of lake.classpath, where the JVM's archive of classes
# comes; a project to make that with; the folder of the log; the arguments.
run_lake() {
  local classpath=$1 classes=$2 example=$3 log=$4
  shift 4

  # What runs in batch beside the stream leaves the processors to it: a starting JVM alone makes it seconds late.
  local nice=
  case "${1:-}" in backfill | maintain | schedule) nice="nice -n 10" ;; esac

  mkdir -p "$log"
  local run=("$java" "@$home/conf/jvm.options" -Xmx2g -XX:+UseParallelGC -XX:TieredStopAtLevel=1
    -XX:ReservedCodeCacheSize=240m "-Xlog:cds*=off" "-Dlake.home=$home" "-Dlake.log=$log/lake.log" -Duser.timezone=UTC)
  local command=(-cp "$classpath" io.tidelake.cli.Lake)

  # The classes of short commands as the JVM keeps them in memory: it starts in half the time. Without it, it only is slower.
  local archive="$classes/lake.jsa"
  if { [ ! -f "$archive" ] || [ "$classes/lake.classpath" -nt "$archive" ]; } && [ -w "$classes" ]; then
    "${run[@]}" -XX:ArchiveClassesAtExit="$archive.$$" "${command[@]}" status --project "$example" > /dev/null 2>&1 < /dev/null || true
    # An empty one says that it was tried.
    mv "$archive.$$" "$archive" 2> /dev/null || : > "$archive" || true
  fi
  [ ! -s "$archive" ] || run+=(-XX:SharedArchiveFile="$archive")

  exec $nice "${run[@]}" "${command[@]}" "$@"
}
