#include "common/access/shipped_role.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace tsunagu::access {
namespace {

namespace v1 = platform::v1;

std::vector<std::string> Words(absl::string_view text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

template <typename List>
std::string Text(const List& list) {
  return absl::StrJoin(list, " ");
}

void Fill(absl::string_view words, google::protobuf::RepeatedPtrField<std::string>* list) {
  for (const std::string& word : Words(words)) *list->Add() = word;
}

TEST(ShippedRoleTest, IsMergedIntoWhatIsThere) {
  struct Case {
    const char* name;
    const char* base;     // shipped by the version before
    const char* here;     // the role as it is now
    const char* own;      // recorded by the merge before
    const char* shipped;  // the newer version
    const char* merged;
    const char* now_own;
  };
  const Case cases[] = {
      {"nothing was changed", "a b", "a b", "", "a b", "a b", ""},
      {"what is new is added", "a b", "a b", "", "a b c", "a b c", ""},
      {"what is withdrawn is removed", "a b", "a b", "", "a", "a", ""},
      {"what was added here stays", "a", "a x", "", "a b", "a x b", "x"},
      {"what was removed here stays removed", "a b", "a", "", "a b c", "a c", ""},
      {"removed here and withdrawn", "a b", "a", "", "a", "a", ""},
      {"removed here, withdrawn and shipped again", "a", "a", "", "a b", "a b", ""},
      {"added here and shipped later", "a", "a b", "", "a b", "a b", "b"},
      {"added here, shipped later, withdrawn later", "a b", "a b", "b", "a", "a b", "b"},
      {"added here, shipped later, removed here", "a b", "a", "b", "a b c", "a c", ""},
      {"added here and withdrawn elsewhere", "a b", "a b x", "x", "a", "a x", "x"},
      {"everything at once", "a b c d", "b c x", "", "a c d e f", "c x e f", "x"},
      {"all words were replaced here", "a b", "x y", "", "a b c", "x y c", "x y"},
      {"replaced by narrower words", "nurses.*", "nurses.read", "", "nurses.* areas.read", "nurses.read areas.read",
       "nurses.read"},
      {"a wider word is shipped", "nurses.read", "nurses.read", "", "nurses.*", "nurses.*", ""},
      {"nothing is left of it", "a b", "b", "", "a", "", ""},
      {"the order of the installation stays", "a b c", "c b a", "", "a b c d", "c b a d", ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    v1::Role role;
    role.set_name("services/registry/roles/reception");
    role.set_display_name("受付");
    role.set_etag("7");
    role.set_shipped_version(4);
    Fill(one.base, role.mutable_shipped_permissions());
    Fill(one.here, role.mutable_permissions());
    Fill(one.own, role.mutable_own_permissions());
    const v1::Role merged = Merge({"reception", "窓口", 5, Words(one.shipped)}, role);
    EXPECT_EQ(Text(merged.permissions()), one.merged);
    EXPECT_EQ(Text(merged.own_permissions()), one.now_own);
    EXPECT_EQ(Text(merged.shipped_permissions()), one.shipped);
    EXPECT_EQ(merged.shipped_version(), 5);
    EXPECT_EQ(merged.display_name(), "受付") << "its name is the installation's";
    EXPECT_EQ(merged.name() + merged.etag(), role.name() + role.etag());
    const v1::Role again = Merge({"reception", "窓口", 6, Words(one.shipped)}, merged);
    EXPECT_EQ(Text(again.permissions()), one.merged) << "the same once more changes nothing";
  }
}

TEST(ShippedRoleTest, WithoutAVersionItIsTheFirst) {
  struct Case {
    const char* name;
    const char* here;
    const char* first;
    const char* shipped;
    const char* merged;
    const char* now_own;
  };
  const Case cases[] = {
      {"as it was shipped", "a b", "a b", "a c", "a c", ""},
      {"with a word of its own", "a b x", "a b", "a c", "a x c", "x"},
      {"with one removed", "b", "a b", "a b c", "b c", ""},
      {"a first version that is still the last", "a x", "", "a b", "a x", "x"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    v1::Role role;
    Fill(one.here, role.mutable_permissions());
    const v1::Role merged = Merge({"reception", "窓口", 2, Words(one.shipped), Words(one.first)}, role);
    EXPECT_EQ(Text(merged.permissions()), one.merged);
    EXPECT_EQ(Text(merged.own_permissions()), one.now_own);
  }
}

}  // namespace
}  // namespace tsunagu::access
