// Blobs of records: written with the change, read within a scope, deleted with the person that they are about.
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/db/mysql/mysql_testing.h"
#include "common/db/open.h"
#include "common/host/keys.h"
#include "common/records/blobs.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/service/service.h"
#include "services/registry/module.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

using matching_v1::Round;
using store::Blobs;
using testing::ElementsAre;
using testing::IsEmpty;

using Reading = std::function<absl::Status(const Blobs&, Blobs::Each)>;

Reading All(const char* blob) {
  return [blob](const Blobs& blobs, Blobs::Each each) { return blobs.Read(blob, 0, INT64_MAX, each); };
}

Deadline Patience() { return Deadline::After(absl::Seconds(30)); }
identity::Actor Actor(identity::Scope scope = identity::Scope::Everything()) {
  return {"tests", "", "", "tests", "", std::move(scope)};
}

std::string Change(store::Store& store, const std::function<absl::Status(store::Tx&)>& body) {
  registry_v1::Facility answer;
  return Said(store.Change(Actor(), Patience(), {}, answer, body));
}

template <typename M>
std::string Write(store::Store& store, const std::string& owner, const std::string& blob,
                  const std::vector<Blobs::Part>& parts) {
  return Change(store, [&](store::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Blobs blobs, Blobs::Of<M>(tx, owner));
    for (const Blobs::Part& part : parts) RETURN_IF_ERROR(blobs.Write(tx, blob, part));
    return absl::OkStatus();
  });
}

// The parts, and what was said when not all could be read.
template <typename M>
std::vector<std::string> Read(store::Store& store, const std::string& owner, const Reading& read,
                              identity::Scope scope = identity::Scope::Everything()) {
  std::vector<std::string> found;
  const absl::Status status = store.Read(Actor(std::move(scope)), Patience(), [&](store::View& view) -> absl::Status {
    found.clear();
    ASSIGN_OR_RETURN(const Blobs blobs, Blobs::Of<M>(view, owner));
    return read(blobs, [&](absl::string_view bytes) {
      found.emplace_back(bytes);
      return absl::OkStatus();
    });
  });
  if (!status.ok()) found.push_back(Said(status));
  return found;
}

// On rounds, which have blobs.
class BlobsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(Said(CreateRound(admin(), "r1", 7, "areas/312011")), "OK");
  }
  store::Store& store() { return server().host().Find("matching")->store(); }
  std::string Write(const std::string& owner, const std::string& blob, const std::vector<Blobs::Part>& parts) {
    return wire::Write<Round>(store(), owner, blob, parts);
  }
  std::vector<std::string> Read(const Reading& read, identity::Scope scope = identity::Scope::Everything()) {
    return wire::Read<Round>(store(), "rounds/r1", read, std::move(scope));
  }
};
WIRE_TEST_ON_BOTH(BlobsTest);

TEST_P(BlobsTest, AreReadWholeInPartsAndByKey) {
  const std::string binary("from k\0", 7);
  ASSERT_EQ(Write("rounds/r1", "list", {{0, "a", "from a"}, {1, "k", binary}, {2, "t", "from t"}}), "OK");
  ASSERT_EQ(Write("rounds/r1", "other", {{0, "", ""}}), "OK");
  EXPECT_THAT(Read(All("list")), ElementsAre("from a", binary, "from t"));
  EXPECT_THAT(Read(All("other")), ElementsAre(""));
  EXPECT_THAT(Read(All("none")), IsEmpty());
  const auto part = [](int64_t from, int64_t until) -> Reading {
    return [=](const Blobs& blobs, Blobs::Each each) { return blobs.Read("list", from, until, each); };
  };
  EXPECT_THAT(Read(part(1, 2)), ElementsAre(binary));
  EXPECT_THAT(Read(part(2, 9)), ElementsAre("from t"));
  EXPECT_THAT(Read(part(3, 9)), IsEmpty());
  const auto at = [](const char* key) -> Reading {
    return [key](const Blobs& blobs, Blobs::Each each) { return blobs.ReadAt("list", key, each); };
  };
  EXPECT_THAT(Read(at("a")), ElementsAre("from a"));
  EXPECT_THAT(Read(at("jz")), ElementsAre("from a"));
  EXPECT_THAT(Read(at("z")), ElementsAre("from t"));
  EXPECT_THAT(Read(at("A")), IsEmpty()) << "before the first";
  EXPECT_THAT(Read(at("見本")), IsEmpty());
}

TEST_P(BlobsTest, AreWrittenOnceAndWithTheirTransaction) {
  ASSERT_EQ(Write("rounds/r1", "list", {{0, "a", "first"}}), "OK");
  EXPECT_TRUE(absl::StrContains(Write("rounds/r1", "list", {{1, "b", "x"}, {0, "a", "again"}}), "ALREADY_EXISTS"));
  EXPECT_THAT(Read(All("list")), ElementsAre("first")) << "part 1 went with part 0";
}

TEST_P(BlobsTest, AreOfARecordWithinTheScope) {
  ASSERT_EQ(Write("rounds/r1", "list", {{0, "a", "x"}}), "OK");
  EXPECT_THAT(Read(All("list"), identity::Scope::Of({"areas/312011"})), ElementsAre("x"));
  EXPECT_THAT(Read(All("list"), identity::Scope::Of({"areas/322016"})), ElementsAre("NOT_FOUND ROUND_NOT_FOUND"));
  EXPECT_EQ(Write("rounds/r2", "list", {{0, "a", "x"}}), "NOT_FOUND ROUND_NOT_FOUND");
}

TEST_P(BlobsTest, AreEncryptedForTheirPlace) {
  ASSERT_EQ(Write("rounds/r1", "list", {{0, "a", "secret words"}, {1, "b", "others"}}), "OK");
  const auto kept = Column(matching(), "SELECT `bytes` FROM `round_parts` WHERE `round_id` = 'r1' ORDER BY `part`");
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_FALSE(absl::StrContains(kept[0], "secret"));
  Execute(matching(), "UPDATE `round_parts` SET `bytes` = ? WHERE `part` = 1", {store::Blob{kept[0]}});
  EXPECT_THAT(Read(All("list")), ElementsAre("secret words", "DATA_LOSS SEALED_DATA_DAMAGED")) << "moved";
}

// As written by releases without blobs: their table, their context.
TEST_P(BlobsTest, OfEarlierReleasesAreRead) {
  const auto old = store().Encrypt("round_parts r1 snapshot 1", "from then");
  ASSERT_EQ(Said(old), "OK");
  Execute(
      matching(),
      "INSERT INTO `round_parts` (`round_id`, `kind`, `part`, `first_name`, `bytes`) VALUES (?, ?, ?, ?, ?)",
      {absl::string_view("r1"), absl::string_view("snapshot"), 1, absl::string_view("openings/a"), store::Blob{*old}});
  EXPECT_THAT(Read(All("snapshot")), ElementsAre("from then"));
  ASSERT_EQ(Write("rounds/r1", "snapshot", {{0, "nurses/a", "from now"}}), "OK");
  const auto now = Column(matching(), "SELECT `bytes` FROM `round_parts` WHERE `part` = 0");
  EXPECT_EQ(store().Decrypt("round_parts r1 snapshot 0", now.front()).value_or(""), "from now")
      << "an earlier release reads it, too";
}

// A registry whose nurses have blobs.
class PersonalBlobsTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(config_.data_dir);
    std::string location = config_.data_dir + "/registry.db";
    if (GetParam() == Engine::kMysql) {
      if (!store::HasTestServer()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
      schema_.emplace();
      location = absl::StrCat(std::getenv("TSUNAGU_TEST_MYSQL"), "/", schema_->options().schema);
    }
    auto database = store::Open(location);
    ASSERT_EQ(Said(database), "OK");
    auto keyring = OpenKeyring(config_, "registry", **database, Clock::System());
    ASSERT_EQ(Said(keyring), "OK");
    service_ = std::make_unique<Service>("registry", *std::move(database), *std::move(keyring), Clock::System(),
                                         Entropy::System());
    registry::Build(*service_);
    Blobs::AddTo<registry_v1::Nurse>(service_->store());
    store::Opening opening;
    opening.may_migrate = true;
    ASSERT_EQ(Said(service_->Open(opening)), "OK");
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(config_.data_dir);
  }

  HostConfig config_ = [] {
    HostConfig config;
    config.data_dir = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
    return config;
  }();
  std::optional<store::TestSchema> schema_;
  std::unique_ptr<Service> service_;
};
WIRE_TEST_ON_BOTH(PersonalBlobsTest);

TEST_P(PersonalBlobsTest, GoWithHerErasure) {
  using registry_v1::Nurse;
  store::Store& store = service_->store();
  ASSERT_EQ(Change(store,
                   [](store::Tx& tx) -> absl::Status {
                     for (const char* id : {"hanako", "jiro"}) {
                       Nurse nurse = ANurse("見本", "");
                       RETURN_IF_ERROR(store::Records<Nurse>::Insert(tx, id, nurse));
                     }
                     return absl::OkStatus();
                   }),
            "OK");
  for (const char* name : {"nurses/hanako", "nurses/jiro"}) {
    ASSERT_EQ(Write<Nurse>(store, name, "photo", {{0, "", "picture"}}), "OK");
    EXPECT_THAT(Read<Nurse>(store, name, All("photo")), ElementsAre("picture"));
  }
  ASSERT_EQ(Change(store, [](store::Tx& tx) { return store::EraseSubject(tx, "nurses/hanako").status(); }), "OK");
  EXPECT_EQ(Write<Nurse>(store, "nurses/hanako", "more", {{0, "", "x"}}), "FAILED_PRECONDITION SUBJECT_ERASED");
  ASSERT_EQ(Said(store::FinishErasures(store)), "OK");
  EXPECT_THAT(Read<Nurse>(store, "nurses/hanako", All("photo")), ElementsAre("FAILED_PRECONDITION SUBJECT_ERASED"));
  EXPECT_THAT(Read<Nurse>(store, "nurses/jiro", All("photo")), ElementsAre("picture"));
}

}  // namespace
}  // namespace tsunagu::wire
