#include "tests/wire/suite_test_base.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/jp/area_code.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::wire {
namespace {

// The service that keeps a collection.
std::string ParentOf(const std::string& collection) {
  for (const char* of_matching :
       {"openings", "legalBases", "commuteRules", "travelTimes", "visitSupplies", "visitContracts"}) {
    if (collection == of_matching) return "services/matching";
  }
  return "services/registry";
}

template <class T>
T Expect(absl::StatusOr<T> answer) {
  EXPECT_TRUE(answer.ok()) << Said(answer.status());
  return answer.ok() ? *std::move(answer) : T();
}

std::string RowText(const platform_v1::RowOutcome& row) {
  std::vector<std::string> faults;
  for (const auto& fault : row.faults()) {
    faults.push_back(absl::StrCat(fault.cell(), fault.cell().empty() ? "" : " ", fault.column(), ":", fault.reason()));
  }
  std::sort(faults.begin(), faults.end());
  return absl::StrCat(row.row(), row.refused() ? " refused " : " warned ", absl::StrJoin(faults, " "));
}

std::string SummaryText(const platform_v1::ImportSummary& summary) {
  std::vector<std::string> counts;
  auto count = [&](int64_t number, absl::string_view what) {
    if (number != 0) counts.push_back(absl::StrCat(number, " ", what));
  };
  count(summary.created_count(), "created");
  count(summary.updated_count(), "updated");
  count(summary.unchanged_count(), "unchanged");
  count(summary.warned_count(), "warned");
  count(summary.refused_count(), "refused");
  count(summary.not_wanted_count(), "not wanted");
  return absl::StrCat(summary.row_count(), " rows: ", absl::StrJoin(counts, ", "));
}

}  // namespace

std::string Said(const absl::Status& status) {
  if (status.ok()) return "OK";
  const Fault fault = FaultOf(status);
  std::vector<std::string> fields;
  for (const Fault& one : fault.faults()) fields.push_back(absl::StrCat(" ", one.field(), ":", ReasonWord(one)));
  if (fault.faults().empty() && !fault.field().empty()) {
    fields.push_back(absl::StrCat(" ", fault.field(), ":", ReasonWord(fault)));
  }
  std::sort(fields.begin(), fields.end());
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ", ReasonWord(fault), absl::StrJoin(fields, ""));
}

Imported ImportCsv(const Caller& caller, platform_v1::ImportRowsRequest options, const std::string& file) {
  if (options.parent().empty()) {
    options.set_parent(ParentOf(options.collection()));
  }
  Imported imported;
  const auto stream = caller.Stream("platform.v1.TransferService/ImportRows");
  std::thread writer([&] {
    constexpr size_t kPiece = 100'000;
    bool open = true;
    for (size_t at = 0; open && (at == 0 || at < file.size()); at += kPiece) {
      options.set_data(file.substr(at, kPiece));
      open = stream->Write(options);
      options.Clear();
    }
    stream->WritesDone();
  });
  platform_v1::ImportRowsResponse response;
  while (true) {
    response.Clear();
    const absl::StatusOr<bool> more = stream->Read(response);
    if (!more.ok() || !*more) break;
    if (response.has_row()) imported.rows.push_back(RowText(response.row()));
    if (response.has_missing()) {
      imported.missing.push_back(absl::StrCat(response.missing().name(), " ", response.missing().display_name()));
    }
    if (response.has_summary()) imported.counts = response.summary();
  }
  writer.join();
  imported.status = stream->Finish();
  imported.summary = SummaryText(imported.counts);
  return imported;
}

Imported ImportCsv(const Caller& caller, const std::string& collection, const std::string& file) {
  platform_v1::ImportRowsRequest options;
  options.set_collection(collection);
  return ImportCsv(caller, options, file);
}

Imported ImportWorkbook(const Caller& caller, const std::string& collection, const std::string& file,
                        const std::string& sheet) {
  platform_v1::ImportRowsRequest options;
  options.set_collection(collection);
  options.set_format(platform_v1::FILE_FORMAT_XLSX);
  options.set_sheet(sheet);
  return ImportCsv(caller, options, file);
}

Exported ExportCsv(const Caller& caller, const std::string& collection, platform_v1::TextEncoding encoding,
                   const std::string& filter) {
  platform_v1::ExportRowsRequest request;
  request.set_collection(collection);
  request.set_encoding(encoding);
  request.set_filter(filter);
  return Export(caller, request);
}

Exported ExportWorkbook(const Caller& caller, const std::string& collection) {
  platform_v1::ExportRowsRequest request;
  request.set_collection(collection);
  request.set_format(platform_v1::FILE_FORMAT_XLSX);
  return Export(caller, request);
}

Exported Export(const Caller& caller, platform_v1::ExportRowsRequest request) {
  if (request.parent().empty()) {
    request.set_parent(ParentOf(request.collection()));
  }
  Exported exported;
  const auto stream = caller.Stream("platform.v1.TransferService/ExportRows");
  stream->Write(request);
  stream->WritesDone();
  platform_v1::ExportRowsResponse response;
  while (true) {
    response.Clear();
    const absl::StatusOr<bool> more = stream->Read(response);
    if (!more.ok() || !*more) break;
    exported.file += response.data();
    exported.warned.insert(exported.warned.end(), response.warned().begin(), response.warned().end());
  }
  exported.status = stream->Finish();
  return exported;
}

platform_v1::Grant AGrant(const std::string& role, const std::string& scope) {
  platform_v1::Grant grant;
  grant.set_role(role);
  grant.set_scope(scope);
  return grant;
}

void SuiteTest::Grant(const std::string& id, const std::vector<platform_v1::Grant>& grants,
                      const std::string& service) {
  platform_v1::SetPrincipalRequest request;
  request.set_parent("services/" + service);
  request.set_principal_id(id);
  for (const platform_v1::Grant& grant : grants) *request.mutable_principal()->add_grants() = grant;
  Expect(admin().Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", request));
}

void SuiteTest::SetRole(const std::string& id, const std::vector<std::string>& permissions,
                        const std::string& service) {
  platform_v1::SetRoleRequest request;
  request.set_parent("services/" + service);
  request.set_role_id(id);
  request.mutable_role()->mutable_permissions()->Assign(permissions.begin(), permissions.end());
  Expect(admin().Call<platform_v1::Role>("platform.v1.AccessService/SetRole", request));
}

platform_v1::CreateApiKeyResponse SuiteTest::CreateKey(const std::string& id, absl::Time expires,
                                                       const std::string& service) {
  platform_v1::CreateApiKeyRequest request;
  request.set_parent("services/" + service);
  request.mutable_api_key()->set_principal(id);
  if (expires != absl::InfiniteFuture()) {
    *request.mutable_api_key()->mutable_expire_time() =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(expires));
  }
  return Expect(admin().Call<platform_v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", request));
}

Caller SuiteTest::CallerWith(const std::string& id, const std::vector<std::string>& grants,
                             const std::string& service) {
  std::vector<platform_v1::Grant> parsed;
  for (const std::string& grant : grants) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(grant, '@');
    parsed.push_back(AGrant(parts.first, parts.second));
  }
  Grant(id, parsed, service);
  return server().CallerWith(CreateKey(id, absl::InfiniteFuture(), service).secret());
}

registry_v1::Area SuiteTest::Create(const registry_v1::Area& area) {
  registry_v1::CreateAreaRequest request;
  *request.mutable_area() = area;
  return Expect(admin().Call<registry_v1::Area>("registry.v1.AreaService/CreateArea", request));
}

registry_v1::Facility SuiteTest::Create(const std::string& id, const registry_v1::Facility& facility) {
  registry_v1::CreateFacilityRequest request;
  *request.mutable_facility() = facility;
  request.set_facility_id(id);
  return Expect(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request));
}

registry_v1::Nurse SuiteTest::Create(const registry_v1::Nurse& nurse) {
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = nurse;
  return Expect(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request));
}

absl::StatusOr<registry_v1::Area> SuiteTest::GetArea(const Caller& caller, const std::string& name) {
  registry_v1::GetAreaRequest request;
  request.set_name(name);
  return caller.Call<registry_v1::Area>("registry.v1.AreaService/GetArea", request);
}

absl::StatusOr<registry_v1::Facility> SuiteTest::GetFacility(const Caller& caller, const std::string& name) {
  registry_v1::GetFacilityRequest request;
  request.set_name(name);
  return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/GetFacility", request);
}

absl::StatusOr<registry_v1::Nurse> SuiteTest::GetNurse(const Caller& caller, const std::string& name) {
  registry_v1::GetNurseRequest request;
  request.set_name(name);
  return caller.Call<registry_v1::Nurse>("registry.v1.NurseService/GetNurse", request);
}

void SuiteTest::CreateAreas() {
  const Imported imported =
      ImportCsv(admin(), "areas",
                "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
                "310000,鳥取県,,トットリケン,\n"
                "312011,鳥取県,鳥取市,トットリケン,トットリシ\n"
                "313025,鳥取県,岩美町,トットリケン,イワミチョウ\n"
                "320005,島根県,,シマネケン,\n"
                "322016,島根県,松江市,シマネケン,マツエシ\n");
  ASSERT_EQ(imported.summary, "5 rows: 5 created") << Said(imported.status) << absl::StrJoin(imported.rows, "; ");
}

registry_v1::Area AnArea(const std::string& code, registry_v1::AreaKind kind, const std::string& name,
                         const std::string& parent) {
  registry_v1::Area area;
  area.set_code(code);
  area.set_kind(kind);
  area.set_display_name(name);
  area.set_parent(parent);
  return area;
}

registry_v1::Facility AFacility(const std::string& name, const std::string& area) {
  registry_v1::Facility facility;
  facility.set_display_name(name);
  facility.set_area(area);
  return facility;
}

registry_v1::Nurse ANurse(const std::string& name, const std::string& area) {
  registry_v1::Nurse nurse;
  nurse.set_display_name(name);
  nurse.set_licence(registry_v1::LICENCE_NURSE);
  nurse.set_weekly_minutes(1200);
  nurse.set_home_mesh("53341198");
  nurse.set_home_area(area);
  nurse.set_commute_limit_metres(8000);
  return nurse;
}

std::string CodeOf(int number, const std::string& prefecture) {
  const std::string three = std::to_string(1000 + number).substr(1);
  return jp::AreaCode::FromFive(prefecture + three)->six();
}

std::string EngineName(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::kSqlite ? "sqlite" : "mysql";
}

}  // namespace tsunagu::wire
