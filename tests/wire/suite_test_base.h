#ifndef TSUNAGU_TESTS_WIRE_SUITE_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_SUITE_TEST_BASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/wire/server.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/platform/v1/transfer.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::wire {

namespace platform_v1 = tsunagu::platform::v1;
namespace registry_v1 = tsunagu::registry::v1;

// Returns an error in one line: "INVALID_ARGUMENT INVALID_REQUEST area.code:WRONG_CHECK_DIGIT area.kind:…", the fields
// in alphabetical order. "OK" for success.
std::string Said(const absl::Status& status);
template <class T>
std::string Said(const absl::StatusOr<T>& answer) {
  return Said(answer.status());
}

// The result of an import: its status, its summary in one line ("3 rows: 2 created, 1 refused") and a line for each row
// with a fault or warning ("3 refused 団体コード:WRONG_CHECK_DIGIT", for a workbook "3 refused A3 団体コード:…").
struct Imported {
  absl::Status status;
  platform_v1::ImportSummary counts;
  std::string summary;
  std::vector<std::string> rows;
  std::vector<std::string> missing;  // for a whole list, the records that are missing from it: "areas/312011 鳥取市"
};
Imported ImportCsv(const Caller& caller, platform_v1::ImportRowsRequest options, const std::string& file);
Imported ImportCsv(const Caller& caller, const std::string& collection, const std::string& file);
Imported ImportWorkbook(const Caller& caller, const std::string& collection, const std::string& file,
                        const std::string& sheet = "");

struct Exported {
  absl::Status status;
  std::string file;
  std::vector<platform_v1::RowOutcome> warned;
};
Exported ExportCsv(const Caller& caller, const std::string& collection,
                   platform_v1::TextEncoding encoding = platform_v1::TEXT_ENCODING_UTF8,
                   const std::string& filter = "");
Exported ExportWorkbook(const Caller& caller, const std::string& collection);
Exported Export(const Caller& caller, platform_v1::ExportRowsRequest request);

// A separate suite for each test, on each engine, with a clock that stands still.
class SuiteTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::kMysql && std::getenv("TSUNAGU_TEST_MYSQL") == nullptr) {
      GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
    }
    server_ = std::make_unique<Server>(GetParam(), clock_, Entropy::System(), ServerOptions());
  }
  // Override this for a test that needs another server.
  virtual Server::Options ServerOptions() { return {}; }

  Server& server() { return *server_; }
  FakeClock& clock() { return clock_; }
  store::Database& registry() { return server_->database("registry"); }
  store::Database& matching() { return server_->database("matching"); }
  Caller admin() { return server_->admin(); }
  // Returns a caller who may also read personal data.
  Caller reader() { return admin().For("tests"); }

  // Creates a caller of `service` with these grants ("role@scope") and a key.
  Caller CallerWith(const std::string& id, const std::vector<std::string>& grants,
                    const std::string& service = "registry");
  // Replaces the caller's grants.
  void Grant(const std::string& id, const std::vector<platform_v1::Grant>& grants,
             const std::string& service = "registry");
  void SetRole(const std::string& id, const std::vector<std::string>& permissions,
               const std::string& service = "registry");
  platform_v1::CreateApiKeyResponse CreateKey(const std::string& id, absl::Time expires = absl::InfiniteFuture(),
                                              const std::string& service = "registry");

  // 鳥取県 (310000) with 鳥取市 (312011) and 岩美町 (313025), and 島根県 (320005) with 松江市 (322016).
  void CreateAreas();
  registry_v1::Area Create(const registry_v1::Area& area);
  registry_v1::Facility Create(const std::string& id, const registry_v1::Facility& facility);
  registry_v1::Nurse Create(const registry_v1::Nurse& nurse);
  absl::StatusOr<registry_v1::Area> GetArea(const std::string& name) { return GetArea(admin(), name); }
  static absl::StatusOr<registry_v1::Area> GetArea(const Caller& caller, const std::string& name);
  static absl::StatusOr<registry_v1::Facility> GetFacility(const Caller& caller, const std::string& name);
  static absl::StatusOr<registry_v1::Nurse> GetNurse(const Caller& caller, const std::string& name);

 private:
  FakeClock clock_{absl::FromUnixSeconds(2'532'567'600)};  // 2050-04-03 noon in Japan: after every real deadline
  std::unique_ptr<Server> server_;
};

// Valid records; tests change the fields that they are about.
registry_v1::Area AnArea(const std::string& code, registry_v1::AreaKind kind, const std::string& name,
                         const std::string& parent);
registry_v1::Facility AFacility(const std::string& name, const std::string& area);
registry_v1::Nurse ANurse(const std::string& name, const std::string& area);
// Returns a code of prefecture 31 for tests that need many: the number and its check digit.
std::string CodeOf(int number, const std::string& prefecture = "31");

platform_v1::Grant AGrant(const std::string& role, const std::string& scope);

std::string EngineName(const testing::TestParamInfo<Engine>& info);

#define WIRE_TEST_ON_BOTH(suite) \
  INSTANTIATE_TEST_SUITE_P(, suite, testing::Values(Engine::kSqlite, Engine::kMysql), EngineName)

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SUITE_TEST_BASE_H_
