#ifndef TSUNAGU_COMMON_SERVICE_REPORT_H_
#define TSUNAGU_COMMON_SERVICE_REPORT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/scan.h"
#include "common/text/where.h"
#include "common/service/tally.h"
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

// What the figures of a report are made from: one consistent state of the records, through the scope of the caller.
class ReportRun {
 public:
  // `moment` has a day; `area` is what the request has narrowed the report to. All outlive it.
  ReportRun(store::View& view, const store::Moment& moment, const identity::Scope& area, bool explains)
      : view_(view), moment_(moment), area_(area), explains_(explains) {}

  // Whether the rows behind the figures are wanted as well.
  bool explains() const { return explains_; }

  // The records that fit and hold on the day; see store::Table::Scan.
  template <typename M>
  absl::Status Scan(const records::Where& where, const std::vector<absl::string_view>& fields,
                    absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return Scan(M::descriptor(), where, fields, each);
  }
  // Whether the report speaks of this place: it lies in the area asked for, and the caller's scope reaches it.
  bool Covers(absl::string_view place) const;

  // One figure: values of the enums that the contract has for populations and measures.
  template <typename Population, typename Measure>
  void Add(Population population, Measure measure, Counted counted) {
    Add(*google::protobuf::GetEnumDescriptor<Population>()->FindValueByNumber(population),
        *google::protobuf::GetEnumDescriptor<Measure>()->FindValueByNumber(measure), std::move(counted));
  }

  std::vector<platform::v1::Figure> figures;
  std::map<std::string, std::vector<platform::v1::FigureRow>> rows;  // by the figure's key, where they are wanted

 private:
  absl::Status Scan(const google::protobuf::Descriptor* type, const records::Where& where,
                    absl::Span<const absl::string_view> fields,
                    absl::FunctionRef<absl::Status(const store::Cells&)> each);
  void Add(const google::protobuf::EnumValueDescriptor& population, const google::protobuf::EnumValueDescriptor& measure,
           Counted counted);

  store::View& view_;
  const store::Moment& moment_;
  const identity::Scope& area_;
  const bool explains_;
};

// A report that a service offers.
struct Report {
  using Compute = std::function<absl::Status(ReportRun&, const google::protobuf::Message& request)>;

  const google::protobuf::MethodDescriptor* method = nullptr;
  Compute compute;
};

// What came of one run.
struct ReportResult {
  platform::v1::Report report;
  std::map<std::string, std::vector<platform::v1::FigureRow>> rows;
};
// Runs `report` for a request with as_of_date and as_known_at, and perhaps area. NOT_YET_KNOWN; REFERENCE_NOT_FOUND for
// an area that is not there; errors of the report.
absl::StatusOr<ReportResult> RunReport(Service& service, rpc::Call& call, const Report& report,
                                       const google::protobuf::Message& request, bool explains);

// The request that the token of a report stands for, with the day and the moment of that report. INVALID_REPORT_TOKEN.
struct ReportRequest {
  const Report* report = nullptr;
  std::unique_ptr<google::protobuf::Message> request;
};
absl::StatusOr<ReportRequest> ReadReportToken(const Service& service, absl::string_view token);

// Offers a report and binds its method ("tsunagu.registry.v1.PlacementReportService/GetPlacementReport"), whose contract
// says its title and its rule.
void BindReport(Service& service, const std::string& method, Report::Compute compute);
template <typename Request>
void BindReport(Service& service, const std::string& method, absl::Status (*compute)(ReportRun&, const Request&)) {
  BindReport(service, method, [compute](ReportRun& run, const google::protobuf::Message& request) {
    return compute(run, static_cast<const Request&>(request));
  });
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_H_
