# Sourced by the scripts beside it: builds the project when needed, then runs one of its main classes.
# Usage: . "$(dirname "$0")/.java"; run_main io.pveha.app.SomeMain "$@"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Whether the compiled classes and the class path are there and newer than all they are made from.
is_built() {
  local stamp=$root/target/classpath.txt
  [[ -d $root/target/classes/io/pveha && -d $root/target/test-classes/io/pveha && -s $stamp ]] || return 1
  [[ -z $(find "$root/pom.xml" "$root/src/main" "$root/src/tryout" -newer "$stamp" -type f -print -quit) ]]
}

build() {
  local maven=${MVN:-mvn} log=$root/target/build.log
  command -v "$maven" >/dev/null || {
    echo "Maven is needed to build the project, and '$maven' is not there; set MVN to its path." >&2
    exit 69
  }
  mkdir -p "$root/target"
  if command -v flock >/dev/null; then
    exec 9>"$root/target/build.lock"
    flock 9
    is_built && return # by whoever held the lock
  fi
  echo "Building (once; log in target/build.log) ..." >&2
  if ! (cd "$root" && "$maven" -B -q -DskipTests package) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "The build failed; see target/build.log." >&2
    exit 70
  fi
  touch "$root/target/classpath.txt"
  exec 9>&-
}

# run_main CLASS ARGUMENT...: replaces the shell by Java, so that signals reach the program itself.
run_main() {
  local main=$1
  shift
  is_built || build
  local java=java
  [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]] && java=$JAVA_HOME/bin/java
  command -v "$java" >/dev/null || {
    echo "Java 17 is needed, and 'java' is not there; set JAVA_HOME." >&2
    exit 69
  }
  # The try-out is compiled beside the tests.
  # shellcheck disable=SC2086 # JAVA_OPTS is a list of words
  exec "$java" ${JAVA_OPTS:-} -cp "$root/target/test-classes:$root/target/classes:$(<"$root/target/classpath.txt")" "$main" "$@"
}
