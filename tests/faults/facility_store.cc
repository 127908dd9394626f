#include "tests/faults/facility_store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/db/sqlite/sqlite_database.h"
#include "common/host/keys.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/truth.h"

namespace tsunagu::faults {
namespace {

using registry::v1::Facility;

Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

identity::Actor ActorOf(const std::string& method, const std::string& request_id) {
  return {"tester", "", "", method, request_id, identity::Scope::Everything()};
}

std::string NameOf(const std::string& id) { return absl::StrCat("facilities/", id); }

}  // namespace

FacilityStore::FacilityStore(std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
                             History& history)
    : history_(history),
      store_("registry", std::move(database), std::move(keyring), Clock::System(), Entropy::System()),
      facilities_(store_.Add(contract::Schema::Of(Facility::descriptor()))) {}

absl::StatusOr<std::unique_ptr<FacilityStore>> FacilityStore::Open(const std::string& path, const std::string& keys,
                                                                   History& history) {
  HostConfig config;
  config.data_dir = keys;
  ASSIGN_OR_RETURN(std::unique_ptr<store::Database> database, store::OpenSqlite({path}));
  ASSIGN_OR_RETURN(std::unique_ptr<store::Keyring> keyring,
                   OpenKeyring(config, "registry", *database, Clock::System()));
  std::unique_ptr<FacilityStore> opened(new FacilityStore(std::move(database), std::move(keyring), history));
  store::Opening opening;
  opening.may_migrate = true;
  RETURN_IF_ERROR(opened->store_.Open(opening));
  return opened;
}

absl::Status FacilityStore::Create(const std::string& id, const std::string& request_id) {
  return Change(Operation::Kind::kCreate, id, request_id, [&](store::Tx& tx, Facility& facility) {
    facility.set_display_name(request_id);
    return facilities_.Insert(tx, id, facility);
  });
}

absl::Status FacilityStore::Update(const std::string& id, const std::string& request_id) {
  return Change(Operation::Kind::kUpdate, id, request_id, [&](store::Tx& tx, Facility& facility) -> absl::Status {
    ASSIGN_OR_RETURN(const store::Record before, facilities_.Get(tx, NameOf(id)));
    facility = static_cast<const Facility&>(*before);
    facility.set_display_name(request_id);
    return facilities_.Update(tx, *before, facility);
  });
}

absl::Status FacilityStore::Change(Operation::Kind kind, const std::string& id, const std::string& request_id,
                                   Body body) {
  Operation operation;
  operation.kind = kind;
  operation.record = NameOf(id);
  operation.request_id = request_id;
  operation.start = History::Now();
  Facility facility;
  const absl::Status status = store_.Change(ActorOf("change", request_id), Soon(), {request_id}, facility,
                                            [&](store::Tx& tx) { return body(tx, facility); });
  Note(std::move(operation), status, facility);
  return status;
}

absl::Status FacilityStore::Read(const std::string& id) {
  Operation operation;
  operation.record = NameOf(id);
  operation.start = History::Now();
  Facility facility;
  const absl::Status status = store_.Read(ActorOf("read", ""), Soon(), [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const store::Record record, facilities_.Get(view, NameOf(id)));
    facility = static_cast<const Facility&>(*record);
    return absl::OkStatus();
  });
  Note(std::move(operation), absl::IsNotFound(status) ? absl::OkStatus() : status, facility);
  return status;
}

void FacilityStore::Note(Operation operation, const absl::Status& status, const Facility& facility) {
  operation.end = History::Now();
  operation.outcome = OutcomeOf(status);
  if (status.ok()) {
    (void)absl::SimpleAtoi(facility.etag(), &operation.revision);
    operation.value = facility.display_name();
  } else {
    operation.refusal = ReasonWord(FaultOf(status));
  }
  history_.Add(std::move(operation));
}

void ExpectFileHolds(const std::string& path, const History& history) {
  const auto database = store::OpenSqlite({path});
  ASSERT_TRUE(database.ok()) << database.status();
  ExpectUndamaged(**database);
  const absl::StatusOr<Truth> truth = ReadTruth(**database);
  ASSERT_TRUE(truth.ok()) << truth.status();
  EXPECT_THAT(Check(history.operations(), *truth), testing::IsEmpty());
}

}  // namespace tsunagu::faults
