// What matching reads from the registry while others write is one consistent state, not a mixture.
#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "services/matching/snapshot/registry_copy.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

constexpr char kRest[] = ",試作,NURSE,600,areas/312011,53341188,9000\n";

class RegistryCopyTest : public SuiteTest {
 protected:
  // Both rows in one transaction: of the two, one looks for work.
  void Swap(const std::string& seeking, const std::string& resting) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("nurses");
    options.set_atomic(true);
    const Imported imported = ImportCsv(
        reader(), options,
        absl::StrCat(
            "source_key,seeking,display_name,licence,weekly_minutes,home_area,home_mesh,commute_limit_metres\n",
            seeking, ",true", kRest, resting, ",false", kRest));
    ASSERT_EQ(Said(imported.status), "OK");
    ASSERT_EQ(imported.counts.refused_count(), 0);
  }
};
WIRE_TEST_ON_BOTH(RegistryCopyTest);

TEST_P(RegistryCopyTest, EachPairIsSeenInOneOfItsStates) {
  CreateAreas();
  constexpr int kPairs = 6;
  for (int i = 0; i < kPairs; ++i) Swap(absl::StrCat("a", i), absl::StrCat("b", i));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int turn = 1; !stop; ++turn) {
      for (int i = 0; i < kPairs; ++i) {
        Swap(absl::StrCat(turn % 2 ? "b" : "a", i), absl::StrCat(turn % 2 ? "a" : "b", i));
      }
    }
  });
  rpc::CallOptions options;
  options.api_key = server().registry().api_key;
  options.purpose = "tests";
  const PeerAccess registry = server().registry();
  const jp::CivilDay today = jp::JapanDay(clock().Now());
  const matching::Within here(identity::Places(), "areas/312011", today);
  for (int i = 0; i < 10; ++i) {
    matching::RegistryCopy copy(registry, options, here, today, 2);
    ASSERT_EQ(Said(copy.Read()), "OK");
    EXPECT_EQ(copy.nurses().size(), static_cast<size_t>(kPairs));
    std::set<std::string> pairs;
    for (const auto& [name, nurse] : copy.nurses()) pairs.insert(nurse.source_key().substr(1));
    EXPECT_EQ(pairs.size(), static_cast<size_t>(kPairs));
    EXPECT_GT(copy.place(), 0);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace tsunagu::wire
