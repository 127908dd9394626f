#include "common/web/rest/transcode.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/web/rest/contract_testing.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace tsunagu::web {
namespace {

constexpr char kRooms[] = R"(
  service Rooms {
    rpc Get(GetRequest) returns (Room) { option (google.api.http) = {get: "/{name=rooms/*}"}; }
    rpc List(ListRequest) returns (ListResponse) {
      option (google.api.http) = {
        get: "/rooms"
        additional_bindings { get: "/rooms:bare" response_body: "rooms" }
        additional_bindings { get: "/rooms:token" response_body: "next_page_token" }
        additional_bindings { get: "/rooms:first" response_body: "first" }
        additional_bindings { get: "/rooms:count" response_body: "count" }
        additional_bindings { get: "/rooms:map" response_body: "geo_json" }
        additional_bindings { get: "/rooms:plan" response_body: "plan" }
      };
    }
    rpc Create(CreateRequest) returns (Room) { option (google.api.http) = {post: "/rooms" body: "room"}; }
    rpc Update(UpdateRequest) returns (Room) {
      option (google.api.http) = {patch: "/{room.name=rooms/*}" body: "room"};
    }
    rpc End(EndRequest) returns (Room) { option (google.api.http) = {post: "/{name=rooms/*}:end" body: "*"}; }
    rpc Import(ImportRequest) returns (Room) { option (google.api.http) = {post: "/{name=rooms/*}:import" body: "*"}; }
    rpc Floor(FloorRequest) returns (Room) { option (google.api.http) = {post: "/floors/{floor}" body: "*"}; }
  }
  message Room {
    string name = 1;
    string display_name = 2;
    int32 seats = 3;
    repeated string tags = 4;
    Place place = 5;
    string etag = 62;
  }
  message Place { string city = 1; int32 floor = 2; Place within = 3; }
  message GetRequest { string name = 1; google.protobuf.Timestamp as_known_at = 2; }
  enum Kind { KIND_UNSPECIFIED = 0; SMALL = 1; LARGE = 2; }
  message ListRequest {
    int32 page_size = 1;
    string filter = 2;
    repeated Kind kinds = 3;
    google.type.Date as_of_date = 4;
    google.protobuf.Duration longer_than = 5;
    google.protobuf.FieldMask read_mask = 6;
    bytes token = 7;
    bool listed = 8;
    double factor = 9;
    uint64 large = 10;
    Place place = 11;
    repeated Place places = 12;
    map<string, string> labels = 13;
    optional int64 least = 14;
    oneof choice { string by_word = 15; int32 by_number = 16; }
    google.protobuf.Timestamp after_time = 17;
  }
  message ListResponse { repeated Room rooms = 1; string next_page_token = 2; Room first = 3; int64 count = 4;
    bytes geo_json = 5; bytes plan = 6; }
  message CreateRequest { Room room = 1; string room_id = 2; string request_id = 3; bool validate_only = 4; }
  message UpdateRequest { Room room = 1; google.protobuf.FieldMask update_mask = 2; string request_id = 3; }
  message EndRequest { string name = 1; string etag = 2; string request_id = 3; google.type.Date end_date = 4; }
  message ImportRequest { string name = 1; bytes data = 2; bool dry_run = 3; string request_id = 4; }
  message FloorRequest { int32 floor = 1; }
)";

TestContract& Contract() {
  static auto& contract = *new TestContract(kRooms);
  return contract;
}

const HttpRules& Rules() {
  static auto& rules = *new HttpRules(*HttpRules::Create(Contract().methods()));
  return rules;
}

// Returns "REASON" or "path:REASON(arguments) path:REASON".
std::string Show(const absl::Status& status) {
  const Fault fault = FaultOf(status);
  std::vector<std::string> shown;
  for (const Fault& one : fault.faults()) shown.push_back(absl::StrCat(one.field(), ":", ReasonWord(one)));
  return shown.empty() ? ReasonWord(fault) : absl::StrJoin(shown, " ");
}

struct Asked {
  const char* name;
  const char* request;  // "GET /rooms?a=b", then \n and headers, an empty line and a body
  const char* shown;    // the message in text format, or the error
};

std::string Decode(const std::string& text) {
  const std::vector<std::string> head_and_body = absl::StrSplit(text, absl::MaxSplits("\n\n", 1));
  const std::vector<std::string> lines = absl::StrSplit(head_and_body[0], '\n');
  const std::pair<std::string, std::string> verb_and_url = absl::StrSplit(lines[0], absl::MaxSplits(' ', 1));
  const std::pair<std::string, std::string> url = absl::StrSplit(verb_and_url.second, absl::MaxSplits('?', 1));
  RestRequest request;
  request.query = url.second;
  if (head_and_body.size() > 1) request.body = head_and_body[1];
  if (!request.body.empty()) request.content_type = "application/json";
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> header = absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
    if (header.first == "Content-Type") request.content_type = header.second;
    if (header.first == "If-None-Match") request.if_none_match = header.second;
    if (header.first == "If-Match") request.if_match = header.second;
    if (header.first == "Idempotency-Key") request.idempotency_key = header.second;
  }
  if (request.content_type == "") request.content_type.reset();
  const auto match = Rules().Find(verb_and_url.first, url.first);
  if (!match.ok()) return Show(match.status());
  const auto message = Contract().New(match->rule->method->input_type()->name());
  const absl::Status status = DecodeRest(*match, request, *message);
  return status.ok() ? message->ShortDebugString() : Show(status);
}

class Requests : public ::testing::TestWithParam<Asked> {};

TEST_P(Requests, BecomeTheirMessage) { EXPECT_EQ(Decode(GetParam().request), GetParam().shown); }

std::string NameOfCase(const ::testing::TestParamInfo<Asked>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Path, Requests,
    ::testing::Values(Asked{"Name", "GET /rooms/r1", R"(name: "rooms/r1")"},
                      Asked{"Nested", "PATCH /rooms/r1", R"(room { name: "rooms/r1" })"},
                      Asked{"Number", "POST /floors/-3", "floor: -3"},
                      Asked{"NoNumber", "POST /floors/top", "floor:MALFORMED_VALUE"},
                      Asked{"SaidAgainInTheBody", "POST /floors/3\n\n{\"floor\": 3}", "floor: 3"},
                      Asked{"BodySaysOtherwise", "POST /floors/3\n\n{\"floor\": 4}", "floor:SAID_DIFFERENTLY"},
                      Asked{"BodySaysOtherwiseWithin", "PATCH /rooms/r1\n\n{\"name\": \"rooms/r2\"}",
                            "room.name:SAID_DIFFERENTLY"},
                      Asked{"QuerySaysItAgain", "GET /rooms/r1?name=rooms/r1", "name:DUPLICATE_FIELD"}),
    NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    Query, Requests,
    ::testing::Values(
        Asked{"Integer", "GET /rooms?page_size=20", "page_size: 20"},
        Asked{"JsonNames", "GET /rooms?pageSize=20", "page_size: 20"},
        Asked{"Text", "GET /rooms?filter=a+%3D+%22%E5%B8%82%22", R"(filter: "a = \"\345\270\202\"")"},
        Asked{"EmptyText", "GET /rooms?filter=&page_size=1", "page_size: 1"}, Asked{"NoValue", "GET /rooms?filter", ""},
        Asked{"Nothing", "GET /rooms?", ""}, Asked{"EmptyParts", "GET /rooms?&page_size=1&&", "page_size: 1"},
        Asked{"Repeated", "GET /rooms?kinds=SMALL&kinds=LARGE", "kinds: SMALL kinds: LARGE"},
        Asked{"Nested", "GET /rooms?place.city=a&place.within.floor=-2", R"(place { city: "a" within { floor: -2 } })"},
        Asked{"Day", "GET /rooms?as_of_date=2025-04-01", "as_of_date { year: 2025 month: 4 day: 1 }"},
        Asked{"DayInParts", "GET /rooms?as_of_date.year=2025&as_of_date.month=4", "as_of_date { year: 2025 month: 4 }"},
        Asked{"Time", "GET /rooms/r1?as_known_at=2025-04-01T00:00:00Z",
              R"(name: "rooms/r1" as_known_at { seconds: 1743465600 })"},
        Asked{"Duration", "GET /rooms?longer_than=1.5s", "longer_than { seconds: 1 nanos: 500000000 }"},
        Asked{"Mask", "GET /rooms?read_mask=displayName,place.city",
              R"(read_mask { paths: "display_name" paths: "place.city" })"},
        Asked{"Bytes", "GET /rooms?token=_-8%3D", R"(token: "\377\357")"},
        Asked{"True", "GET /rooms?listed=true", "listed: true"},
        Asked{"Double", "GET /rooms?factor=1.5e3", "factor: 1500"},
        Asked{"Uint64", "GET /rooms?large=18446744073709551615", "large: 18446744073709551615"},
        Asked{"PresentZero", "GET /rooms?least=0", "least: 0"},
        Asked{"BesideTheBody", "POST /rooms?room_id=r1\n\n{\"seats\": 2}", R"(room { seats: 2 } room_id: "r1")"},
        Asked{"Unknown", "GET /rooms?pagesize=20", "pagesize:UNKNOWN_FIELD"},
        Asked{"UnknownWithin", "GET /rooms?place.country=a", "place.country:UNKNOWN_FIELD"},
        Asked{"WithinText", "GET /rooms?filter.x=a", "filter.x:UNKNOWN_FIELD"},
        Asked{"Message", "GET /rooms?place=a", "place:UNKNOWN_FIELD"},
        Asked{"RepeatedMessage", "GET /rooms?places.city=a", "places.city:UNKNOWN_FIELD"},
        Asked{"Map", "GET /rooms?labels.a=b", "labels.a:UNKNOWN_FIELD"},
        Asked{"NoName", "GET /rooms?=a", ":UNKNOWN_FIELD"},
        Asked{"Dots", "GET /rooms?place..city=a", "place..city:UNKNOWN_FIELD"},
        Asked{"Twice", "GET /rooms?page_size=1&pageSize=1", "page_size:DUPLICATE_FIELD"},
        Asked{"DayTwice", "GET /rooms?as_of_date=2025-04-01&as_of_date.year=2026", "as_of_date.year:DUPLICATE_FIELD"},
        Asked{"DayTwiceBackwards", "GET /rooms?as_of_date.year=2026&as_of_date=2025-04-01",
              "as_of_date:DUPLICATE_FIELD"},
        Asked{"TwoOfAOneof", "GET /rooms?by_word=a&by_number=1", "by_number:DUPLICATE_FIELD"},
        Asked{"Malformed", "GET /rooms?page_size=many", "page_size:MALFORMED_VALUE"},
        Asked{"TooLarge", "GET /rooms?page_size=2147483648", "page_size:OUT_OF_RANGE"},
        Asked{"Truth", "GET /rooms?listed=1", "listed:MALFORMED_VALUE"},
        Asked{"EnumByNumber", "GET /rooms?kinds=1", "kinds:UNKNOWN_ENUM_VALUE"},
        Asked{"EnumUnknown", "GET /rooms?kinds=HUGE", "kinds:UNKNOWN_ENUM_VALUE"},
        Asked{"NoSuchDay", "GET /rooms?as_of_date=2025-02-29", "as_of_date:DATE_DOES_NOT_EXIST"},
        Asked{"FieldOfTheBody", "POST /rooms?room.seats=2", "room.seats:UNKNOWN_FIELD"},
        Asked{"AllIsInTheBody", "POST /rooms/r1:end?etag=1", "etag:UNKNOWN_FIELD"},
        Asked{"HalfAPercent", "GET /rooms?filter=%4", "MALFORMED_URL"},
        Asked{"NoUtf8", "GET /rooms?filter=%FF", "MALFORMED_URL"},
        Asked{"AllAtOnce", "GET /rooms?page_size=many&x=1&listed=yes",
              "page_size:MALFORMED_VALUE x:UNKNOWN_FIELD listed:MALFORMED_VALUE"}),
    NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    Body, Requests,
    ::testing::Values(
        Asked{"Field", "POST /rooms\n\n{\"displayName\": \"a\", \"tags\": [\"b\"]}",
              R"(room { display_name: "a" tags: "b" })"},
        Asked{"Whole", "POST /rooms/r1:end\n\n{\"end_date\": \"2025-04-01\"}",
              R"(name: "rooms/r1" end_date { year: 2025 month: 4 day: 1 })"},
        Asked{"None", "POST /rooms/r1:end", R"(name: "rooms/r1")"},
        Asked{"EmptyObject", "POST /rooms\n\n{}", "room { }"},
        Asked{"Charset", "POST /rooms\nContent-Type: Application/JSON; charset=UTF-8\n\n{\"seats\": 2}",
              "room { seats: 2 }"},
        Asked{"WhereNoneBelongs", "GET /rooms/r1\n\n{}", "BODY_NOT_TAKEN"},
        Asked{"Form", "POST /rooms\nContent-Type: application/x-www-form-urlencoded\n\nseats=2", "MEDIA_TYPE_UNKNOWN"},
        Asked{"OtherCharset", "POST /rooms\nContent-Type: application/json; charset=shift_jis\n\n{}",
              "MEDIA_TYPE_UNKNOWN"},
        Asked{"NoType", "POST /rooms\nContent-Type: \n\n{}", "CONTENT_TYPE_MISSING"},
        Asked{"NoJson", "POST /rooms\n\n{\"seats\": }", "MALFORMED_JSON"},
        Asked{"List", "POST /rooms\n\n[]", "MALFORMED_JSON"}, Asked{"Behind", "POST /rooms\n\n{} {}", "MALFORMED_JSON"},
        Asked{"UnknownField", "POST /rooms\n\n{\"seat\": 1}", "room.seat:UNKNOWN_FIELD"},
        Asked{"Twice", "POST /rooms\n\n{\"display_name\": \"a\", \"displayName\": \"a\"}",
              "room.display_name:DUPLICATE_FIELD"},
        Asked{"PathsOfTheWhole", "POST /rooms/r1:end\n\n{\"end_date\": \"2025-02-30\"}",
              "end_date:DATE_DOES_NOT_EXIST"},
        Asked{"WithTheQuery", "POST /rooms?validate_only=maybe\n\n{\"seats\": 1.5, \"place\": {\"x\": 1}}",
              "room.seats:MALFORMED_VALUE room.place.x:UNKNOWN_FIELD validate_only:MALFORMED_VALUE"}),
    NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    File, Requests,
    ::testing::Values(
        Asked{"Csv", "POST /rooms/r1:import?dry_run=true\nContent-Type: text/csv; charset=shift_jis\n\na,b",
              R"(name: "rooms/r1" data: "a,b" dry_run: true)"},
        Asked{"Bytes", "POST /rooms/r1:import\nContent-Type: application/octet-stream\nIdempotency-Key: k1\n\n{}",
              R"(name: "rooms/r1" data: "{}" request_id: "k1")"},
        Asked{"Empty", "POST /rooms/r1:import?dry_run=true\nContent-Type: text/csv",
              R"(name: "rooms/r1" dry_run: true)"},
        Asked{"AsJson", "POST /rooms/r1:import\n\n{\"data\": \"YSxi\", \"dry_run\": true}",
              R"(name: "rooms/r1" data: "a,b" dry_run: true)"},
        Asked{"JsonSaysAll", "POST /rooms/r1:import?dry_run=true\n\n{\"data\": \"YSxi\"}", "dry_run:UNKNOWN_FIELD"},
        Asked{"DataInTheQuery", "POST /rooms/r1:import?data=YSxi\nContent-Type: text/csv\n\na", "data:UNKNOWN_FIELD"},
        Asked{"TypeThatIsNoText", "POST /rooms/r1:import\nContent-Type: \x9F\xFF/png\n\na", "MEDIA_TYPE_UNKNOWN"},
        Asked{"OtherType", "POST /rooms/r1:import\nContent-Type: image/png\n\na", "MEDIA_TYPE_UNKNOWN"},
        Asked{"WhereNoneBelongs", "POST /rooms/r1:end\nContent-Type: text/csv\n\na", "MEDIA_TYPE_UNKNOWN"}),
    NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    Mask, Requests,
    ::testing::Values(Asked{"WhatTheBodyNames",
                            "PATCH /rooms/r1\n\n{\"seats\": 2, \"displayName\": \"\", \"place\": null}",
                            R"(room { name: "rooms/r1" seats: 2 } )"
                            R"(update_mask { paths: "seats" paths: "display_name" paths: "place" })"},
                      Asked{"WholeMessages", "PATCH /rooms/r1\n\n{\"place\": {\"floor\": 1}}",
                            R"(room { name: "rooms/r1" place { floor: 1 } } update_mask { paths: "place" })"},
                      Asked{"NotNameAndEtag",
                            "PATCH /rooms/r1\n\n{\"name\": \"rooms/r1\", \"etag\": \"1\", \"seats\": 2}",
                            R"(room { name: "rooms/r1" seats: 2 etag: "1" } update_mask { paths: "seats" })"},
                      Asked{"Given", "PATCH /rooms/r1?update_mask=seats\n\n{\"seats\": 2, \"display_name\": \"a\"}",
                            R"(room { name: "rooms/r1" display_name: "a" seats: 2 } update_mask { paths: "seats" })"},
                      Asked{"GivenEmpty", "PATCH /rooms/r1?update_mask=\n\n{\"seats\": 2}",
                            R"(room { name: "rooms/r1" seats: 2 } update_mask { })"},
                      Asked{"NotOfAPost", "POST /rooms\n\n{\"seats\": 2}", "room { seats: 2 }"}),
    NameOfCase);

INSTANTIATE_TEST_SUITE_P(
    Headers, Requests,
    ::testing::Values(
        Asked{"IfMatch", "POST /rooms/r1:end\nIf-Match: \"3\"", R"(name: "rooms/r1" etag: "3")"},
        Asked{"IfMatchOfTheRecord", "PATCH /rooms/r1\nIf-Match: \"3\"", R"(room { name: "rooms/r1" etag: "3" })"},
        Asked{"IfMatchAny", "POST /rooms/r1:end\nIf-Match: *", R"(name: "rooms/r1")"},
        Asked{"IfMatchSame", "POST /rooms/r1:end\nIf-Match: \"3\"\n\n{\"etag\": \"3\"}",
              R"(name: "rooms/r1" etag: "3")"},
        Asked{"IfMatchOther", "POST /rooms/r1:end\nIf-Match: \"3\"\n\n{\"etag\": \"4\"}", "If-Match:SAID_DIFFERENTLY"},
        Asked{"IfMatchWeak", "POST /rooms/r1:end\nIf-Match: W/\"3\"", "If-Match:MALFORMED_HEADER"},
        Asked{"IfMatchList", "POST /rooms/r1:end\nIf-Match: \"3\", \"4\"", "If-Match:MALFORMED_HEADER"},
        Asked{"IfMatchBare", "POST /rooms/r1:end\nIf-Match: 3", "If-Match:MALFORMED_HEADER"},
        Asked{"IfMatchQuote", "POST /rooms/r1:end\nIf-Match: \"", "If-Match:MALFORMED_HEADER"},
        Asked{"IfMatchOfNothing", "POST /rooms\nIf-Match: \"3\"", "If-Match:IF_MATCH_NOT_TAKEN"},
        Asked{"IfMatchOfAGet", "GET /rooms/r1\nIf-Match: \"3\"", "If-Match:IF_MATCH_NOT_TAKEN"},
        Asked{"IfNoneMatchOfAGet", "GET /rooms/r1\nIf-None-Match: \"3\"", R"(name: "rooms/r1")"},
        Asked{"IfNoneMatchOfAChange", "PATCH /rooms/r1\nIf-None-Match: *", "If-None-Match:IF_NONE_MATCH_NOT_TAKEN"},
        Asked{"Key", "POST /rooms\nIdempotency-Key: \"k1\"", R"(request_id: "k1")"},
        Asked{"KeyBare", "POST /rooms\nIdempotency-Key: k1", R"(request_id: "k1")"},
        Asked{"KeySame", "POST /rooms?request_id=k1\nIdempotency-Key: k1", R"(request_id: "k1")"},
        Asked{"KeyOther", "POST /rooms?request_id=k2\nIdempotency-Key: k1", "Idempotency-Key:SAID_DIFFERENTLY"},
        Asked{"KeyHalfQuoted", "POST /rooms\nIdempotency-Key: \"k1", "Idempotency-Key:MALFORMED_HEADER"},
        Asked{"KeyEmpty", "POST /rooms\nIdempotency-Key: \"\"", "Idempotency-Key:MALFORMED_HEADER"},
        Asked{"KeyOfARead", "GET /rooms\nIdempotency-Key: k1", ""}),
    NameOfCase);

TEST(TranscodeTest, ARefusedRequestLeavesTheMessageAlone) {
  const auto match = Rules().Find("GET", "/rooms");
  const auto message = Contract().New("ListRequest");
  RestRequest request;
  request.query = "page_size=3";
  ASSERT_TRUE(DecodeRest(*match, request, *message).ok());
  request.query = "filter=a&page_size=x";
  EXPECT_FALSE(DecodeRest(*match, request, *message).ok());
  EXPECT_EQ(message->ShortDebugString(), "page_size: 3");
}

TEST(TranscodeTest, AnswersAreCanonicalJsonOrThePartThatTheRuleNames) {
  const auto answer = Contract().New("ListResponse");
  const auto encode = [&](const char* path) { return *EncodeRest(*Rules().Find("GET", path)->rule, *answer); };
  EXPECT_EQ(encode("/rooms"), "{}");
  EXPECT_EQ(encode("/rooms:bare"), "[]");
  EXPECT_EQ(encode("/rooms:token"), "\"\"");
  EXPECT_EQ(encode("/rooms:first"), "{}");
  EXPECT_EQ(encode("/rooms:count"), "\"0\"");
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(rooms { display_name: "a" etag: "3" } rooms { seats: 2 } next_page_token: "x}" first { seats: 1 } count: 7)",
      answer.get()));
  EXPECT_EQ(encode("/rooms"),
            R"({"rooms":[{"display_name":"a","etag":"3"},{"seats":2}],"next_page_token":"x}","first":{"seats":1},)"
            R"("count":"7"})");
  EXPECT_EQ(encode("/rooms:bare"), R"([{"display_name":"a","etag":"3"},{"seats":2}])");
  EXPECT_EQ(encode("/rooms:token"), "\"x}\"");
  EXPECT_EQ(encode("/rooms:first"), R"({"seats":1})");
  EXPECT_EQ(encode("/rooms:count"), "\"7\"");
}

TEST(TranscodeTest, BytesOfAResponseBodyGoOutAsTheyAre) {
  const auto answer = Contract().New("ListResponse");
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(geo_json: '{"type":"Point"}' count: 7 plan: "\377")",
                                                            answer.get()));
  const auto rule = [](const char* path) -> const HttpRule& { return *Rules().Find("GET", path)->rule; };
  EXPECT_EQ(*EncodeRest(rule("/rooms:map"), *answer), R"({"type":"Point"})");
  EXPECT_EQ(*EncodeRest(rule("/rooms:plan"), *answer), "\xff");
  EXPECT_STREQ(AnswerTypeOf(rule("/rooms:map")), "application/geo+json");
  EXPECT_STREQ(AnswerTypeOf(rule("/rooms:plan")), "application/octet-stream");
  EXPECT_STREQ(AnswerTypeOf(rule("/rooms:count")), "application/json");
  EXPECT_STREQ(AnswerTypeOf(rule("/rooms")), "application/json");
}

TEST(TranscodeTest, EtagsAreQuoted) {
  const auto room = Contract().New("Room");
  EXPECT_EQ(EtagOf(*room), "");
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(etag: "3")", room.get()));
  EXPECT_EQ(EtagOf(*room), "\"3\"");
  EXPECT_EQ(EtagOf(*Contract().New("Place")), "");
}

}  // namespace
}  // namespace tsunagu::web
