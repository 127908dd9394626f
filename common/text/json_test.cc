#include "common/text/json.h"

#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;
using tsunagu::testing::Everything;
using tsunagu::testing::Sample;

// Returns "REASON" or "path:REASON path:REASON".
std::string Show(const absl::Status& status) {
  if (status.ok()) return "OK";
  const Fault fault = FaultOf(status);
  std::vector<std::string> shown;
  for (const Fault& one : fault.faults()) shown.push_back(absl::StrCat(one.field(), ":", ReasonWord(one)));
  return shown.empty() ? ReasonWord(fault) : absl::StrJoin(shown, " ");
}

std::string Repeat(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

struct Good {
  const char* name;
  std::string json;
  std::string text;  // of an Everything, in text format
};

class JsonGood : public ::testing::TestWithParam<Good> {};

TEST_P(JsonGood, IsRead) {
  Everything message;
  message.set_real(1);
  const absl::Status status = JsonToMessage(GetParam().json, message);
  ASSERT_TRUE(status.ok()) << Show(status);
  EXPECT_EQ(message.ShortDebugString(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonGood,
    ::testing::Values(
        Good{"Empty", "{}", ""}, Good{"Space", " \n{ } ", ""}, Good{"Null", R"({"real":null,"samples":null})", ""},
        Good{"Real", R"({"real":1.5e3})", "real: 1500"}, Good{"RealInteger", R"({"real":-2})", "real: -2"},
        Good{"RealText", R"({"real":"-Infinity"})", "real: -inf"}, Good{"Coarse", R"({"coarse":0.5})", "coarse: 0.5"},
        Good{"MinusZero", R"({"real":-0.0,"coarse":-1e-60})", ""},
        Good{"Natural", R"({"natural":4294967295})", "natural: 4294967295"},
        Good{"Large", R"({"large":"18446744073709551615"})", "large: 18446744073709551615"},
        Good{"IntegerWithAPoint", R"({"byNumber":-12.0,"natural":1e1})", "natural: 10 by_number: -12"},
        Good{"LargestWithAPoint", R"({"byNumber":9007199254740991.0})", "by_number: 9007199254740991"},
        Good{"IntegerAsText", R"({"byNumber":"-9223372036854775808"})", "by_number: -9223372036854775808"},
        Good{"ContractName", R"({"by_number":7})", "by_number: 7"}, Good{"Zigzag", R"({"zigzag":-7})", "zigzag: -7"},
        Good{"Bytes", R"({"data":"aGk="})", "data: \"hi\""},
        Good{"BytesForUrls", R"({"data":"_-8"})", "data: \"\\377\\357\""},
        Good{"Span", R"({"span":"-3.5s"})", "span { seconds: -3 nanos: -500000000 }"},
        Good{"Mask", R"({"mask":"displayName,place.floor"})",
             "mask { paths: \"display_name\" paths: \"place.floor\" }"},
        Good{"MaskOfContractNames", R"({"mask":"display_name,*"})", "mask { paths: \"display_name\" paths: \"*\" }"},
        Good{"Map", R"({"counts":{"a b":1}})", "counts { key: \"a b\" value: 1 }"},
        Good{"MapOfMessages", R"({"floors":{"-1":{"floor":2}}})", "floors { key: -1 value { floor: 2 } }"},
        Good{"MapByBool", R"({"verdicts":{"true":"ENDED"}})", "verdicts { key: true value: ENDED }"},
        Good{"Boxed", R"({"boxed":"x"})", "boxed { value: \"x\" }"}, Good{"Oneof", R"({"byWord":""})", "by_word: \"\""},
        Good{"DayAsText", R"({"days":["2025-04-01"]})", "days { year: 2025 month: 4 day: 1 }"},
        Good{"DayAsObject", R"({"days":[{"year":2025,"month":4,"day":1}]})", "days { year: 2025 month: 4 day: 1 }"},
        Good{"Times", R"({"times":["1970-01-01T09:00:01.5+09:00"]})", "times { seconds: 1 nanos: 500000000 }"},
        Good{"TimeBefore1970", R"({"times":["1969-12-31T23:59:59.5Z"]})", "times { seconds: -1 nanos: 500000000 }"},
        Good{"EnumByNumber", R"({"states":["DRAFT",3]})", "states: DRAFT states: ENDED"},
        Good{"Nested", R"({"samples":[{},{"place":{"places":[{"floor":1}]},"tags":["東京","\u6771"]}]})",
             "samples { } samples { tags: \"\\346\\235\\261\\344\\272\\254\" tags: \"\\346\\235\\261\" "
             "place { places { floor: 1 } } }"},
        Good{"AsDeepAsAllowed", "{\"floors\":{\"1\":" + Repeat(14, "{\"places\":[") + "{}" + Repeat(14, "]}") + "}}",
             ("floors { key: 1 value { " + Repeat(14, "places { ") + Repeat(14, "} ") + "} }")}),
    [](const auto& row) { return row.param.name; });

struct Bad {
  const char* name;
  std::string json;
  const char* faults;
};

class JsonBad : public ::testing::TestWithParam<Bad> {};

TEST_P(JsonBad, IsRefusedWithPaths) {
  Everything message;
  message.set_real(1);
  EXPECT_EQ(Show(JsonToMessage(GetParam().json, message)), GetParam().faults);
  EXPECT_EQ(message.ShortDebugString(), "real: 1") << "a refused message changes nothing";
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonBad,
    ::testing::Values(
        Bad{"Nothing", "", "MALFORMED_JSON"}, Bad{"List", "[]", "MALFORMED_JSON"},
        Bad{"Text", "\"a\"", "MALFORMED_JSON"}, Bad{"TrailingComma", "{\"real\":1,}", "MALFORMED_JSON"},
        Bad{"Comment", "{}//", "MALFORMED_JSON"}, Bad{"Twice", "{}{}", "MALFORMED_JSON"},
        Bad{"SingleQuotes", "{'real':1}", "MALFORMED_JSON"},
        Bad{"LoneSurrogate", R"({"byWord":"\ud800"})", "MALFORMED_JSON"},
        Bad{"Huge", R"({"real":1e999})", "MALFORMED_JSON"},
        Bad{"ControlCharacter", "{\"byWord\":\"a\nb\"}", "MALFORMED_JSON"},
        Bad{"NotUtf8", "{\"byWord\":\"\xFF\"}", "INVALID_UTF8"},
        Bad{"TooDeep", "{\"samples\":" + Repeat(40, "["), "MALFORMED_JSON"},
        Bad{"TooLarge", "{\"byWord\":\"" + std::string(4 * 1024 * 1024, 'x') + "\"}", "MESSAGE_TOO_LARGE"},
        Bad{"Unknown", R"({"color":{"a":[1,{"b":null}]},"real":1})", "color:UNKNOWN_FIELD"},
        Bad{"AllAtOnce", R"({"x":1,"samples":[{},{"y":1,"tags":["a",1],"state":"OPEN"}],"natural":-1})",
            "x:UNKNOWN_FIELD samples[1].y:UNKNOWN_FIELD samples[1].tags[1]:MALFORMED_VALUE "
            "samples[1].state:UNKNOWN_ENUM_VALUE natural:MALFORMED_VALUE"},
        Bad{"Duplicate", R"({"real":1,"real":2})", "real:DUPLICATE_FIELD"},
        Bad{"DuplicateSpelling", R"({"by_word":"a","byWord":"b"})", "by_word:DUPLICATE_FIELD"},
        Bad{"DuplicateKey", R"({"counts":{"a":1,"a":2}})", "counts.a:DUPLICATE_FIELD"},
        Bad{"TwoOfAOneof", R"({"byWord":"a","byNumber":1})", "by_number:MALFORMED_VALUE"},
        Bad{"ListInList", R"({"flags":[[true]]})", "flags[0]:MALFORMED_VALUE"},
        Bad{"ListInListOfMessages", R"({"samples":[[{}],{}]})", "samples[0]:MALFORMED_VALUE"},
        Bad{"NullInList", R"({"flags":[true,null]})", "flags[1]:MALFORMED_VALUE"},
        Bad{"NullInMap", R"({"counts":{"a":null}})", "counts.a:MALFORMED_VALUE"},
        Bad{"ScalarForList", R"({"flags":true})", "flags:MALFORMED_VALUE"},
        Bad{"ObjectForList", R"({"samples":{}})", "samples:MALFORMED_VALUE"},
        Bad{"ObjectForScalar", R"({"real":{"x":1}})", "real:MALFORMED_VALUE"},
        Bad{"ObjectForTime", R"({"times":[{"seconds":1}]})", "times[0]:MALFORMED_VALUE"},
        Bad{"ListForScalar", R"({"real":[1]})", "real:MALFORMED_VALUE"},
        Bad{"ListForMap", R"({"counts":[]})", "counts:MALFORMED_VALUE"},
        Bad{"ScalarForMessage", R"({"samples":["a"]})", "samples[0]:MALFORMED_VALUE"},
        Bad{"MapKeyNotANumber", R"({"floors":{"x":{"nothing":1}}})", "floors.x:MALFORMED_VALUE"},
        Bad{"MapValue", R"({"floors":{"1":{"nothing":1}}})", "floors.1.nothing:UNKNOWN_FIELD"},
        Bad{"TextForBool", R"({"flags":["true"]})", "flags[0]:MALFORMED_VALUE"},
        Bad{"NumberForText", R"({"byWord":1})", "by_word:MALFORMED_VALUE"},
        Bad{"Fraction", R"({"byNumber":1.5})", "by_number:MALFORMED_VALUE"},
        Bad{"NotExact", R"({"byNumber":9007199254740992.0})", "by_number:MALFORMED_VALUE"},
        Bad{"NegativeWhole", R"({"natural":-1.0})", "natural:MALFORMED_VALUE"},
        Bad{"Beyond64Bits", R"({"byNumber":9223372036854775808})", "by_number:OUT_OF_RANGE"},
        Bad{"Beyond32Bits", R"({"natural":4294967296})", "natural:MALFORMED_VALUE"},
        Bad{"IntegerWithSpace", R"({"byNumber":" 1"})", "by_number:MALFORMED_VALUE"},
        Bad{"RealWord", R"({"real":"nan"})", "real:MALFORMED_VALUE"},
        Bad{"RealHex", R"({"real":"0x1"})", "real:MALFORMED_VALUE"},
        Bad{"NoBase64", R"({"data":"*"})", "data:MALFORMED_VALUE"},
        Bad{"EnumUnknownNumber", R"({"states":[9]})", "states[0]:UNKNOWN_ENUM_VALUE"},
        Bad{"DayNotThere", R"({"days":["2025-02-29"]})", "days[0]:DATE_DOES_NOT_EXIST"},
        Bad{"DayOtherSpelling", R"({"days":["R7.4.1"]})", "days[0]:MALFORMED_VALUE"},
        Bad{"TimeWithoutOffset", R"({"times":["2025-04-01T00:00:00"]})", "times[0]:MALFORMED_VALUE"},
        Bad{"TimeBeyond", R"({"times":["9999-12-31T23:59:59-01:00"]})", "times[0]:MALFORMED_VALUE"},
        Bad{"TimeTenDecimals", R"({"times":["2025-04-01T00:00:00.0000000001Z"]})", "times[0]:MALFORMED_VALUE"},
        Bad{"SpanWithoutUnit", R"({"span":"3"})", "span:MALFORMED_VALUE"},
        Bad{"SpanTooLong", R"({"span":"315576000000.1s"})", "span:MALFORMED_VALUE"},
        Bad{"MaskWithSpace", R"({"mask":"a, b"})", "mask:MALFORMED_VALUE"}),
    [](const auto& row) { return row.param.name; });

TEST(Json, SaysLineAndColumn) {
  const std::pair<std::string, std::string> cases[] = {{"{\n \"byWord\": \"東京\" x}", "2:17"},
                                                       {"{", "1:2"},
                                                       {"", "1:1"},
                                                       {"[]", "1:1 {"},
                                                       {"{\n" + Repeat(40, "["), "2:32 more than 32 levels"}};
  for (const auto& [json, detail] : cases) {
    Everything message;
    EXPECT_EQ(FaultOf(JsonToMessage(json, message)).args().at("detail"), detail) << json;
  }
}

TEST(Json, NamesTheAllowedEnumValues) {
  Everything message;
  const Fault fault = FaultOf(JsonToMessage(R"({"states":["OPEN"]})", message));
  EXPECT_EQ(fault.faults(0).args().at("allowed"), "DRAFT, ACTIVE, ENDED");
}

TEST(Json, CapsFaultsAndWhatTheyRepeat) {
  std::string json = "{";
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&json, "\"", std::string(1000, 'x'), i, "\\n\":1,");
  json += "\"real\":1}";
  Everything message;
  const Fault fault = FaultOf(JsonToMessage(json, message));
  EXPECT_EQ(fault.faults_size(), 20);
  EXPECT_EQ(fault.omitted(), 980);
  EXPECT_LT(fault.faults(0).field().size(), 100u);
}

Everything RandomEverything(std::mt19937& random) {
  auto chance = [&] { return random() % 2 == 0; };
  Everything message;
  if (chance()) message.set_real(static_cast<double>(random()) / 7);
  if (chance()) message.set_coarse(static_cast<float>(random()) / 7);
  if (chance()) message.set_natural(random());
  if (chance()) message.set_large(uint64_t{random()} << 32);
  if (chance()) message.set_data(std::string(random() % 5, static_cast<char>(random())));
  if (chance()) message.mutable_span()->set_nanos(random() % 1'000'000'000);
  if (chance()) message.mutable_mask()->add_paths("place.display_name");
  for (int i = random() % 4; i > 0; --i) {
    (*message.mutable_counts())[absl::StrCat(random() % 9)] = -static_cast<int64_t>(random());
  }
  for (int i = random() % 4; i > 0; --i) (*message.mutable_floors())[random() % 9 - 4].set_title("\"\\\n\t\x01</東");
  if (chance()) message.set_by_word(chance() ? "" : "語");
  if (chance()) message.mutable_boxed()->set_value(chance() ? "" : "x");
  for (int i = random() % 3; i > 0; --i) {
    Sample& sample = *message.add_samples();
    if (chance()) sample.set_capacity(random() % 3);
    if (chance()) sample.set_state(static_cast<Sample::State>(random() % 4));
    if (chance()) sample.mutable_place()->add_places()->set_floor(-1);
    for (int j = random() % 3; j > 0; --j) sample.add_tags(absl::StrCat("t", j));
    if (chance()) sample.mutable_start_date()->set_year(2025);
  }
  for (int i = random() % 3; i > 0; --i) {
    auto& time = *message.add_times();
    time.set_seconds(static_cast<int64_t>(random()) - 2'000'000'000);
    time.set_nanos(random() % 1000 * (chance() ? 1'000'000 : 1));
  }
  for (int i = random() % 3; i > 0; --i) message.add_states(Sample::ENDED);
  for (int i = random() % 3; i > 0; --i) message.add_flags(chance());
  if (chance()) (*message.mutable_verdicts())[chance()] = Sample::DRAFT;
  return message;
}

TEST(Json, ReadsWhatItWritesAsProtobufDoes) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const Everything message = RandomEverything(random);
    const auto json = MessageToJson(message, round % 2 == 0);
    ASSERT_TRUE(json.ok());
    Everything read;
    const absl::Status status = JsonToMessage(*json, read);
    ASSERT_TRUE(status.ok()) << Show(status) << *json;
    ASSERT_TRUE(MessageDifferencer::Equals(read, message)) << *json << "\n" << read.DebugString();
    Everything oracle;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*json, &oracle).ok());
    ASSERT_TRUE(MessageDifferencer::Equals(read, oracle)) << *json;
  }
}

TEST(Json, IsCanonical) {
  Everything message;
  for (int i = 9; i > 0; --i) (*message.mutable_counts())[absl::StrCat("k", i)] = i;
  message.add_samples()->set_amount_yen(5);
  message.set_real(1);
  const std::string expected =
      R"({"real":1,"counts":{"k1":"1","k2":"2","k3":"3","k4":"4","k5":"5","k6":"6","k7":"7","k8":"8","k9":"9"},)"
      R"("samples":[{"amount_yen":"5"}]})";
  EXPECT_EQ(*MessageToJson(message, false), expected);
  Everything copy;
  for (int i = 1; i < 10; ++i) (*copy.mutable_counts())[absl::StrCat("k", i)] = i;
  copy.MergeFromString(message.SerializeAsString());
  copy.mutable_samples()->RemoveLast();
  copy.add_samples()->set_amount_yen(5);
  EXPECT_EQ(*MessageToJson(copy, false), expected);
  EXPECT_EQ(*MessageToJson(Sample(), true), "{}\n");
}

TEST(Json, RefusesToWriteWhatJsonCannotSay) {
  Everything message;
  message.add_times()->set_seconds(int64_t{1} << 60);
  const auto json = MessageToJson(message, false);
  EXPECT_EQ(json.status().code(), absl::StatusCode::kInternal);
}

// Copies every type of a file into a separate pool, like contracts that this process was not built with.
void Copy(const google::protobuf::FileDescriptor* file, google::protobuf::DescriptorPool& pool) {
  if (pool.FindFileByName(file->name()) != nullptr) return;
  for (int i = 0; i < file->dependency_count(); ++i) Copy(file->dependency(i), pool);
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  ASSERT_NE(pool.BuildFile(proto), nullptr) << file->name();
}

TEST(Json, WorksOnDynamicMessages) {
  google::protobuf::DescriptorPool pool;
  Copy(Everything::descriptor()->file(), pool);
  google::protobuf::DynamicMessageFactory factory(&pool);
  const auto* type = pool.FindMessageTypeByName("tsunagu.testing.Everything");
  std::mt19937 random(6);
  for (int round = 0; round < 50; ++round) {
    const Everything message = RandomEverything(random);
    const auto json = MessageToJson(message, false);
    std::unique_ptr<google::protobuf::Message> dynamic(factory.GetPrototype(type)->New());
    const absl::Status status = JsonToMessage(*json, *dynamic);
    ASSERT_TRUE(status.ok()) << Show(status) << *json;
    ASSERT_EQ(*MessageToJson(*dynamic, false), *json);
    Everything back;
    ASSERT_TRUE(back.ParseFromString(dynamic->SerializeAsString()));
    ASSERT_TRUE(MessageDifferencer::Equals(back, message)) << *json;
  }
  std::unique_ptr<google::protobuf::Message> dynamic(factory.GetPrototype(type)->New());
  EXPECT_EQ(Show(JsonToMessage(R"({"days":["2025-04-01"],"times":["x"]})", *dynamic)), "times[0]:MALFORMED_VALUE");
}

TEST(Json, SurvivesAnyBytes) {
  std::mt19937 random(9);
  const std::string pieces[] = {"{",           "}",          "[",     "]",    ":",    ",",          "\"",
                                "\"samples\"", "\"floors\"", "\"1\"", "null", "1",    "-",          "true",
                                "\"times\"",   "\"boxed\"",  "\\",    "東",   "\xE6", "\"counts\"", "{\"real\":"};
  for (int i = 0; i < 30000; ++i) {
    std::string json = random() % 2 == 0 ? "{\"samples\":" : "{";
    for (int j = random() % 14; j > 0; --j) json += pieces[random() % std::size(pieces)];
    Everything message;
    const absl::Status status = JsonToMessage(json, message);
    ASSERT_TRUE(status.ok() || ReasonOf(status) != "INTERNAL"_reason) << json;
  }
}

}  // namespace
}  // namespace tsunagu::contract
