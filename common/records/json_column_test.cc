#include "common/records/json_column.h"

#include <string>

#include "common/testing/sample.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using google::protobuf::util::MessageDifferencer;
using tsunagu::testing::Sample;

const contract::Field& FieldOf(const char* name) { return *contract::Schema::Of(Sample::descriptor()).Find(name); }

TEST(JsonColumn, WordsAsProtobufReadsThem) {
  Sample sample;
  sample.set_title("not of this column");
  for (const char* tag : {"a", "", "東京", "quote\" and \\", "line\nend\x01\x1f", "\x7F", "</script>"})
    sample.add_tags(tag);
  const std::string json = ToJsonColumn(sample, FieldOf("tags"));
  Sample only, read, oracle;
  *only.mutable_tags() = sample.tags();
  ASSERT_TRUE(FromJsonColumn(json, read).ok()) << json;
  EXPECT_TRUE(MessageDifferencer::Equals(read, only)) << json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &oracle).ok()) << json;
  EXPECT_TRUE(MessageDifferencer::Equals(oracle, only)) << json;
}

TEST(JsonColumn, Messages) {
  Sample sample, read;
  sample.mutable_place()->set_title("会館");
  sample.mutable_place()->add_places()->set_floor(-1);
  ASSERT_TRUE(FromJsonColumn(ToJsonColumn(sample, FieldOf("place")), read).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(read, sample));
}

TEST(JsonColumn, NothingWhereNotSet) {
  Sample sample;
  sample.set_title("other");
  EXPECT_EQ(ToJsonColumn(sample, FieldOf("tags")), "");
  EXPECT_EQ(ToJsonColumn(sample, FieldOf("place")), "");
}

TEST(JsonColumn, AddsToWhatIsThere) {
  Sample sample;
  sample.set_title("kept");
  ASSERT_TRUE(FromJsonColumn(R"({"tags":["a"]})", sample).ok());
  EXPECT_EQ(sample.title(), "kept");
  EXPECT_EQ(sample.tags(0), "a");
}

TEST(JsonColumn, PassesOverWhatANewerBinaryWrote) {
  Sample sample;
  ASSERT_TRUE(FromJsonColumn(R"({"place":{"title":"x","colour":"red"},"tags":["a"]})", sample).ok());
  EXPECT_EQ(sample.place().title(), "x");
  EXPECT_EQ(sample.tags_size(), 1);
  EXPECT_TRUE(absl::IsDataLoss(FromJsonColumn("{\"tags\":", sample)));
}

}  // namespace
}  // namespace tsunagu::store
