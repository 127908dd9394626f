// The process is killed at every failpoint: every interrupted operation succeeds when it is repeated, and takes effect
// once.
#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/faults/failpoints.h"
#include "tests/faults/journey.h"
#include "tests/faults/truth.h"

namespace tsunagu::faults {
namespace {

struct Case {
  Engine engine;
  NamedFailpoint failpoint;
};
void PrintTo(const Case& one, std::ostream* out) {
  PrintTo(one.engine, out);
  *out << " " << one.failpoint.name;
}

// Returns whether a process reaches the failpoint on this engine. The key of the embedded mode is a file, on SQLite
// only. On SQLite a change numbers its journal rows itself; otherwise the sealer does.
bool Reaches(Engine engine, const NamedFailpoint& failpoint) {
  const absl::string_view other = engine == Engine::kSqlite ? "common/db/mysql/" : "common/db/sqlite/";
  const bool all_elsewhere = std::all_of(failpoint.files.begin(), failpoint.files.end(),
                                         [&](const std::string& file) { return absl::StartsWith(file, other); });
  const std::vector<absl::string_view> elsewhere = engine == Engine::kSqlite
                                                       ? std::vector<absl::string_view>{"seal."}
                                                       : std::vector<absl::string_view>{"admin_key.", "journal."};
  return !all_elsewhere && std::none_of(elsewhere.begin(), elsewhere.end(), [&](absl::string_view prefix) {
    return absl::StartsWith(failpoint.name, prefix);
  });
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    for (const NamedFailpoint& failpoint : AllFailpoints()) {
      if (Reaches(engine, failpoint)) cases.push_back({engine, failpoint});
    }
  }
  return cases;
}

// One installation for each engine runs through all of it.
struct Installation {
  explicit Installation(Engine engine, bool bare = false)
      : ground({engine, {"registry", "matching"}, "", "", bare}), history(testing::PrintToString(engine)) {}
  Ground ground;
  History history;
};

class FailpointTest : public testing::TestWithParam<Case> {
 protected:
  static void TearDownTestSuite() { installations_.clear(); }
  void SetUp() override {
    if (!Ground::Has(GetParam().engine)) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
  }

  Installation& Used() {
    auto& installation = installations_[GetParam().engine];
    if (installation == nullptr) installation = std::make_unique<Installation>(GetParam().engine);
    return *installation;
  }

  // Returns true if a process was killed there. In any case everything is repeated once and must succeed.
  bool KillAndRepeat(Installation& installation) const {
    Journey journey(installation.ground, installation.history,
                    absl::StrReplaceAll(GetParam().failpoint.name, {{".", "-"}, {"_", "-"}}));
    const bool killed = journey.Run(GetParam().failpoint.name + "=kill:1");
    journey.Repeat();
    journey.ExpectEachOnce();
    ExpectHolds(installation.ground, installation.history);
    return killed;
  }

  inline static std::map<Engine, std::unique_ptr<Installation>> installations_;
};

TEST_P(FailpointTest, KillsAndEverythingGoesThroughAgain) {
  if (KillAndRepeat(Used())) return;
  Installation fresh(GetParam().engine, /*bare=*/true);  // for what is done once in an installation's life
  if (KillAndRepeat(fresh)) return;
  EXPECT_TRUE(IsKilledInATest(GetParam().failpoint.name))
      << "nothing that Journey does comes past it, and no other test kills there: add what does";
}

INSTANTIATE_TEST_SUITE_P(All, FailpointTest, testing::ValuesIn(Cases()), [](const auto& info) {
  return absl::StrCat(testing::PrintToString(info.param.engine), "_",
                      absl::StrReplaceAll(info.param.failpoint.name, {{".", "_"}}));
});

}  // namespace
}  // namespace tsunagu::faults
