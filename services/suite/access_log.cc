#include "services/suite/access_log.h"

#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "common/text/csv.h"
#include "google/protobuf/util/time_util.h"
#include "services/suite/contracts.h"
#include "services/suite/instant.h"
#include "tsunagu/platform/v1/access_log.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;
using google::protobuf::util::TimeUtil;

constexpr absl::string_view kMethod = "tsunagu.platform.v1.AccessLogService/ListAccessEvents";

absl::StatusOr<std::vector<std::string>> ServicesOf(const Client& client, const AccessLogOptions& options) {
  if (!options.service.empty()) return std::vector<std::string>{options.service};
  Contracts contracts(client);
  if (options.record.empty()) return contracts.Keepers();
  ASSIGN_OR_RETURN(std::string keeper, contracts.KeeperOf(options.record.substr(0, options.record.find('/'))));
  return std::vector<std::string>{std::move(keeper)};
}

absl::StatusOr<v1::ListAccessEventsRequest> RequestOf(const AccessLogOptions& options) {
  v1::ListAccessEventsRequest request;
  request.set_viewer(options.viewer);
  request.set_resource_name(options.record);
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_start_time(), InstantOf(options.from, false));
  }
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_end_time(), InstantOf(options.until, true));
  }
  request.set_page_size(1000);
  return request;
}

std::string LineOf(const std::string& service, const v1::AccessEvent& event) {
  const absl::Time time = absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(event.access_time()));
  std::vector<std::string> cells = {absl::FormatTime("%Y-%m-%dT%H:%M:%E6S%Ez", time, Japan()),
                                    service,
                                    event.actor(),
                                    event.on_behalf_of(),
                                    event.purpose(),
                                    event.method(),
                                    absl::StrJoin(event.resource_names(), " ")};
  for (std::string& cell : cells) cell = contract::MarkFormula(cell);
  return contract::CsvLine(cells);
}

// Returns the number of events.
absl::StatusOr<int> WriteEvents(const Client& client, const std::string& service, v1::ListAccessEventsRequest request,
                                std::ostream& out) {
  request.set_parent(absl::StrCat("services/", service));
  int count = 0;
  do {
    ASSIGN_OR_RETURN(const auto page, client.peer->Unary<v1::ListAccessEventsResponse>(kMethod, request, client.once));
    for (const v1::AccessEvent& event : page.access_events()) out << LineOf(service, event);
    count += page.access_events_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return count;
}

}  // namespace

absl::Status WriteAccessLog(const Client& client, const AccessLogOptions& options, std::ostream& out,
                            std::ostream& notes) {
  ASSIGN_OR_RETURN(const v1::ListAccessEventsRequest request, RequestOf(options));
  ASSIGN_OR_RETURN(const std::vector<std::string> services, ServicesOf(client, options));
  const bool japanese = client.once.language == Language::kJapanese;
  out << (japanese ? contract::CsvLine({"時刻", "サービス", "利用者", "代理元", "目的", "メソッド", "記録"})
                   : contract::CsvLine({"time", "service", "actor", "on_behalf_of", "purpose", "method", "records"}));
  int count = 0;
  for (const std::string& service : services) {
    ASSIGN_OR_RETURN(const int found, WriteEvents(client, service, request, out));
    count += found;
  }
  RETURN_IF_ERROR(Flush(out));
  if (count > 0) return absl::OkStatus();
  const std::string asked = absl::StrJoin(services, ", ");
  notes << (japanese ? absl::StrCat("閲覧の記録は見つかりませんでした（", asked, "）。\n")
                     : absl::StrCat("Nothing was found in the access log of ", asked, ".\n"));
  return absl::OkStatus();
}

void AddAccessLog(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("access-log", Words("だれがだれの個人情報を見たかを調べる", "Who saw whose personal data"));
  auto flags = std::make_shared<ClientFlags>();
  auto options = std::make_shared<AccessLogOptions>();
  command->add_option("--viewer", options->viewer,
                      Words("この利用者が見たもの: officer-31", "What this caller saw: officer-31"));
  command->add_option("--record", options->record,
                      Words("この記録を見た人: nurses/…", "Who saw this record: nurses/…"));
  command->add_option("--from", options->from, Words("この日、またはこの時刻から", "From this day or time on"));
  command->add_option("--to", options->until,
                      Words("この日の終わり、またはこの時刻まで", "Until the end of this day, or this time"));
  command->add_option(
      "--service", options->service,
      Words("どのサービスの閲覧記録か: registry、matching（指定がなければすべて、または記録のあるサービス）",
            "Whose log: registry, matching; if not given all, or the record's"));
  AddClientFlags(*command, *flags);
  command->callback([flags, options, &chosen] {
    chosen = [flags, options] {
      const auto client = Client::Open(*flags);
      const absl::Status done = client.ok() ? WriteAccessLog(*client, *options, std::cout, std::cerr) : client.status();
      return done.ok() ? 0 : PrintError(done, LanguageOf(*flags));
    };
  });
}

}  // namespace tsunagu::suite
