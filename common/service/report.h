#ifndef TSUNAGU_COMMON_SERVICE_REPORT_H_
#define TSUNAGU_COMMON_SERVICE_REPORT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/service/report_run.h"
#include "google/protobuf/message.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu {

class Service;
namespace identity {
class Scope;
}
namespace rpc {
struct Call;
}
namespace store {
class View;
}

// A report that a service offers.
struct Report {
  using Compute = std::function<absl::Status(ReportRun&, const google::protobuf::Message& request)>;
  // Returns whether the caller may learn of single people from the figures.
  using SeesPeople = std::function<absl::StatusOr<bool>(const rpc::Call&, const google::protobuf::Message& request)>;

  const google::protobuf::MethodDescriptor* method = nullptr;
  Compute compute;
  SeesPeople sees_people;  // null: nobody may
};

// The result of one run.
struct ReportResult {
  platform::v1::Report report;
  std::map<std::string, std::vector<platform::v1::FigureRow>> rows;
};
// Runs `report` for a request with as_of_date and as_known_at, and possibly area. Errors: NOT_YET_KNOWN;
// REFERENCE_NOT_FOUND for an area that does not exist; those of the report.
absl::StatusOr<ReportResult> RunReport(Service& service, rpc::Call& call, const Report& report,
                                       const google::protobuf::Message& request, bool explains);

// The request for which a report token was made, with the day and the moment of that report. Errors:
// INVALID_REPORT_TOKEN.
struct ReportRequest {
  const Report* report = nullptr;
  std::unique_ptr<google::protobuf::Message> request;
};
absl::StatusOr<ReportRequest> ReadReportToken(const Service& service, absl::string_view token);

// Adds a report and binds its method ("tsunagu.registry.v1.PlacementReportService/GetPlacementReport"). The method's
// contract has its title and counting rule.
void BindReport(Service& service, const std::string& method, Report::Compute compute,
                Report::SeesPeople sees_people = nullptr);
template <typename Request>
void BindReport(Service& service, const std::string& method,
                std::function<absl::Status(ReportRun&, const Request&)> compute,
                std::function<absl::StatusOr<bool>(const rpc::Call&, const Request&)> sees_people = nullptr) {
  Report::SeesPeople of_any;
  if (sees_people) {
    of_any = [sees_people](const rpc::Call& call, const google::protobuf::Message& request) {
      return sees_people(call, static_cast<const Request&>(request));
    };
  }
  BindReport(
      service, method,
      [compute](ReportRun& run, const google::protobuf::Message& request) {
        return compute(run, static_cast<const Request&>(request));
      },
      std::move(of_any));
}
template <typename Request>
void BindReport(Service& service, const std::string& method, absl::Status (*compute)(ReportRun&, const Request&)) {
  BindReport<Request>(service, method, std::function<absl::Status(ReportRun&, const Request&)>(compute));
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_H_
