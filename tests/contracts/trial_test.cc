// Each check finds its fault: one fault at a time is put into a faultless contract.
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/compiler/parser.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"
#include "tests/contracts/contracts.h"

namespace tsunagu::contracts {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

constexpr char kThing[] = R"(
syntax = "proto3";
package tsunagu.platform.v1;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/api/resource.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/type/date.proto";
import "tsunagu/options.proto";

service ThingService {
  rpc ListThings(ListThingsRequest) returns (ListThingsResponse) {
    option (google.api.http) = {get: "/v1/{parent=services/*}/things"};
    option (tsunagu.method) = {permission: "things.read"};
  }
  rpc GetThing(GetThingRequest) returns (Thing) {
    option (google.api.http) = {get: "/v1/{name=services/*/things/*}"};
    option (tsunagu.method) = {permission: "things.read"};
  }
  rpc UpdateThing(UpdateThingRequest) returns (Thing) {
    option (google.api.http) = {patch: "/v1/{parent=services/*}/{thing.name=things/*}" body: "thing"};
    option (tsunagu.method) = {permission: "things.write" mutating: true};
  }
}
message ListThingsRequest {
  string parent = 1 [(google.api.field_behavior) = REQUIRED];
  int32 page_size = 2 [(google.api.field_behavior) = OPTIONAL];
  string page_token = 3 [(google.api.field_behavior) = OPTIONAL];
}
message ListThingsResponse {
  repeated Thing things = 1;
  string next_page_token = 2;
}
message GetThingRequest {
  string name = 1 [(google.api.field_behavior) = REQUIRED];
  google.protobuf.Timestamp as_known_at = 2 [(google.api.field_behavior) = OPTIONAL];
}
message UpdateThingRequest {
  string parent = 1 [(google.api.field_behavior) = REQUIRED];
  Thing thing = 2 [(google.api.field_behavior) = REQUIRED];
  google.protobuf.FieldMask update_mask = 3 [(google.api.field_behavior) = REQUIRED];
  string request_id = 4 [(google.api.field_behavior) = OPTIONAL];
}
message Thing {
  option (google.api.resource) = {type: "trial.tsunagu/Thing" pattern: "things/{thing}" plural: "things"};
  option (tsunagu.record) = {importable: true personal: true import_key: "code" ja: "物"};
  string name = 1 [(google.api.field_behavior) = IDENTIFIER];
  string code = 2 [(google.api.field_behavior) = REQUIRED, (tsunagu.field) = {unique: true ja: "番号"}];
  string owner = 3 [(google.api.field_behavior) = OPTIONAL, (tsunagu.field) = {privacy: PRIVACY_IDENTIFYING ja: "人"}];
  int64 count = 4 [(google.api.field_behavior) = OPTIONAL, (tsunagu.field) = {ja: "数"}];
  google.type.Date due_date = 5 [(google.api.field_behavior) = OPTIONAL, (tsunagu.field) = {ja: "期日"}];
  string other = 6 [(google.api.field_behavior) = OPTIONAL, (tsunagu.field) = {ja: "他"},
                    (google.api.resource_reference) = {type: "trial.tsunagu/Thing"}];
  Size size = 7 [(google.api.field_behavior) = OPTIONAL, (tsunagu.field) = {ja: "大きさ"}];
  google.protobuf.Timestamp create_time = 60 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp update_time = 61 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 62 [(google.api.field_behavior) = OPTIONAL];
}
message Gadget {
  option (google.api.resource) = {type: "trial.tsunagu/Gadget" pattern: "gadgets/{gadget}" plural: "gadgets"};
  option (tsunagu.record) = {ja: "道具"};
  string name = 1 [(google.api.field_behavior) = IDENTIFIER];
  google.protobuf.Timestamp create_time = 60 [(google.api.field_behavior) = OUTPUT_ONLY];
  google.protobuf.Timestamp update_time = 61 [(google.api.field_behavior) = OUTPUT_ONLY];
  string etag = 62 [(google.api.field_behavior) = OPTIONAL];
}
enum Size {
  SIZE_UNSPECIFIED = 0;
  SIZE_BIG = 1 [(tsunagu.ja) = "大"];
}
)";

constexpr char kReasons[] = R"(
syntax = "proto3";
package trial.v1;
import "tsunagu/options.proto";
enum Reason {
  REASON_UNSPECIFIED = 0;
  REASON_LONG = 1 [(tsunagu.refusal) = {code: 3 ja: "長すぎます（{max}）。" en: "Too long: {max}."}];
}
)";

// A pool with one contract made from text, on top of those of this binary.
class Trial {
 public:
  explicit Trial(const std::string& text) : pool_(DescriptorPool::generated_pool()) {
    google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
    google::protobuf::io::Tokenizer tokenizer(&input, nullptr);
    FileDescriptorProto proto;
    if (!google::protobuf::compiler::Parser().Parse(&tokenizer, &proto)) return;
    proto.set_name("tsunagu/trial.proto");
    file_ = pool_.BuildFile(proto);
  }
  bool ok() const { return file_ != nullptr; }

  std::vector<std::string> Findings() const {
    contracts::Findings findings;
    for (const auto* checks : {&MethodChecks(), &RecordChecks(), &ReasonChecks()}) {
      for (const Check& check : *checks) check.run({file_}, findings);
    }
    return findings.all();
  }

 private:
  DescriptorPool pool_;
  const FileDescriptor* file_ = nullptr;
};

TEST(TrialTest, NothingIsWrongAtFirst) {
  for (const char* text : {kThing, kReasons}) {
    const Trial trial(text);
    ASSERT_TRUE(trial.ok());
    EXPECT_THAT(trial.Findings(), testing::IsEmpty());
  }
}

struct Fault {
  std::string name, from, to, finding;
  const char* text = kThing;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.from << " -> " << fault.to; }

class TrialTest : public testing::TestWithParam<Fault> {};

TEST_P(TrialTest, IsFound) {
  ASSERT_TRUE(absl::StrContains(GetParam().text, GetParam().from));
  const Trial trial(absl::StrReplaceAll(GetParam().text, {{GetParam().from, GetParam().to}}));
  ASSERT_TRUE(trial.ok());
  EXPECT_THAT(trial.Findings(), testing::Contains(testing::HasSubstr(GetParam().finding)));
}

constexpr char kNumber[] = "int64 count";
constexpr char kOptional[] = " [(google.api.field_behavior) = OPTIONAL]";

INSTANTIATE_TEST_SUITE_P(
    All, TrialTest,
    testing::Values(
        Fault{"Behaviour", absl::StrCat("page_token = 3", kOptional), "page_token = 3",
              "ListThingsRequest.page_token: has no field_behavior"},
        Fault{"BehaviourWithin", "count = 4 [(google.api.field_behavior) = OPTIONAL, ", "count = 4 [",
              "Thing.count: has no field_behavior"},
        Fault{"PageSize", "int32 page_size", "int64 page_size", "ListThingsRequest: no page_size"},
        Fault{"PageToken", "string page_token", "string token", "ListThingsRequest: no page_token"},
        Fault{"NextPageToken", "string next_page_token", "string next", "ListThingsResponse: no next_page_token"},
        Fault{"KnownAt", "as_known_at", "as_of", "GetThingRequest: no as_known_at"},
        Fault{"Rows", "repeated Thing", "Thing", "not exactly one repeated field"},
        Fault{"RequestId", "string request_id", "string id", "takes no request_id"},
        Fault{"NotMutating", " mutating: true", "", "UpdateThing: changes something and is not marked"},
        Fault{"MutatingGet", "patch:", "get:", "changes something by GET"},
        Fault{"ReadingPut", "get:", "put:", "reads by PATCH, PUT or DELETE"},
        Fault{"UpdateMask", "update_mask", "mask", "takes no update_mask"},
        Fault{"NoPermission", "permission: \"things.read\"", "", "ListThings: has no permission"},
        Fault{"OddPermission", "\"things.read\"", "\"read\"", "ListThings: has no permission"},
        Fault{"NoHttp", "option (google.api.http) = {get: \"/v1/{parent=services/*}/things\"};", "",
              "ListThings: has no google.api.http"},
        Fault{"PathVariable", "{thing.name=", "{thing.nam=", "path variable {thing.nam} is no string"},
        Fault{"PathTaken", "patch: \"/v1/{parent=services/*}/{thing.name=things/*}\"",
              "get: \"/v1/{parent=services/*}/things\"", "has the verb and path of"},
        Fault{"Body", "body: \"thing\"", "body: \"things\"", "body things is no field"},
        Fault{"NoBody", " body: \"thing\"", "", "body: GET and DELETE have none"},
        Fault{"Struct", absl::StrCat("string page_token = 3", kOptional),
              absl::StrCat("google.protobuf.Struct page_token = 3", kOptional), "takes a google.protobuf.Struct"},
        Fault{"ListValueWithin", kNumber, "google.protobuf.ListValue count", "takes a google.protobuf.Value"},
        Fault{"NoService", "{parent=services/*}", "{parent=things/*}", "names no service"},
        Fault{"Collection", "pattern: \"gadgets/", "pattern: \"things/", "has the collection id things of"},
        Fault{"Plural", "plural: \"gadgets\"", "plural: \"gadget\"", "plural is not the collection id"},
        Fault{"Identifier", "IDENTIFIER", "OPTIONAL", "Thing: has no name that is its IDENTIFIER"},
        Fault{"CreateTime", "create_time = 60 [(google.api.field_behavior) = OUTPUT_ONLY]",
              absl::StrCat("create_time = 60", kOptional), "Thing: has no create_time that is OUTPUT_ONLY"},
        Fault{"UpdateTime", "update_time", "change_time", "Gadget: has no update_time"},
        Fault{"Etag", "string etag", "string tag", "Thing: has no etag"},
        Fault{"DateName", "due_date", "due", "Thing.due: a day is"},
        Fault{"DateType", "google.type.Date due_date", "string due_date", "Thing.due_date: a day is"},
        Fault{"TimeName", "google.type.Date due_date", "google.protobuf.Timestamp due", "Thing.due: an instant is"},
        Fault{"TimeType", kNumber, "int64 count_time", "Thing.count_time: an instant is"},
        Fault{"Unsigned", kNumber, "fixed64 count", "Thing.count: is unsigned"},
        Fault{"Floating", kNumber, "float count", "Thing.count: is floating point"},
        Fault{"FilterableName", "_IDENTIFYING", "_IDENTIFYING filterable: true", "owner: is personal, and"},
        Fault{"UniqueName", "_IDENTIFYING", "_IDENTIFYING unique: true", "owner: is personal, and"},
        Fault{"SortableSecret", "_IDENTIFYING", "_CONFIDENTIAL sortable: true", "owner: is personal, and"},
        Fault{"ImmutableName", "owner = 3 [(google.api.field_behavior) = OPTIONAL",
              "owner = 3 [(google.api.field_behavior) = IMMUTABLE", "owner: is personal and immutable"},
        Fault{"SearchableSecret", "_IDENTIFYING", "_CONFIDENTIAL searchable: true", "is searchable and not"},
        Fault{"NotPersonal", " personal: true", "", "owner: is personal in a record that is not"},
        Fault{"PersonalKey", "import_key: \"code\"", "import_key: \"owner\"", "keys are no personal fields"},
        Fault{"AccessByNothing", "import_key: \"code\"", "access_by: \"place\"", "and exist: place"},
        Fault{"WithinNothing", "import_key: \"code\"", "within: {inner: \"name\" outer: \"place\"}",
              "and exist: place"},
        Fault{"NoHeading", "{unique: true ja: \"番号\"}", "{unique: true}", "code: is a column without"},
        Fault{"SameHeading", "番号", "数", "has the heading of another column"},
        Fault{"NoEnumWord", " [(tsunagu.ja) = \"大\"]", "", "SIZE_BIG: stands in a column"},
        Fault{"NoRecordWord", "{ja: \"道具\"}", "{}", "Gadget: has no Japanese name"},
        Fault{"Reference", "= {type: \"trial.tsunagu/Thing\"}", "= {type: \"trial.tsunagu/No\"}",
              "refers to no resource"},
        Fault{"ChildReference", "= {type: \"trial.tsunagu/Thing\"}", "= {child_type: \"trial.tsunagu/No\"}",
              "refers to no resource: trial.tsunagu/No"},
        Fault{"NoJapanese", "長すぎます（{max}）。", "Too long ({max}).", "has no Japanese text", kReasons},
        Fault{"NoEnglish", " en: \"Too long: {max}.\"", "", "has no English text", kReasons},
        Fault{"JapaneseTwice", "Too long: {max}.", "長すぎます（{max}）", "has no English text", kReasons},
        Fault{"Placeholder", "Too long: {max}.", "Too long: {most}.", "placeholders differ: {max} and {most}",
              kReasons},
        Fault{"PlaceholderMissing", "（{max}）", "", "placeholders differ", kReasons},
        Fault{"UnseenButTold", "REASON_LONG", "REASON_LONG_UNSEEN", "says something of a record", kReasons},
        Fault{"UnseenAlone", "REASON_LONG", "REASON_LONG_UNSEEN", "stands without REASON_LONG", kReasons},
        Fault{"Code", "code: 3", "code: 17", "has a code that does not exist", kReasons},
        Fault{"RetryOfWhatStaysWrong", "code: 3", "code: 3 retry_seconds: 1", "may not have retry_seconds", kReasons},
        Fault{"RetryIntoThePast", "code: 3", "code: 14 retry_seconds: -1", "may not have retry_seconds", kReasons},
        Fault{"WaitWithoutRetry", "code: 3 ja: \"長すぎます（{max}）。\" en: \"Too long: {max}.\"",
              "code: 14 ja: \"長すぎます（{max}）。\" en: \"Wait a little: {max}.\"",
              "asks to wait and has no retry_seconds", kReasons}),
    [](const testing::TestParamInfo<Fault>& info) { return info.param.name; });

}  // namespace
}  // namespace tsunagu::contracts
