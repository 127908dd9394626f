// A page ends at 1 MiB of rows or at the requested number, and the next page continues after it.
#include <set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/change.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;

constexpr int kRows = 300;
constexpr size_t kMost = (1 << 20) + 64 * 1024;  // the rows, and what stands around them

class PageBytesTest : public SuiteTest {
 protected:
  static std::string Wide() {
    std::string note;
    while (note.size() < 5'900) note += "注";
    return note;
  }
  void CreateWide() {
    std::string file = "facility_id,display_name,note\n";
    for (int i = 0; i < kRows; ++i) absl::StrAppend(&file, "f", 1000 + i, ",見本事業所,", Wide(), "\n");
    ASSERT_EQ(ImportCsv(admin(), "facilities", file).counts.created_count(), kRows);
  }
  // Every name once, in pages none of which is too large; how many pages there were.
  template <class Page, class Rows>
  static int Read(std::multiset<std::string>& names, const std::function<absl::StatusOr<Page>(const std::string&)>& ask,
                  const Rows& rows) {
    std::string token;
    int pages = 0;
    do {
      const auto page = ask(token);
      EXPECT_EQ(Said(page), "OK");
      if (!page.ok()) return pages;
      EXPECT_LE(page->ByteSizeLong(), kMost);
      rows(*page, names);
      token = TokenOf(*page);
      ++pages;
    } while (!token.empty());
    return pages;
  }
  static std::string TokenOf(const registry_v1::ListFacilitiesResponse& page) { return page.next_page_token(); }
  static std::string TokenOf(const platform_v1::ListRevisionsResponse& page) { return page.next_page_token(); }
  static std::string TokenOf(const platform_v1::ReadChangesResponse& page) {
    return page.more() ? page.resume_token() : "";
  }

  int List(registry_v1::ListFacilitiesRequest request, std::multiset<std::string>& names) {
    request.set_page_size(1000);
    return Read<registry_v1::ListFacilitiesResponse>(
        names,
        [&](const std::string& token) {
          request.set_page_token(token);
          return admin().Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                                   request);
        },
        [](const auto& page, auto& seen) {
          for (const auto& facility : page.facilities()) seen.insert(facility.name());
        });
  }
  static void ExpectAllOnce(const std::multiset<std::string>& names, int count) {
    EXPECT_EQ(names.size(), count);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), count);
  }
};
WIRE_TEST_ON_BOTH(PageBytesTest);

TEST_P(PageBytesTest, OfLists) {
  ASSERT_NO_FATAL_FAILURE(CreateWide());
  std::multiset<std::string> names;
  registry_v1::ListFacilitiesRequest request;
  EXPECT_EQ(List(request, names), 2);
  ExpectAllOnce(names, kRows);
  names.clear();
  request.set_order_by("display_name desc");
  EXPECT_EQ(List(request, names), 2);
  ExpectAllOnce(names, kRows);
  names.clear();
  request.clear_order_by();
  clock().Advance(absl::Seconds(1));
  *request.mutable_as_known_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(clock().Now()));
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(List(request, names), 2);
  ExpectAllOnce(names, kRows);
}

TEST_P(PageBytesTest, OfTheFeed) {
  ASSERT_NO_FATAL_FAILURE(CreateWide());
  platform_v1::ReadChangesRequest request;
  request.set_parent("services/registry");
  request.add_collections("facilities");
  request.set_page_size(1000);
  request.set_from_beginning(true);
  std::multiset<std::string> names;
  const int pages = Read<platform_v1::ReadChangesResponse>(
      names,
      [&](const std::string& token) {
        request.set_resume_token(token);
        request.set_from_beginning(token.empty());
        return admin().Call<platform_v1::ReadChangesResponse>("platform.v1.ChangeService/ReadChanges", request);
      },
      [](const auto& page, auto& seen) {
        for (const auto& change : page.changes()) seen.insert(change.resource_name());
      });
  EXPECT_GE(pages, 2);
  ExpectAllOnce(names, kRows);
}

TEST_P(PageBytesTest, OfHistories) {
  registry_v1::CreateFacilityRequest create;
  create.set_facility_id("wide");
  create.mutable_facility()->set_display_name("見本事業所");
  create.mutable_facility()->set_note(Wide());
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", create)), "OK");
  constexpr int kRevisions = 200;
  for (int i = 1; i < kRevisions; ++i) {
    registry_v1::UpdateFacilityRequest update;
    update.mutable_facility()->set_name("facilities/wide");
    update.mutable_facility()->set_display_name(absl::StrCat("見本事業所", i));
    update.mutable_update_mask()->add_paths("display_name");
    ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", update)), "OK");
  }
  platform_v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name("facilities/wide");
  request.set_page_size(1000);
  std::multiset<std::string> revisions;
  const int pages = Read<platform_v1::ListRevisionsResponse>(
      revisions,
      [&](const std::string& token) {
        request.set_page_token(token);
        return admin().Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
      },
      [](const auto& page, auto& seen) {
        for (const auto& revision : page.revisions()) seen.insert(absl::StrCat(revision.revision()));
      });
  EXPECT_EQ(pages, 2);
  ExpectAllOnce(revisions, kRevisions);
}

}  // namespace
}  // namespace tsunagu::wire
