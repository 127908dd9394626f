# shellcheck shell=bash
# How ./test --asan and --tsan build and run. Sourced, after deploy/build/prepare.sh.

# choose_sanitizer address|thread: what `compile` builds from now on, and how its programs run.
choose_sanitizer() {
  local suppressions=$PWD/tests/sanitizers
  case $1 in
    address) build_folder=build-asan ;;
    thread) build_folder=build-tsan ;;
  esac
  build_options=("-DTSUNAGU_SANITIZE=$1")
  reports=$PWD/$build_folder/reports
  # Into files: servers that a test starts say it there too, also those that the test kills.
  local common="log_path=$reports/report:log_exe_name=1"
  export ASAN_OPTIONS="$common:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
  export LSAN_OPTIONS="suppressions=$suppressions/leak.txt:print_suppressions=0"
  export UBSAN_OPTIONS="$common:print_stacktrace=1:halt_on_error=1"
  export TSAN_OPTIONS="$common:ignore_noninstrumented_modules=1:suppressions=$suppressions/thread.txt:print_suppressions=0:second_deadlock_stack=1:history_size=4"
}

# test_under_sanitizer [ctest argument...]: fails on a failed test and on any report. What has no code of ours in it
# (checks of the sources, the client in Node) is left to ./test.
test_under_sanitizer() {
  rm -rf "$reports"
  mkdir -p "$reports"
  # ThreadSanitizer of GCC 12 does not know the addresses that newer kernels give.
  local failed=0 fixed_addresses=()
  ! setarch -R true 2>/dev/null || fixed_addresses=(setarch -R)
  "${fixed_addresses[@]}" ctest --test-dir "$build_folder" -j2 --output-on-failure --no-tests=error \
    -E '^(check_.*|clients)$' "$@" || failed=1
  local found
  mapfile -t found < <(find "$reports" -type f | sort)
  if ((${#found[@]})); then
    head -n 80 "${found[@]}"
    fail "検査器の報告があります: $reports" "The sanitizer has reported: $reports"
  fi
  return "$failed"
}
