#include "tests/process/server.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "gtest/gtest.h"
#include "tests/process/http.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::process {
namespace {

std::vector<std::string> CommandOf(const std::string& data_dir, const ServerProcess::Options& options) {
  std::vector<std::string> command = options.command;
  command[0] = Binary(command[0]);
  command.insert(command.end(), {"--data-dir", data_dir, "--listen", options.listen});
  if (options.web_listener) command.insert(command.end(), {"--web-listen", "127.0.0.1:0"});
  if (options.admin_listener) command.insert(command.end(), {"--admin-listen", "127.0.0.1:0"});
  command.insert(command.end(), options.flags.begin(), options.flags.end());
  return command;
}

}  // namespace

ServerProcess::ServerProcess(std::string data_dir, Options options)
    : process_(CommandOf(data_dir, options), {options.environment, options.working_folder}), api_key_(options.api_key) {
  const absl::StatusOr<std::string> line = process_.ReadLine();
  EXPECT_TRUE(line.ok() || options.may_not_listen) << line.status();
  if (!line.ok()) return;
  address_ = std::string(absl::StripPrefix(*line, "listening on "));
  if (options.web_listener) {
    const absl::StatusOr<std::string> web = process_.ReadLine();
    EXPECT_TRUE(web.ok()) << web.status();
    if (!web.ok()) return;
    web_address_ = std::string(absl::StripPrefix(*web, "web on "));
  }
  if (options.admin_listener) {
    const absl::StatusOr<std::string> metrics = process_.ReadLine();
    EXPECT_TRUE(metrics.ok()) << metrics.status();
    if (!metrics.ok()) return;
    admin_address_ = std::string(absl::StripSuffix(absl::StripPrefix(*metrics, "metrics on http://"), "/metrics"));
  }
  if (api_key_.empty()) api_key_ = std::string(absl::StripAsciiWhitespace(ReadFile(data_dir + "/admin.key")));
  channel_ = rpc::Connect(address_);
  peer_ = std::make_unique<rpc::Peer>("server", channel_);
}

std::string ServerProcess::Metrics() const {
  const absl::StatusOr<std::string> answer = HttpExchange(admin_address_, "GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.ok() && absl::StartsWith(*answer, "HTTP/1.1 200 ")) << answer.status();
  return answer.ok() ? answer->substr(answer->find("\r\n\r\n") + 4) : "";
}

std::string ServerProcess::SettledMetrics() const {
  const Stopwatch watch;
  std::string metrics = Metrics();
  while (MetricIn(metrics, "tsunagu_calls_in_flight") > 0 && watch.Elapsed() < kPatience) metrics = Metrics();
  return metrics;
}

rpc::CallOptions ServerProcess::call_options() const {
  rpc::CallOptions options;
  options.timeout = kPatience;
  options.api_key = api_key_;
  options.purpose = "test";
  return options;
}

Refusal RefusalOf(const absl::Status& status) {
  return {status.code(), status.ok() ? "" : ReasonWord(FaultOf(status))};
}

registry::v1::CreateFacilityRequest FacilityRequest(const std::string& id) {
  registry::v1::CreateFacilityRequest request;
  request.mutable_facility()->set_display_name("見本事業所" + id);
  request.set_facility_id(id);
  request.set_request_id("request-" + id);
  return request;
}

int RevisionCount(ServerProcess& server, const std::string& name) {
  platform::v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(name);
  const auto page =
      server.Call<platform::v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
  EXPECT_TRUE(page.ok()) << page.status();
  return page.ok() ? page->revisions_size() : -1;
}

int FacilityCount(ServerProcess& server) {
  registry::v1::ListFacilitiesRequest request;
  request.set_page_size(1000);
  int count = 0;
  do {
    const auto page =
        server.Call<registry::v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return -1;
    count += page->facilities_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return count;
}

}  // namespace tsunagu::process
