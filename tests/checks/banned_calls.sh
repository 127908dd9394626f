#!/usr/bin/env bash
# What must not be written, and why.
set -euo pipefail
# shellcheck source=tests/checks/sources.sh
source "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
enter_tree "$@"

all=$(code)

# find_code <regex of files> <regex>: lines of code that match. outside <regex of files>: leaves those out.
find_code() { grep -P "^$1:[0-9]+:.*($2)" <<<"$all" || true; }
outside() { grep -vE "^$1:" || true; }

readonly anywhere='[^:]+' services='services/[^:]+' tests='[^:]+_test\.cc' rules='services/[^:]+/(rules|market|coverage|objectives)/[^:]+'

find_code "$anywhere" '(->|\.)(commit|rollback|setAutoCommit)\s*\(' |
  report "MySQL Connector/C++ drops every error of these calls: execute the SQL text instead:"
find_code "$anywhere" 'std::string_view|<string_view>' |
  report "Debian's Abseil has a string_view of its own, which does not convert: use absl::string_view:"
find_code "$anywhere" 'absl::(Mutex|CondVar)|absl/synchronization/mutex' |
  report "ThreadSanitizer does not see into Debian's absl::Mutex: use common/base/mutex.h:"
find_code "$anywhere" \
  'system_clock::now|absl::Now\s*\(|\bgettimeofday\s*\(|\btime\s*\((nullptr|NULL|0)\)|CLOCK_REALTIME' |
  outside 'common/base/clock\.cc' |
  report "Only common/base/clock.cc asks what time it is: take a Clock:"
find_code "$anywhere" 'ToChronoTime' | outside 'common/rpc/(client|in_process_server)\.cc|tests/bench/load\.cc' |
  report "A wait on the wall clock stalls when somebody sets it back: take a Deadline (only gRPC's own calls need times):"
find_code "$tests" '\b(sleep|usleep|nanosleep|sleep_for|sleep_until|SleepFor)\s*\(' |
  report "A test that sleeps is slow and still flaky: wait for the thing itself:"
find_code "$rules" '\b(float|double)\b' | outside "$tests" |
  report "Decisions are the same on every machine: integers only in rules and in the arithmetic of matching:"

# Whoever holds a session, whatever it is called. A few messages of training have a field of that name, which nothing is
# executed on and no reference is bound to; another that holds such a message is added here.
readonly message='(?<!\battendance|\bviewing|\brequest|\bone|\bwrong|\bcorrection|\bafter\(\)|\ba|\bb)'
{
  find_code "$services" "\bstore::Session\b|$message(\.|->)\s*session\s*\(|(\.|->)database\s*\(\)|AddPlain"
  find_code 'services/(?!training/)[^:]+' '(\.|->)\s*session\s*\('
  find_code 'services/training/[^:]+' '\bauto\s*[&*].*=.*(\.|->)\s*session\s*\('
} | sort -u |
  report "A service works with records and blobs (Records<M>, Blobs), not with their database:"
find_code "$services" '\bsession\s*\(\s*\)\s*(\.|->)\s*(Execute|Query|Snapshot|BoundWork|dialect)\b' |
  report "A service works with records and blobs (Records<M>, Blobs), not with their database:"
find_code "$services" '"[^"]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|(CREATE|ALTER|DROP) TABLE) ' |
  report "A service builds conditions with Where and holds no SQL:"
# In small letters some of these words are English, so more of the statement has to be there.
sql='select|insert\s+into|delete\s+from|(order|group)\s+by|(create|alter|drop)\s+table|update\s+\S+\s+set'
find_code "$services" "(?i)\"[^\"]*\b(($sql)\b|where\b[^\"]*[=<>?])" |
  report "A service builds conditions with Where and holds no SQL:"
find_code "$services" \
  '\b(static|dynamic|reinterpret)_cast<[^;()]*[&*]\s*>|\bconst_cast\b|_pointer_cast\b|\b(DownCast|down_cast|DynamicCastToGenerated)\b' |
  report "The ground gives a service its messages as they are (Records<M>, Decision<M>, ChangeRecord<M>): cast nothing:"
# The same in the style of C: a type in brackets in front of a value. After a list of parameters comes none of these.
find_code "$services" \
  '\(\s*(const\s+)?[\w:]*\w(\s+const)?\s*[&*]+\s*\)\s*(?!(const|final|mutable|noexcept|override)\b)[\w*&(:]' |
  report "The ground gives a service its messages as they are (Records<M>, Decision<M>, ChangeRecord<M>): cast nothing:"
find_code "$services" '\busing\s+\w+\s*=[^;]*[&*]\s*;|\btypedef\b|_cast<\s*decltype\b|\badd_(pointer|[lr]value_reference)' |
  report "A name for a reference or a pointer hides from this check what is cast:"

advice="Name it for what it is or does, not util, helper, manager or impl:"
for folder in common services tools tests cmake protos; do
  [[ ! -d $folder ]] || find "$folder" -name node_modules -prune -o -print
done | { grep -iE '(^|[/_.-])(utils?|helpers?|managers?|impl)([/_.-]|$)' || true; } | report "$advice"
find_code "$anywhere" '\b(class|struct|union|using)\s+(\w+(\([^)]*\))?\s+)*\w*((Util|Helper|Manager)s?|Utilit(y|ies)|Impl)\b' |
  report "$advice"
find_code "$anywhere" '\bnamespace\s+([a-z0-9_]+::)*([a-z0-9_]*_)?(utils?|helpers?|managers?|impl)\b' | report "$advice"

exit "$found"
