#include "tests/bench/registry.h"

#include <signal.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/text/csv.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "tests/bench/measure.h"
#include "tsunagu/platform/v1/transfer.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::bench {
namespace {

constexpr size_t kPiece = 256 << 10;
constexpr int kAreas = 19;        // of the sample, in which records can be
constexpr int kListedAreas = 22;  // with the prefecture and two former towns
constexpr const char* kAreaCodes[kAreas] = {"312011", "312029", "312037", "312045", "313025", "313254", "313289",
                                            "313297", "313645", "313700", "313718", "313726", "313840", "313866",
                                            "313891", "313904", "314013", "314021", "314030"};

std::string KeyFrom(const process::Outcome& outcome) {
  if (outcome.code != 0) GiveUp(outcome.errors);
  return std::string(absl::StripAsciiWhitespace(outcome.output));
}

std::vector<std::string> KeyOf(const char* principal, const char* role, const char* scope) {
  return {"keys", "create", "--principal", principal, "--role", role, "--scope", scope};
}
const std::vector<std::string> kOfficer = KeyOf("officer-31", "prefecture-officer", "areas/310000");
const std::vector<std::string> kTownOfficer = KeyOf("officer-312011", "municipality-officer", "areas/312011");

}  // namespace

Registry::Registry(const std::string& options, const std::vector<std::string>& flags)
    : data_dir_(folder_.path()), rows_(folder_ / "registry.db"), keys_(folder_ / "registry.keys.db") {
  const std::vector<std::string> database = {"--data-dir", data_dir_, "--database", absl::StrCat("sqlite", options)};
  const auto tool = [&](const std::vector<std::string>& what) {
    std::vector<std::string> command = {process::Binary("tsunagu")};
    command.insert(command.end(), what.begin(), what.end());
    command.insert(command.end(), {"--services", "registry"});
    command.insert(command.end(), database.begin(), database.end());
    return KeyFrom(process::RunToEnd(command));
  };
  key_ = tool(kOfficer);
  town_key_ = tool(kTownOfficer);
  options_.flags = {database[2], database[3]};
  options_.flags.insert(options_.flags.end(), flags.begin(), flags.end());
  options_.web_listener = true;
  Start();
}

Registry::Registry(process::Mariadb& mariadb, const std::string& schema)
    : schema_(std::make_unique<process::MariadbRegistry>(mariadb, schema)),
      data_dir_(schema_->data_dir()),
      rows_(mariadb.Url(schema + "_registry")),
      keys_(rows_ + "_keys") {
  key_ = KeyFrom(schema_->Tool(kOfficer));
  town_key_ = KeyFrom(schema_->Tool(kTownOfficer));
  options_ = schema_->Options();
  Start();
}

void Registry::Start() {
  StartAgain();
  Import("areas", process::ReadFile(TSUNAGU_SOURCE_DIR "/services/suite/sample/31/areas.csv"), kListedAreas);
}

void Registry::StartAgain() {
  Stop();
  server_ = std::make_unique<process::ServerProcess>(data_dir_, options_);
  Require(!address().empty(), "the registry does not start");
}

Registry::~Registry() { Stop(); }

void Registry::Stop() {
  if (server_ == nullptr) return;
  server_->process().Signal(SIGTERM);
  server_->process().Wait();
  server_.reset();
}

double Registry::Import(absl::string_view collection, const std::string& file, int rows) {
  // Uses the administrator's key: an officer may not write areas.
  return ImportInto(*server_, "registry", collection, file, rows);
}

double Registry::Export(absl::string_view collection, platform::v1::FileFormat format, int rows) {
  const absl::Time start = Clock::System().Now();
  rpc::CallOptions options = server_->call_options();
  options.timeout = absl::Minutes(10);
  const auto stream = server_->peer().Stream("tsunagu.platform.v1.TransferService/ExportRows", options);
  platform::v1::ExportRowsRequest request;
  request.set_parent("services/registry");
  request.set_collection(std::string(collection));
  request.set_format(format);
  Require(stream->Write(request), "the export does not begin");
  stream->WritesDone();
  platform::v1::ExportRowsResponse answer;
  int64_t count = 0;
  for (absl::StatusOr<bool> more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
    count = answer.row_count();
  }
  const absl::Status status = stream->Finish();
  if (!status.ok() || count != rows) GiveUp(absl::StrCat("export of ", count, " rows: ", status.ToString()));
  return rows / absl::ToDoubleSeconds(Clock::System().Now() - start);
}

std::string Registry::Call(absl::string_view method, const google::protobuf::Message& request) {
  rpc::CallOptions options = server_->call_options();
  options.api_key = key_;
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat("tsunagu.", absl::StrJoin(absl::StrSplit(method, '/'), ".")));
  Require(descriptor != nullptr, method);
  const std::unique_ptr<google::protobuf::Message> answer(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor->output_type())->New());
  const absl::Status status = server_->peer().UnaryUntyped(absl::StrCat("tsunagu.", method), request, *answer, options);
  if (!status.ok()) GiveUp(absl::StrCat(method, ": ", status.ToString()));
  return answer->SerializeAsString();
}

std::vector<std::string> Registry::NurseNames() {
  registry::v1::ListNursesRequest request;
  request.set_page_size(1000);
  registry::v1::ListNursesResponse list;
  list.ParseFromString(Call("registry.v1.NurseService/ListNurses", request));
  std::vector<std::string> names;
  for (const auto& nurse : list.nurses()) names.push_back(nurse.name());
  Require(!names.empty(), "no nurses");
  return names;
}

double Registry::Memory(absl::string_view field) const { return MemoryOf(server_->process().pid(), field); }

double ImportInto(process::ServerProcess& server, const std::string& service, absl::string_view collection,
                  const std::string& file, int rows) {
  const absl::Time start = Clock::System().Now();
  rpc::CallOptions options = server.call_options();
  options.timeout = absl::Minutes(10);
  const auto stream = server.peer().Stream("tsunagu.platform.v1.TransferService/ImportRows", options);
  platform::v1::ImportRowsRequest request;
  request.set_parent("services/" + service);
  request.set_collection(std::string(collection));
  for (size_t from = 0; from < file.size(); from += kPiece) {
    request.set_data(file.substr(from, kPiece));
    if (!stream->Write(request)) break;
    request.Clear();
  }
  stream->WritesDone();
  platform::v1::ImportRowsResponse answer, last;
  for (absl::StatusOr<bool> more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
    if (answer.has_row() && answer.row().refused()) GiveUp(answer.row().ShortDebugString());
    last = answer;
  }
  const absl::Status status = stream->Finish();
  if (!status.ok()) GiveUp(status.ToString());
  if (last.summary().created_count() != rows)
    GiveUp(absl::StrCat("import of ", collection, ": ", last.ShortDebugString()));
  return rows / absl::ToDoubleSeconds(Clock::System().Now() - start);
}

double MemoryOf(pid_t pid, absl::string_view field) {
  for (absl::string_view line : absl::StrSplit(process::ReadFile(absl::StrCat("/proc/", pid, "/status")), '\n')) {
    if (!absl::ConsumePrefix(&line, absl::StrCat(field, ":"))) continue;
    double kibibytes = 0;
    absl::ConsumeSuffix(&line, " kB");
    Require(absl::SimpleAtod(line, &kibibytes), line);
    return kibibytes / 1024;
  }
  GiveUp("the process is gone");
}

std::string FacilitiesCsv(int rows) {
  std::string csv = "facility_id,display_name,kana,area,service_kind,address,latitude_e6,longitude_e6,capacity\n";
  for (int i = 0; i < rows; ++i) {
    absl::StrAppendFormat(&csv,
                          "bench-%06d,見本児童発達支援センター%d（架空）,ミホンジドウハッタツシエンセンター%d,areas/%s,"
                          "CHILD_DEVELOPMENT_SUPPORT,鳥取県鳥取市架空町%d番地,%d,%d,10\n",
                          i, i, i, kAreaCodes[i % kAreas], i, 35'400'000 + i, 134'200'000 + i);
  }
  return csv;
}

std::string WorkbookOf(const std::string& csv) {
  auto spool = sheet::Spool::Create(0);
  Require(spool.ok(), "no temporary file");
  std::unique_ptr<sheet::Writer> writer;
  contract::CsvReader reader(contract::Encoding::kUtf8, [&](const contract::CsvRow& row) -> absl::Status {
    if (writer != nullptr) return writer->Add(row.cells);
    sheet::Layout layout{"facilities"};
    for (const std::string& cell : row.cells) layout.columns.push_back({cell});
    ASSIGN_OR_RETURN(writer, sheet::Writer::Create(layout, spool->path()));
    return absl::OkStatus();
  });
  Require(reader.Feed(csv).ok() && reader.Finish().ok() && writer->Finish().ok(), "no workbook");
  std::string bytes(static_cast<size_t>(*spool->Size()), '\0');
  Require(spool->Read(0, absl::MakeSpan(&bytes[0], bytes.size())).ok(), "no workbook");
  return bytes;
}

std::string NursesCsv(int rows) {
  std::string csv =
      "source_key,display_name,kana,birth_date,licence,skills,weekly_minutes,home_mesh,home_area,commute_limit_metres,"
      "seeking\n";
  for (int i = 0; i < rows; ++i) {
    absl::StrAppendFormat(&csv,
                          "bench-%d,見本 花子%d,ミホン ハナコ,1985-04-02,NURSE,SUCTION;TUBE_FEEDING,1200,53341198,"
                          "areas/%s,8000,true\n",
                          i, i, kAreaCodes[i % kAreas]);
  }
  return csv;
}

}  // namespace tsunagu::bench
