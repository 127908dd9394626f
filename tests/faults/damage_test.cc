// Random damage to the files of an SQLite database. Each damage is either refused with a reason, or changes no answer.
#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/ground.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::faults {
namespace {

using process::ReadFile;
using process::ServerProcess;
using registry::v1::Facility;

constexpr int kFacilities = 300, kInLog = 20;

class DamageTest : public testing::Test {
 protected:
  enum class End { kStop, kKill };
  // A database that was used, and the way in which its server ended.
  void Prepare(End end) {
    ground_ = std::make_unique<Ground>(Ground::Options{});
    {
      ServerProcess server(ground_->data_dir(), ground_->Server());
      ASSERT_NO_FATAL_FAILURE(Create(server, 0, kFacilities - kInLog));
      server.process().Signal(SIGTERM);
      ASSERT_EQ(server.process().Wait(), 0);
    }
    ServerProcess server(ground_->data_dir(), ground_->Server());
    ASSERT_NO_FATAL_FAILURE(Create(server, kFacilities - kInLog, kFacilities));
    answers_ = AllAnswers(server);
    server.process().Signal(end == End::kStop ? SIGTERM : SIGKILL);
    server.process().Wait();
    template_ = ReadAll();
  }

  static void Create(ServerProcess& server, int from, int to) {
    for (int i = from; i < to; ++i) {
      auto request = process::FacilityRequest(absl::StrCat("f", 1000 + i));
      std::string kana = "ミホン";
      for (int j = 0; j < i % 7; ++j) kana += "ア";
      request.mutable_facility()->set_kana(kana);
      request.mutable_facility()->add_identifiers(absl::StrCat("office/", 3150000000 + i % 40, "/67"));
      request.mutable_facility()->set_operator_name(absl::StrCat("見本法人", i % 11));
      const auto created = server.Call<Facility>(process::kCreateFacility, request);
      ASSERT_TRUE(created.ok()) << created.status();
    }
  }

  std::map<std::string, std::string> ReadAll() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(ground_->data_dir())) {
      if (entry.is_regular_file()) files[entry.path().string()] = ReadFile(entry.path().string());
    }
    return files;
  }
  void PutBack() const {
    std::filesystem::remove_all(ground_->data_dir());
    for (const auto& [path, text] : template_) {
      std::filesystem::create_directories(std::filesystem::path(path).parent_path());
      process::WriteFile(path, text);
    }
  }

  template <class Response>
  static void Ask(ServerProcess& server, const std::string& method, const google::protobuf::Message& request,
                  std::vector<std::string>& answers) {
    const auto response = server.Call<Response>(method, request);
    answers.push_back(response.ok() ? response->SerializeAsString()
                                    : absl::StrCat("refused: ", process::RefusalOf(response.status()).second));
  }
  static std::vector<std::string> AllAnswers(ServerProcess& server) {
    std::vector<std::string> answers;
    for (const auto& [filter, order] :
         std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                          {"", "display_name desc"},
                                                          {"", "kana"},
                                                          {"identifiers:\"office/3150000007/67\"", ""},
                                                          {"display_name = \"見本事業所f1100\"", ""},
                                                          {"operator_name = \"見本法人3\"", ""}}) {
      registry::v1::ListFacilitiesRequest request;
      request.set_page_size(1000);
      request.set_filter(filter);
      request.set_order_by(order);
      Ask<registry::v1::ListFacilitiesResponse>(server, "registry.v1.FacilityService/ListFacilities", request, answers);
    }
    for (int i = 0; i < kFacilities; i += 3) {
      registry::v1::GetFacilityRequest get;
      get.set_name(absl::StrCat("facilities/f", 1000 + i));
      Ask<Facility>(server, "registry.v1.FacilityService/GetFacility", get, answers);
      platform::v1::ListRevisionsRequest history;
      history.set_parent("services/registry");
      history.set_resource_name(get.name());
      Ask<platform::v1::ListRevisionsResponse>(server, "platform.v1.RevisionService/ListRevisions", history, answers);
    }
    return answers;
  }

  // Damages some bytes of a file, `count` times.
  void Damage(const std::string& name, int count) {
    std::mt19937_64 random(Seed());
    const std::string path = absl::StrCat(ground_->data_dir(), "/", name);
    int at_start = 0, at_read = 0, equal = 0;
    for (int i = 0; i < count; ++i) {
      PutBack();
      std::string text = template_.at(path);
      const size_t at = random() % (text.size() - 4);
      const int bytes = 1 + static_cast<int>(random() % 4);
      for (int j = 0; j < bytes; ++j) text[at + j] ^= static_cast<char>(1 + random() % 255);
      process::WriteFile(path, text);
      SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed(), " number ", i, ": ", bytes, " bytes at ", at, " of ", name));
      ServerProcess::Options options = ground_->Server();
      options.may_not_listen = true;
      ServerProcess server(ground_->data_dir(), options);
      if (!server.listens()) {
        EXPECT_EQ(server.process().Wait(), 1) << "a reason, not a crash";
        ++at_start;
        continue;
      }
      const std::vector<std::string> answers = AllAnswers(server);
      bool refused = false;
      for (size_t j = 0; j < answers.size(); ++j) {
        const bool said = answers[j] == "refused: ROW_FORGED" || answers[j] == "refused: DATA_DAMAGED" ||
                          answers[j] == "refused: SEALED_DATA_DAMAGED";
        refused |= said;
        EXPECT_TRUE(said || answers[j] == answers_[j]) << "another answer to question " << j << ": " << answers[j];
      }
      ++(refused ? at_read : equal);
    }
    std::printf("%s: %d refused at the start, %d at a read, %d with the same answers\n", name.c_str(), at_start,
                at_read, equal);
  }

  std::unique_ptr<Ground> ground_;
  std::vector<std::string> answers_;
  std::map<std::string, std::string> template_;
};

TEST_F(DamageTest, OfTheDatabase) {
  ASSERT_NO_FATAL_FAILURE(Prepare(End::kStop));
  Damage("registry.db", 40);
}

TEST_F(DamageTest, OfTheLogBehindAKill) {
  ASSERT_NO_FATAL_FAILURE(Prepare(End::kKill));
  Damage("registry.db-wal", 20);
}

}  // namespace
}  // namespace tsunagu::faults
