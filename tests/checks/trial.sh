#!/usr/bin/env bash
# Each check finds what it is there to find: plants one fault at a time into an empty tree and expects the check to
# fail and to name the place.
set -euo pipefail
checks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$checks/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# A tree with nothing wrong, and with something for buf to lint.
mkdir -p "$tree"/{common,services/{registry,matching,suite,console},protos/tsunagu/trial/v1}
ln -s "$root/node_modules" "$tree/node_modules"
cp "$root"/{buf.yaml,.clang-format} "$tree"
cp "$root/protos/tsunagu/options.proto" "$tree/protos/tsunagu"
printf '%s\n' 'syntax = "proto3";' 'package tsunagu.trial.v1;' >"$tree/protos/tsunagu/trial/v1/empty.proto"

# plant <check> <file> <text>: instead of the one planted before.
planted=
plant() {
  [[ -z $planted ]] || rm "$planted"
  planted=$tree/$2
  mkdir -p "${planted%/*}"
  printf '%b\n' "$3" >"$planted"
}

# refuses / accepts <check> <file> <text>
refuses() {
  plant "$@"
  local output code=0
  output=$("$checks/$1.sh" "$tree" 2>&1) || code=$?
  if ((code != 1)) || ! grep -qF "$2" <<<"$output"; then
    printf '%s does not refuse %s holding: %b\n(exit code %d) %s\n' "$1" "$2" "$3" "$code" "$output"
    failed=1
  fi
}

accepts() {
  plant "$@"
  local output
  if ! output=$("$checks/$1.sh" "$tree" 2>&1); then
    printf '%s refuses %s holding: %b\n%s\n' "$1" "$2" "$3" "$output"
    failed=1
  fi
}

refuses format common/base/spaced.h 'int  two( );'
accepts format common/base/spaced.h 'int two();'

d=include_directions
refuses $d common/records/table.h '#include "services/registry/module.h"'
refuses $d common/records/table.h '#include "tsunagu/registry/v1/area.pb.h"'
accepts $d common/db/table_test.cc '#include "tsunagu/registry/v1/area.pb.h"'
refuses $d common/base/error.cc '#include "tsunagu/platform/v1/access.pb.h"'
refuses $d common/rpc/router.cc '#include "tsunagu/platform/v1/access.grpc.pb.h"'
accepts $d common/rpc/router.cc '#include "tsunagu/options.pb.h"'
accepts $d common/access/access.h '#include "tsunagu/platform/v1/access.pb.h"'
refuses $d common/records/table.h '#include "tsunagu/another/v1/thing.pb.h"'
refuses $d common/records/table.cc '#include "../base/clock.h"'
refuses $d services/registry/area.cc '#include "services/matching/rules/price.h"'
refuses $d services/registry/area.cc '#include "services/suite/suite.h"'
accepts $d services/suite/main.cc '#include "services/registry/module.h"'
accepts $d services/console/main.cc '#include "services/registry/module.h"'
accepts $d services/matching/rounds/round.cc '#include "common/records/blobs.h"\n#include <grpcpp/grpcpp.h>'
refuses $d services/matching/rounds/round.cc '#include "common/db/database.h"'
r=services/registry/rules/area
accepts $d $r.h '#include <vector>\n#include "absl/strings/string_view.h"\n#include "common/base/error.h"
#include "common/jp/civil_day.h"\n#include "services/registry/rules/code.h"\n#include "tsunagu/registry/v1/area.pb.h"'
for header in common/base/clock.h common/db/database.h common/rpc/call.h common/contract/schema.h grpcpp/grpcpp.h \
  absl/time/clock.h services/registry/module.h services/matching/rules/price.h tsunagu/registry/v1/area.grpc.pb.h; do
  refuses $d $r.h "#include \"$header\""
  refuses $d ${r}_test.cc "#include \"$header\""
done
for header in thread chrono cmath fstream unistd.h; do refuses $d $r.cc "#include <$header>"; done
accepts $d ${r}_test.cc '#include <ostream>\n#include "gtest/gtest.h"\n#include "common/testing/cases.h"'
accepts $d tools/demo/run.cc '#include "common/base/error.h"\n#include "services/suite/client.h"\n#include "tools/demo/run.h"'
accepts $d tools/demo/run_test.cc '#include "services/suite/import.h"\n#include "services/suite/suite_fixture.h"'
for header in services/registry/module.h services/suite/services.h services/suite/suite_fixture.h; do
  refuses $d tools/demo/run.cc "#include \"$header\""
done
refuses $d tools/demo/run_test.cc '#include "services/suite/services.h"'
for folder in common/base services/suite services/registry tests/wire; do
  refuses $d $folder/a.cc '#include "tools/demo/run.h"'
done

b=banned_calls
refuses $b common/db/mysql/session.cc 'connection_->commit();'
refuses $b common/db/mysql/session.cc 'connection.rollback ();'
refuses $b common/db/mysql/session.cc 'connection->setAutoCommit(false);'
accepts $b common/db/mysql/session.cc '// connection->commit() drops errors\n/* so does\n x->rollback() */ Commit();'
refuses $b common/db/mysql/session.cc '/* a */ x->commit(); // b'
refuses $b common/jp/era.h 'int Year(std::string_view text);'
refuses $b common/base/pool.h 'absl::Mutex mutex_;'
refuses $b services/registry/area.cc 'auto now = absl::Now();'
refuses $b common/base/clock_test.cc 'auto now = std::chrono::system_clock::now();'
accepts $b common/base/clock.cc 'absl::Time Now() { return absl::Now(); }'
accepts $b common/base/pool.cc 'auto start = std::chrono::steady_clock::now();'
refuses $b common/base/pool_test.cc 'std::this_thread::sleep_for(kTick);'
refuses $b tests/crash/kill_test.cc 'absl::SleepFor(absl::Seconds(1));'
accepts $b common/base/pool.cc 'std::this_thread::sleep_for(kTick);'
refuses $b services/matching/rules/price.h 'double price = 0;'
refuses $b services/matching/coverage/price.h 'double price = 0;'
accepts $b services/matching/rules/price_test.cc 'double price = 0;'
accepts $b services/matching/rules/price.h 'int doubled = 0;  // not a double'
n=services/matching/round
refuses $b $n.cc 'return view.session().Query(sql, {}, each);'
refuses $b $n.cc 'return tx_.session().Execute("x", {});'
refuses $b $n.cc 'return everything.session().Query(text, {}, each);'
refuses $b $n.cc 'auto& rows = reading->session ();'
refuses $b $n.cc 'return Solve(everything.session());'
refuses $b $n.cc 'return one.session().Execute(text);'
refuses $b $n.cc '  .session();'
refuses $b $n.cc 'auto& s = one.session(); Solve(s);'
refuses $b $n.cc 'auto* s = &a.session();'
refuses $b services/training/facts.cc 'auto& s = one.session(); Solve(s);'
refuses $b services/training/facts.cc 'auto* s = &a.session();'
accepts $b services/training/facts.cc 'return attendance.session() == one.session() && decision.after().session().empty();'
refuses $b $n.h 'absl::Status Solve(store::Session& session);'
refuses $b $n.cc 'service.store().database().Write(deadline, body);'
refuses $b $n.cc 'service.store().AddPlain(RoundPartsTable());'
refuses $b $n.cc 'f("SELECT `bytes` FROM `round_parts` "'
refuses $b $n.cc '  "AND `part` < ? ORDER BY `part`");'
refuses $b $n.cc 'f("delete from rounds")'
refuses $b $n.cc 'f("select id FROM rounds")'
refuses $b $n.cc 'f("Update rounds Set a = ?")'
refuses $b $n.cc 'f("and b where c = ?")'
accepts $b $n.cc 'f("Order it, where it is to go on, by another.", "Update what is set.", "Delete what came from it.")'
refuses $b $n.cc 'round = static_cast<const v1::Round&>(*record);'
refuses $b $n.cc 'Use((v1::Round&)*record);'
refuses $b $n.cc 'Use(*(const v1::Round*)&record);'
refuses $b $n.cc 'Use(const_cast<v1::Round&>(seen));'
accepts $b $n.h 'bool (*of)(const v1::Round&);\nbool Of(const v1::Round&) const;\nFunctionRef<bool(v1::Round*)> meets;'
refuses $b $n.cc 'using R = const v1::Round&;'
refuses $b $n.cc '  using RoundPointer = v1::Round*;'
refuses $b $n.cc 'typedef const v1::Round& R;'
refuses $b $n.cc 'auto* round = static_cast<std::add_pointer_t<v1::Round>>(record);'
accepts $b $n.cc 'using Rows = std::vector<const v1::Round*>;'
refuses $b services/registry/area_layout.cc 'auto* area = static_cast<v1::Area*>(&record);'
refuses $b services/registry/area.cc 'area = google::protobuf::DynamicCastToGenerated<v1::Area>(&record);'
accepts $b $n.cc 'int32_t rows = static_cast<int32_t>(round.rows_size());  // of this session, WHERE it is'
accepts $b services/matching/rules/price.cc 'uint64_t bits = static_cast<uint64_t>(a & b);'
accepts $b common/records/round.cc 'view.session().Query("SELECT 1", {}, each);'
refuses $b common/base/string_util.h ''
refuses $b common/utils.cc ''
refuses $b tools/demo/demo_util.cc ''
refuses $b services/registry/area_impl.cc ''
refuses $b common/base/pool.h 'class PoolManager {'
refuses $b common/base/pool.h 'class ABSL_LOCKABLE PoolImpl final {'
refuses $b common/base/pool.h 'namespace tsunagu::pool_util {'
accepts $b common/base/pool.h 'class Implication {}; struct Utilisation {}; enum Role { kFacilityManager };'

s=standard_blocks
p=protos
visit=protos/tsunagu/trial/v1/home_visit.proto
# contract <verbs> <pattern> <options of the record>: one whose blocks are still empty.
contract() {
  printf '%s\n' 'syntax = "proto3";' '// Visits.' 'package tsunagu.trial.v1;'
  printf 'import "%s.proto";\n' google/api/{annotations,client,field_behavior,resource} \
    google/protobuf/{field_mask,timestamp} google/type/date tsunagu/options
  printf '%s\n' '// Visits.' 'service HomeVisitService {' "  // standard rpcs: $1" '  // end standard rpcs' '}' \
    "// standard messages: $1" '// end standard messages' '// One visit.' 'message HomeVisit {' \
    "  option (google.api.resource) = {type: \"trial.tsunagu/HomeVisit\" pattern: \"$2\"};" \
    "  option (tsunagu.record) = {$3};" '  // Its name.' '  string name = 1;' '  // Who is visited.' \
    '  string display_name = 2 [(tsunagu.field) = {privacy: PRIVACY_IDENTIFYING searchable: true}];' \
    '  // Born then.' '  google.type.Date birth_date = 3;' '}'
}
# generate <verbs> <pattern> <options of the record>: sets generated to the same with its blocks.
generate() {
  plant $s $visit "$(contract "$@")"
  node "$root/tools/standard_block.mjs" "$tree" >/dev/null
  generated=$(<"$planted")
}
# holds <contract> <line>...: these are lines of it.
holds() {
  local line
  for line in "${@:2}"; do
    grep -qxF -- "$line" <<<"$1" && continue
    printf '%s generates no line: %s\n%s\n' $s "$line" "$1"
    failed=1
  done
}
every='Get List Create Update Search End'
refuses $s $visit "$(contract "$every" 'homeVisits/{home_visit}' '')"
generate 'Get List Create Update' 'homeVisits/{home_visit}' 'server_id: true'
small=$generated
generate "$every" 'courses/{course}/homeVisits/{home_visit}' 'access_by: "name" personal: true'
below=$generated
for text in "$small" "$below"; do
  accepts $s $visit "$text"
  accepts $p $visit "$text"
  accepts $s $visit "${text/Who is visited./Who it is for.}"
  refuses $s $visit "${text/int32 page_size/int64 page_size}"
  refuses $s $visit "${text/'"homeVisits.read"'/'"visits.read"'}"
  refuses $s $visit "${text/Creates one/Makes a}"
  refuses $s $visit "${text/'  // end standard rpcs'/}"
  refuses $s $visit "${text/'// standard messages: Get'/'// Standard messages: Get'}"
  refuses $s $visit "${text/'// standard messages: Get'/'// standard messages:'}"
  refuses $s $visit "${text//Get List/List Get}"
  refuses $s $visit "${text//Get List/Get List Erase}"
  refuses $s $visit "${text/'option (google.api.resource)'/'option (google.api.other)'}"
done
refuses $s $visit "${small/server_id: true/}"
refuses $s $visit "${below/personal: true/}"
holds "$small" '      post: "/trial/v1/homeVisits"' '  string request_id = 3 [' \
  '  HomeVisit home_visit = 1 [(google.api.field_behavior) = REQUIRED];' \
  '  // Lists the home visits page by page, stable under concurrent writes.'
holds "$below" '    option (google.api.http) = {get: "/trial/v1/{parent=courses/*}/homeVisits"};' \
  '      patch: "/trial/v1/{home_visit.name=courses/*/homeVisits/*}"' \
  '      post: "/trial/v1/{name=courses/*/homeVisits/*}:end"' '  string parent = 1 [' \
  '    (google.api.resource_reference) = {child_type: "trial.tsunagu/HomeVisit"}' \
  '  HomeVisit home_visit = 2 [(google.api.field_behavior) = REQUIRED];' \
  '  string home_visit_id = 3 [(google.api.field_behavior) = OPTIONAL];' \
  '  google.type.Date end_date = 2 [(google.api.field_behavior) = REQUIRED];'

head='syntax = "proto3";\n// Things.\npackage tsunagu.trial.v1;\n'
accepts $p protos/tsunagu/trial/v1/thing.proto "$head"'import "google/api/annotations.proto";
import "google/longrunning/operations.proto";\nimport "google/protobuf/empty.proto";\nimport "google/type/date.proto";
// Things.\nservice ThingService {
// Removes one.\nrpc DeleteThing(DeleteThingRequest) returns (google.protobuf.Empty) {option (google.api.http).get = "/v1";}
// Counts them.\nrpc CountThing(CountThingRequest) returns (google.longrunning.Operation);}
// Which.\nmessage DeleteThingRequest {\n// When.\ngoogle.type.Date due_date = 1;}\n// All.\nmessage CountThingRequest {}'
refuses $p protos/tsunagu/trial/v1/thing.proto "$head"'message Thing {}'
refuses $p protos/tsunagu/trial/v1/thing.proto "$head"'// A thing.\nmessage Thing {\n// Its name.\nstring displayName = 1;}'
refuses $p protos/tsunagu/trial/v1/thing.proto "$head"'// A state.\nenum State {\n// On.\nSTATE_ON = 0;}'
refuses $p protos/tsunagu/trial/v1/thing.proto "$head"'import "google/type/no_such.proto";'
refuses $p protos/tsunagu/other/thing.proto 'syntax = "proto3";\n// Things.\npackage tsunagu.other;'
accepts $p protos/tsunagu/options.proto 'syntax = "proto3";\n// Options.\npackage tsunagu;'

unit=$(<"$root/deploy/systemd/tsunagu.service")
accepts units deploy/systemd/tsunagu.service "$unit"
refuses units deploy/systemd/tsunagu.service "${unit/CapabilityBoundingSet=/}"
refuses units deploy/systemd/tsunagu.service "${unit//SystemCallFilter=/# }"
refuses units deploy/systemd/tsunagu.service "${unit/ProtectClock/ProtectClocks}"

((failed)) || echo "Every check finds what it is there to find."
exit "$failed"
