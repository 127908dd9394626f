// Restores records for the operator of the machine (tsunagu repair).
#include "common/host/repair.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/host/data_folder.h"
#include "common/host/databases.h"
#include "common/host/service_alone.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"
#include "common/records/kept_rows.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/headers.h"
#include "common/service/service.h"
#include "google/protobuf/empty.pb.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// A record and its rows, as they were read.
struct Look {
  std::vector<store::TableFinding> findings;
  std::string rows;
};

absl::StatusOr<Look> LookAt(store::Session& session, store::Table& table, store::Store& store, const std::string& id) {
  Look look;
  ASSIGN_OR_RETURN(look.findings, store::VerifyRecord(session, table, store, id));
  ASSIGN_OR_RETURN(look.rows, store::RowsAsJson(session, table, id));
  return look;
}

// Writes a separate file each time.
absl::StatusOr<std::string> Keep(const HostConfig& config, const Repaired& one, const std::string& rows) {
  const std::string folder = absl::StrCat(config.data_dir, "/repaired");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Fail("DATA_FOLDER_READ_ONLY"_reason, {{"path", folder}, {"detail", error.message()}});
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  const std::string path =
      absl::StrCat(folder, "/", one.service, "-", absl::StrReplaceAll(one.name, {{"/", "-"}}), "-",
                   absl::FormatTime("%Y%m%dT%H%M%E6SZ", Clock::System().Now(), absl::UTCTimeZone()), ".json");
  RETURN_IF_ERROR(WriteSecretFile(path, rows));
  return path;
}

absl::Status RepairOne(const HostConfig& config, store::Store& store, const identity::Actor& actor, bool apply,
                       Repaired& one) {
  store::Table& table = *store.TableOfName(one.name);
  ASSIGN_OR_RETURN(const std::string id, table.schema().IdOf(one.name));
  Look first;
  RETURN_IF_ERROR(store.Read(actor, Deadline::After(kPatience), [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(first, LookAt(view.session(), table, store, id));
    return absl::OkStatus();
  }));
  one.findings = first.findings;
  if (one.findings.empty() || !apply) return absl::OkStatus();
  RETURN_IF_ERROR(store.LogAccess(actor, Deadline::After(kPatience), {one.name}));
  ASSIGN_OR_RETURN(one.kept_file, Keep(config, one, first.rows));
  google::protobuf::Empty answer;
  RETURN_IF_ERROR(
      store.Change(actor, Deadline::After(kPatience), {one.name}, answer, [&](store::Tx& tx) -> absl::Status {
        ASSIGN_OR_RETURN(const Look now, LookAt(tx.session(), table, store, id));
        if (now.rows != first.rows) return Fail("ETAG_MISMATCH"_reason);  // the saved rows are not the present ones
        ASSIGN_OR_RETURN(one.revision, table.Restore(tx, id));
        return absl::OkStatus();
      }));
  one.done = true;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Repaired>> RepairRecords(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                                    const RepairRequest& request) {
  const auto says_why = [&] {
    return jp::IsUtf8(request.purpose) && jp::ToCodePoints(request.purpose).size() <= rpc::kLongestPurpose;
  };
  if (!says_why()) return Fail("MALFORMED_PURPOSE"_reason, {{"max", absl::StrCat(rpc::kLongestPurpose)}});
  if (request.apply && !contract::IsWellFormedId(request.by)) return FailAt("by", "MALFORMED_ID"_reason);
  const identity::Actor actor{"operator", request.by, request.purpose, "repair", "", identity::Scope::Everything()};
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  for (const ServiceKind* kind : chosen) RETURN_IF_ERROR(HasDatabase(config, kind->name));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config, chosen));
  std::vector<std::unique_ptr<Service>> services;
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(services.emplace_back(), OpenAlone(config, databases, *kind));
  }
  std::vector<Repaired> all;
  for (const std::string& name : request.names) {
    Repaired& one = all.emplace_back();
    one.name = name;
    one.status = Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "record"}, {"resource_type", ""}, {"name", name}});
    for (const std::unique_ptr<Service>& service : services) {
      if (service->store().TableOfName(name) == nullptr) continue;
      one.service = service->name();
      one.status = RepairOne(config, service->store(), actor, request.apply, one);
      break;
    }
  }
  return all;
}

}  // namespace tsunagu
