#include "tests/faults/truth.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/load.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::faults {
namespace {

using registry::v1::Facility;

constexpr size_t kShown = 20;  // findings, and records compared revision by revision

absl::Status Query(store::Database& database, absl::string_view sql, absl::FunctionRef<void(const store::Row&)> each) {
  return database.Read(Deadline::After(process::kPatience), [&](store::Session& session) {
    return session.Query(sql, {}, [&](const store::Row& row) {
      each(row);
      return absl::OkStatus();
    });
  });
}

bool OfLoad(const std::string& name) { return absl::StartsWith(name, kRecordPrefix); }

Facility FacilityIn(const std::string& image) {
  Facility facility;
  EXPECT_TRUE(facility.ParseFromString(image));
  return facility;
}

void ExpectRevisions(process::ServerProcess& server, const std::string& name, const Truth::Record& record) {
  platform::v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(name);
  request.set_page_size(1000);
  std::vector<Truth::Change> changes;
  do {
    const auto page =
        server.Call<platform::v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
    ASSERT_TRUE(page.ok()) << page.status() << server.process().Errors();
    for (const auto& revision : page->revisions()) {
      Facility image;
      EXPECT_TRUE(revision.image().UnpackTo(&image));
      changes.push_back({revision.revision(), revision.request_id(), image.display_name()});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(changes.size(), record.changes.size()) << name;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Truth::Change &told = changes[changes.size() - 1 - i], &kept = record.changes[i];
    EXPECT_EQ(std::tie(told.revision, told.request_id, told.value),
              std::tie(kept.revision, kept.request_id, kept.value))
        << name;
  }
}

// Verifies the chain of the journal, if this binary has one.
void ExpectChainVerifies(const Ground& ground) {
  static const bool has_chain = process::RunToEnd({process::Binary("tsunagu"), "verify-journal", "--help"}).code == 0;
  if (!has_chain) return;
  const process::Outcome verified = ground.Run({"verify-journal"});
  EXPECT_EQ(verified.code, 0) << verified.output << verified.errors;
}

}  // namespace

absl::StatusOr<Truth> ReadTruth(store::Database& database) {
  Truth truth;
  RETURN_IF_ERROR(Query(database,
                        "SELECT `name`, `revision`, `request_id`, `image` FROM `journal` ORDER BY `name`, `revision`",
                        [&](const store::Row& row) {
                          if (!OfLoad(row.Bytes(0))) return;
                          truth.records[row.Bytes(0)].changes.push_back(
                              {row.Integer(1), row.Bytes(2), FacilityIn(row.Bytes(3)).display_name()});
                        }));
  RETURN_IF_ERROR(
      Query(database, "SELECT `id`, `revision`, `display_name` FROM `facilities`", [&](const store::Row& row) {
        const std::string name = absl::StrCat("facilities/", row.Bytes(0));
        if (!OfLoad(name)) return;
        truth.records[name].revision = row.Integer(1);
        truth.records[name].value = row.Bytes(2);
      }));
  RETURN_IF_ERROR(Query(database, "SELECT `request_id` FROM `requests`",
                        [&](const store::Row& row) { ++truth.requests[row.Bytes(0)]; }));
  return truth;
}

void ExpectUndamaged(store::Database& database) {
  if (database.dialect() != store::Dialect::kSqlite) return;
  std::string damage;
  const absl::Status read =
      Query(database, "PRAGMA integrity_check", [&](const store::Row& row) { absl::StrAppend(&damage, row.Bytes(0)); });
  EXPECT_TRUE(read.ok()) << read;
  EXPECT_EQ(damage, "ok");
}

void ExpectWireAgrees(process::ServerProcess& server, const Truth& truth) {
  registry::v1::ListFacilitiesRequest request;
  request.set_page_size(1000);
  size_t count = 0;
  do {
    const auto page =
        server.Call<registry::v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
    ASSERT_TRUE(page.ok()) << page.status() << server.process().Errors();
    for (const Facility& facility : page->facilities()) {
      if (!OfLoad(facility.name())) continue;
      ++count;
      const auto record = truth.records.find(facility.name());
      ASSERT_NE(record, truth.records.end()) << facility.name();
      EXPECT_EQ(facility.etag(), absl::StrCat(record->second.revision)) << facility.name();
      EXPECT_EQ(facility.display_name(), record->second.value) << facility.name();
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(count, truth.records.size());

  std::vector<std::pair<size_t, std::string>> most;
  for (const auto& [name, record] : truth.records) most.emplace_back(record.changes.size(), name);
  std::sort(most.rbegin(), most.rend());
  most.resize(std::min(most.size(), kShown));
  for (const auto& [size, name] : most) ExpectRevisions(server, name, truth.records.at(name));
}

void ExpectHolds(const Ground& ground, const History& history) {
  process::ServerProcess server(ground.data_dir(), ground.Server());
  ASSERT_TRUE(server.listens());
  const std::unique_ptr<store::Database> database = ground.Database();
  ASSERT_NE(database, nullptr);
  ExpectUndamaged(*database);
  const absl::StatusOr<Truth> truth = ReadTruth(*database);
  ASSERT_TRUE(truth.ok()) << truth.status();
  std::vector<Finding> findings = Check(history.operations(), *truth);
  const size_t count = findings.size();
  findings.resize(std::min(count, kShown));
  EXPECT_THAT(findings, testing::IsEmpty()) << count << " findings; the whole history: " << history.path();
  ExpectWireAgrees(server, *truth);
  ExpectChainVerifies(ground);
}

}  // namespace tsunagu::faults
