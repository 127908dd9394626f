// REST for a program without gRPC, through a port.
#include "tests/rest/rest_client.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/base/gzip.h"
#include "common/web/rest/scalar.h"
#include "google/protobuf/descriptor.pb.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kXlsx[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr char kNewArea[] =
    R"({"code": "313033", "kind": "AREA_KIND_TOWN", "display_name": "あ町", "parent": "areas/310000"})";

class RestTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    server().config().web_listen = "127.0.0.1:0";
    server().Restart();
    CreateAreas();
  }
  RestClient client(std::string key) { return RestClient(server().host().web_address(), std::move(key)); }
  HttpAnswer Ask(const std::string& verb, const std::string& target, const std::string& body = "",
                 HttpFields fields = {}) {
    return client(admin().options().api_key).Ask(verb, target, body, std::move(fields));
  }
};

// The transport does not depend on the engine.
INSTANTIATE_TEST_SUITE_P(, RestTest, testing::Values(Engine::kSqlite), EngineName);

TEST_P(RestTest, Get) {
  const HttpAnswer answer = Ask("GET", "/registry/v1/areas/312011");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Field("content-type"), "application/json");
  EXPECT_EQ(answer.json()["display_name"], "鳥取市");
  EXPECT_EQ(answer.Field("etag"), "\"1\"");
  EXPECT_NE(answer.Field("tsunagu-correlation-id"), "");
  EXPECT_EQ(answer.Field("cache-control"), "no-store");
  const HttpAnswer known = Ask("GET", "/registry/v1/areas/312011", "", {{"If-None-Match", "\"1\""}});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(Ask("GET", "/registry/v1/areas/312011", "", {{"If-None-Match", "\"2\""}}).status, 200);
}

TEST_P(RestTest, ListByQuery) {
  const HttpAnswer answer =
      Ask("GET", "/registry/v1/areas?filter=parent%20%3D%20%22areas/310000%22&order_by=code+desc&pageSize=1");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["areas"].size(), 1);
  EXPECT_EQ(answer.json()["areas"][0]["code"], "313025");
  EXPECT_NE(answer.json()["next_page_token"], "");
}

TEST_P(RestTest, CreateAndChange) {
  const HttpAnswer created = Ask("POST", "/registry/v1/areas", kNewArea, {{"Idempotency-Key", "\"k1\""}});
  EXPECT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(created.json()["name"], "areas/313033");
  EXPECT_EQ(Ask("POST", "/registry/v1/areas", kNewArea, {{"Idempotency-Key", "k1"}}).body, created.body);
  EXPECT_EQ(Ask("POST", "/registry/v1/areas?request_id=k1", kNewArea).body, created.body);
  EXPECT_EQ(Ask("POST", "/registry/v1/areas", kNewArea).Reason(), "AREA_EXISTS");

  const HttpAnswer changed =
      Ask("PATCH", "/registry/v1/areas/313033", R"({"display_name": "い町"})", {{"If-Match", created.Field("etag")}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.json()["display_name"], "い町");
  EXPECT_EQ(changed.json()["parent"], "areas/310000") << "the body did not name it";
  const HttpAnswer late =
      Ask("PATCH", "/registry/v1/areas/313033", R"({"display_name": "う町"})", {{"If-Match", created.Field("etag")}});
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.Reason(), "ETAG_MISMATCH");
  EXPECT_EQ(Ask("PATCH", "/registry/v1/areas/313033",
                R"({"display_name": "う町", "etag": )" + created.json()["etag"].dump() + "}")
                .status,
            409)
      << "no condition of HTTP";
  EXPECT_EQ(Ask("GET", "/registry/v1/areas/313033").json()["display_name"], "い町");
}

struct Bad {
  const char* name;
  const char* verb;
  const char* target;
  const char* body;
  HttpFields fields;
  int status;
  const char* reason;
};

class RestRefusals : public RestTest {};

INSTANTIATE_TEST_SUITE_P(, RestRefusals, testing::Values(Engine::kSqlite), EngineName);

TEST_P(RestRefusals, SayWhy) {
  const std::string deep = absl::StrCat("{\"a\": ", std::string(40, '['), std::string(40, ']'), "}");
  const std::vector<Bad> cases = {
      {"UnknownPath", "GET", "/registry/v1/nothing", "", {}, 404, "PATH_NOT_FOUND"},
      {"TrailingSlash", "GET", "/registry/v1/areas/", "", {}, 404, "PATH_NOT_FOUND"},
      {"WrongVerb", "DELETE", "/registry/v1/areas/312011", "", {}, 405, "VERB_NOT_ALLOWED"},
      {"HalfAPercent", "GET", "/registry/v1/areas/%3", "", {}, 400, "MALFORMED_URL"},
      {"NoSuchArea", "GET", "/registry/v1/areas/319999", "", {}, 404, "AREA_NOT_FOUND"},
      {"MalformedName", "GET", "/registry/v1/areas/A%2FB", "", {}, 400, "INVALID_REQUEST name:MALFORMED_NAME"},
      {"UnknownParameter", "GET", "/registry/v1/areas?limit=3", "", {}, 400, "INVALID_REQUEST limit:UNKNOWN_FIELD"},
      {"ParameterTwice",
       "GET",
       "/registry/v1/areas?page_size=3&page_size=4",
       "",
       {},
       400,
       "INVALID_REQUEST page_size:DUPLICATE_FIELD"},
      {"NoNumber",
       "GET",
       "/registry/v1/areas?page_size=all&as_of_date=2025-02-30",
       "",
       {},
       400,
       "INVALID_REQUEST as_of_date:DATE_DOES_NOT_EXIST page_size:MALFORMED_VALUE"},
      {"BodyWhereNoneBelongs", "GET", "/registry/v1/areas/312011", "{}", {}, 400, "BODY_NOT_TAKEN"},
      {"Form",
       "POST",
       "/registry/v1/areas",
       "code=1",
       {{"Content-Type", "application/x-www-form-urlencoded"}},
       415,
       "MEDIA_TYPE_UNKNOWN"},
      {"EmptyType", "POST", "/registry/v1/areas", "{}", {{"Content-Type", ""}}, 415, "CONTENT_TYPE_MISSING"},
      {"NoJson", "POST", "/registry/v1/areas", "{", {}, 400, "MALFORMED_JSON"},
      {"TooDeep", "POST", "/registry/v1/areas", deep.c_str(), {}, 400, "MALFORMED_JSON"},
      {"AllAtOnce",
       "POST",
       "/registry/v1/areas?validate_only=1",
       R"({"codes": "1", "code": "1", "code": "2"})",
       {},
       400,
       "INVALID_REQUEST area.code:DUPLICATE_FIELD area.codes:UNKNOWN_FIELD validate_only:MALFORMED_VALUE"},
      {"ByTheService",
       "POST",
       "/registry/v1/areas",
       R"({"code": "312010"})",
       {},
       400,
       "INVALID_REQUEST area.code:WRONG_CHECK_DIGIT area.display_name:FIELD_REQUIRED area.kind:FIELD_REQUIRED"},
      {"OtherName",
       "PATCH",
       "/registry/v1/areas/312011",
       R"({"name": "areas/313025"})",
       {},
       400,
       "INVALID_REQUEST area.name:SAID_DIFFERENTLY"},
      {"EmptyPatch", "PATCH", "/registry/v1/areas/312011", "{}", {}, 400, "INVALID_REQUEST update_mask:MASK_REQUIRED"},
      {"IfMatchOfAGet",
       "GET",
       "/registry/v1/areas/312011",
       "",
       {{"If-Match", "\"1\""}},
       400,
       "INVALID_REQUEST If-Match:IF_MATCH_NOT_TAKEN"},
      {"Compressed", "POST", "/registry/v1/areas", "{}", {{"Content-Encoding", "gzip"}}, 415, "COMPRESSED_MESSAGE"},
      {"NoTimeLeft", "GET", "/registry/v1/areas", "", {{"X-Server-Timeout", "0.000000"}}, 504, "DEADLINE_EXCEEDED"},
      {"TimeInWords", "GET", "/registry/v1/areas", "", {{"X-Server-Timeout", "1 s"}}, 400, "MALFORMED_TIMEOUT"},
      {"TimeWithAnExponent", "GET", "/registry/v1/areas", "", {{"X-Server-Timeout", "1e9"}}, 400, "MALFORMED_TIMEOUT"},
      {"PersonalInAQuery",
       "PATCH",
       "/registry/v1/nurses/n1?nurse.display_name=x",
       "{}",
       {},
       400,
       "INVALID_REQUEST nurse.display_name:UNKNOWN_FIELD"},
      {"OtherService", "GET", "/platform/v1/services/nowhere/roles", "", {}, 404, "SERVICE_NOT_RUNNING"},
      {"IfNoneMatchOfAChange",
       "PATCH",
       "/registry/v1/areas/312011",
       R"({"display_name": "x"})",
       {{"If-None-Match", "*"}},
       400,
       "INVALID_REQUEST If-None-Match:IF_NONE_MATCH_NOT_TAKEN"},
      {"IfMatchTwice",
       "PATCH",
       "/registry/v1/areas/312011",
       R"({"display_name": "x"})",
       {{"If-Match", "\"1\""}, {"If-Match", "\"2\""}},
       400,
       "INVALID_REQUEST If-Match:MALFORMED_HEADER"},
      {"HealthByPost", "POST", "/healthz", "", {}, 405, "VERB_NOT_ALLOWED"}};
  for (const Bad& bad : cases) {
    const HttpAnswer answer = Ask(bad.verb, bad.target, bad.body, bad.fields);
    EXPECT_EQ(answer.status, bad.status) << bad.name << " " << answer.body;
    EXPECT_EQ(answer.Reason(), bad.reason) << bad.name << " " << answer.body;
    EXPECT_EQ(answer.json()["error"]["code"], bad.status) << bad.name;
    EXPECT_EQ(answer.Field("content-language"), "en") << bad.name;
    EXPECT_EQ(answer.Field("cache-control"), "no-store") << bad.name;
    EXPECT_EQ(answer.Field("x-content-type-options"), "nosniff") << bad.name;
  }
  EXPECT_EQ(Ask("DELETE", "/registry/v1/areas/312011").Field("allow"), "GET, PATCH");
  EXPECT_EQ(Ask("GET", "/registry/v1/areas").json()["areas"].size(), 5) << "nothing was done";
}

// No part of a request is examined before its caller is known.
TEST_P(RestTest, TheSchemeMayBeInAnyCase) {
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    const HttpAnswer answer =
        client("").Ask("GET", "/registry/v1/areas/312011", "", {{"authorization", scheme + admin().options().api_key}});
    EXPECT_EQ(answer.status, 200) << scheme << answer.body;
  }
}

TEST_P(RestTest, StrangersLearnNothing) {
  for (const char* key : {"", "tsunagu_invented"}) {
    const HttpAnswer answer = client(key).Ask("POST", "/registry/v1/areas", "{\"x\": 1");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.Field("www-authenticate"), "Bearer");
    EXPECT_THAT(answer.body, Not(HasSubstr("MALFORMED_JSON")));
  }
}

TEST_P(RestTest, ProblemsInJapanese) {
  const HttpAnswer answer =
      Ask("GET", "/registry/v1/areas?limit=3", "", {{"Accept", "application/problem+json"}, {"Accept-Language", "ja"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Field("content-type"), "application/problem+json");
  EXPECT_EQ(answer.Field("content-language"), "ja");
  EXPECT_EQ(answer.json()["errors"][0]["field"], "limit");
  EXPECT_EQ(answer.json()["errors"][0]["reason"], "UNKNOWN_FIELD");
}

std::vector<json> Lines(const std::string& body) {
  std::vector<json> lines;
  for (const absl::string_view line : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
    lines.push_back(json::parse(line.begin(), line.end()));
  }
  return lines;
}

TEST_P(RestTest, FilesComeAsTheyAre) {
  const std::string file =
      "code,kind,display_name,parent\n313033,AREA_KIND_TOWN,あ町,310000\n"
      "312010,AREA_KIND_TOWN,い町,310000\n";
  const HttpAnswer answer = Ask("POST", "/platform/v1/services/registry:importRows?collection=areas", file,
                                {{"Content-Type", "text/csv; charset=utf-8"}, {"Idempotency-Key", "i1"}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Field("content-type"), "application/x-ndjson");
  const std::vector<json> lines = Lines(answer.body);
  ASSERT_GE(lines.size(), 2) << answer.body;
  std::string refused, read;
  for (const json& line : lines) {
    ASSERT_TRUE(line.contains("result")) << line;
    if (line["result"].contains("row")) refused += line["result"]["row"].dump();
    if (line["result"].contains("summary")) read = line["result"]["summary"]["row_count"];
  }
  EXPECT_EQ(read, "2") << answer.body;
  EXPECT_THAT(refused, HasSubstr("\"row\":\"3\"")) << answer.body;
}

TEST_P(RestTest, LongFilesComeInPieces) {
  std::string file = "code,kind,display_name,parent\n";
  for (int i = 400; i < 900; ++i) {
    absl::StrAppend(&file, CodeOf(i), ",AREA_KIND_TOWN,町", i, std::string(3000, ' '), ",310000\n");
  }
  ASSERT_GT(file.size(), 1'000'000);
  const HttpAnswer answer = Ask("POST", "/platform/v1/services/registry:importRows?collection=areas&dry_run=true", file,
                                {{"Content-Type", "text/csv"}});
  EXPECT_EQ(answer.status, 200);
  ASSERT_FALSE(Lines(answer.body).empty()) << answer.body;
  EXPECT_EQ(Lines(answer.body).back()["result"]["summary"]["row_count"], "500") << answer.body;
}

TEST_P(RestTest, FilesGoOutAsTheyAre) {
  const HttpAnswer csv =
      Ask("POST", "/platform/v1/services/registry:exportRows", R"({"collection": "areas"})", {{"Accept", "text/csv"}});
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.Field("content-type"), "text/csv");
  EXPECT_EQ(csv.Field("content-disposition"), "attachment; filename=\"areas.csv\"");
  EXPECT_EQ(csv.body, ExportCsv(admin(), "areas", platform_v1::TEXT_ENCODING_UNSPECIFIED).file);
  const HttpAnswer book =
      Ask("POST", "/platform/v1/services/registry:exportRows", R"({"collection": "areas"})", {{"Accept", kXlsx}});
  EXPECT_EQ(book.Field("content-type"), kXlsx);
  EXPECT_EQ(book.Field("content-disposition"), "attachment; filename=\"areas.xlsx\"");
  EXPECT_TRUE(absl::StartsWith(book.body, "PK\x03\x04"));
  const HttpAnswer lines = Ask("POST", "/platform/v1/services/registry:exportRows", R"({"collection": "areas"})");
  EXPECT_EQ(lines.Field("content-type"), "application/x-ndjson");
  EXPECT_TRUE(Lines(lines.body).front()["result"].contains("data")) << lines.body;
  const HttpAnswer refused = Ask("POST", "/platform/v1/services/registry:exportRows", R"({"collection": "nothing"})",
                                 {{"Accept", "text/csv"}});
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(refused.Field("content-type"), "application/json");
}

TEST_P(RestTest, AMapIsGeoJson) {
  const matching_v1::Snapshot snapshot = ASnapshot(4);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  EXPECT_EQ(Ask("GET", "/matching/v1/rounds/r1:map").Reason(), "ROUND_NOT_SOLVED");
  ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
  const HttpAnswer map = Ask("GET", "/matching/v1/rounds/r1:map");
  ASSERT_EQ(map.status, 200) << map.body;
  EXPECT_EQ(map.Field("content-type"), "application/geo+json");
  EXPECT_EQ(map.json()["type"], "FeatureCollection");
  EXPECT_EQ(map.json()["after_event"], 0);
  ASSERT_EQ(map.json()["features"].size(), 4u);
  EXPECT_EQ(map.json()["features"][0]["geometry"]["coordinates"], json::parse("[134.231, 35.495]"));
  EXPECT_EQ(map.json()["features"][0]["properties"]["posts"], 2);
  const json document = Ask("GET", "/openapi.json").json();
  EXPECT_TRUE(document["paths"]["/matching/v1/rounds/{round}:map"]["get"]["responses"]["200"]["content"].contains(
      "application/geo+json"));
}

TEST_P(RestTest, DocumentsNeedNoKeyAndCallNobody) {
  const RestClient stranger = client("");
  const HttpAnswer page = stranger.Ask("GET", "/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Field("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("<html lang=\"en\">"));
  const HttpAnswer japanese = stranger.Ask("GET", "/docs", "", {{"Accept-Language", "ja,en;q=0.5"}});
  EXPECT_THAT(japanese.body, HasSubstr("<html lang=\"ja\">"));
  EXPECT_NE(page.Field("etag"), japanese.Field("etag"));
  EXPECT_EQ(page.Field("vary"), "accept-encoding, accept-language");
  EXPECT_THAT(stranger.Ask("GET", "/docs/reasons").body, HasSubstr("<tr id=\"AREA_MERGED_AWAY\">"));
  const HttpAnswer openapi = stranger.Ask("GET", "/openapi.json");
  EXPECT_EQ(openapi.json()["openapi"], "3.1.0");
  EXPECT_EQ(stranger.Ask("GET", "/openapi.json", "", {{"If-None-Match", openapi.Field("etag")}}).status, 304);
  EXPECT_EQ(stranger.Ask("GET", "/openapi.json", "", {{"If-None-Match", "\"x\", W/" + openapi.Field("etag")}}).status,
            304);
  const HttpAnswer packed = stranger.Ask("GET", "/openapi.json", "", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(packed.Field("content-encoding"), "gzip");
  EXPECT_EQ(stranger.Ask("GET", "/openapi.json", "", {{"Accept-Encoding", "br, gzip;q=0"}}).Field("content-encoding"),
            "");
  EXPECT_EQ(*Gunzip(packed.body, 100 << 20), openapi.body);
  const HttpAnswer posted = stranger.Ask("POST", "/docs", "{}");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.Field("allow"), "GET");
  EXPECT_EQ(posted.Reason(), "VERB_NOT_ALLOWED");
  EXPECT_EQ(stranger.Ask("HEAD", "/docs").status, 200);
}

// A browser contacts only this server, whatever the script tries.
TEST_P(RestTest, DocumentsMayReachThisServerOnly) {
  const RestClient stranger = client("");
  for (const char* path : {"/docs", "/docs/reasons", "/docs/scalar.js", "/openapi.json", "/descriptors.binpb"}) {
    const HttpAnswer answer = stranger.Ask("GET", path);
    const std::string policy = answer.Field("content-security-policy");
    EXPECT_TRUE(absl::StartsWith(policy, "default-src 'none'; ")) << path;
    const std::set<absl::string_view> known = {"'none'", "'self'", "'unsafe-inline'", "data:"};
    for (absl::string_view directive : absl::StrSplit(policy, "; ")) {
      const std::vector<absl::string_view> words = absl::StrSplit(directive, ' ');
      for (size_t i = 1; i < words.size(); ++i) EXPECT_EQ(known.count(words[i]), 1) << path << ": " << directive;
    }
    EXPECT_THAT(policy, HasSubstr("; script-src 'self'; connect-src 'self'; ")) << path;
    EXPECT_EQ(answer.Field("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(answer.Field("referrer-policy"), "no-referrer") << path;
  }
}

TEST_P(RestTest, TheScriptComesPackedOrNot) {
  const RestClient stranger = client("");
  const HttpAnswer packed = stranger.Ask("GET", "/docs/scalar.js", "", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(packed.Field("content-encoding"), "gzip");
  EXPECT_EQ(packed.Field("content-type"), "text/javascript; charset=utf-8");
  EXPECT_TRUE(packed.body == web::Scalar());
  const HttpAnswer plain = stranger.Ask("GET", "/docs/scalar.js");
  EXPECT_EQ(plain.Field("content-encoding"), "");
  EXPECT_TRUE(plain.body == *Gunzip(packed.body, 100 << 20));
  EXPECT_EQ(stranger.Ask("GET", "/docs/scalar.js", "", {{"If-None-Match", packed.Field("etag")}}).status, 304);
}

TEST_P(RestTest, DescriptorsAreEnoughForAClient) {
  google::protobuf::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromString(client("").Ask("GET", "/descriptors.binpb").body));
  google::protobuf::DescriptorPool pool;
  for (const auto& file : set.file()) ASSERT_NE(pool.BuildFile(file), nullptr) << file.name();
  EXPECT_NE(pool.FindMethodByName("tsunagu.registry.v1.AreaService.GetArea"), nullptr);
  EXPECT_NE(pool.FindMessageTypeByName("google.rpc.ErrorInfo"), nullptr);
}

TEST_P(RestTest, PersonalDataNeedsItsPurpose) {
  const registry_v1::Nurse nurse = Create(ANurse("見本 花子", "areas/312011"));
  const std::string path = absl::StrCat("/registry/v1/", nurse.name());
  EXPECT_FALSE(Ask("GET", path).json().contains("display_name"));
  const HttpAnswer shown = Ask("GET", path, "", {{"tsunagu-purpose", "%E8%A9%A6%E9%A8%93"}});
  EXPECT_EQ(shown.json()["display_name"], "見本 花子") << shown.body;
}

}  // namespace
}  // namespace tsunagu::wire
