#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"
#include "common/text/csv.h"
#include "common/text/filter.h"
#include "common/rpc/bind.h"
#include "common/platform/transfer/import.h"
#include "common/text/file_format.h"
#include "common/service/paging.h"
#include "common/platform/platform.h"
#include "common/service/sight.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

constexpr int64_t kExportPage = 500;
constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

// The rows of a table as a CSV file, a page at a time.
class Export : public rpc::Source<v1::ExportRowsResponse> {
 public:
  Export(Service& service, rpc::Call& call, Resource& resource, v1::ExportRowsRequest request,
         records::SqlCondition filter)
      : service_(service), call_(call), table_(*resource.table), request_(std::move(request)),
        filter_(std::move(filter)), sight_(call, service.store()) {}

  // Before the first row. Errors as NarrowToConfidential.
  absl::Status Begin() {
    actor_ = ActorOf(call_);
    actor_.scope = call_.principal.ScopeFor(absl::StrCat(request_.collection(), ".read"));
    return NarrowToConfidential(call_, table_.schema(), filter_, actor_);
  }

  absl::StatusOr<bool> Next(v1::ExportRowsResponse& response) override {
    if (done_) return false;
    if (rows_ == 0) {
      if (request_.encoding() == v1::TEXT_ENCODING_UNSPECIFIED) response.mutable_data()->append(kByteOrderMark);
      Write(ContractHeading(table_.schema(), call_.headers.language), 1, response);
    }
    std::vector<std::string> visible;
    int64_t found = 0;
    RETURN_IF_ERROR(service_.store().Read(actor_, call_.deadline, [&](store::View& view) {
      return table_.List(view, NextPage(), [&](store::Record record) {
        ++found;
        ++rows_;
        const std::string name = table_.schema().NameIn(*record);
        after_ = name.substr(name.rfind('/') + 1);
        for (std::string& seen : sight_.Hide(*record)) visible.push_back(std::move(seen));
        Write(ContractCells(table_.schema(), *record, call_.headers.language), rows_ + 1, response);
        return absl::OkStatus();
      });
    }));
    if (!visible.empty()) RETURN_IF_ERROR(service_.store().LogAccess(actor_, call_.deadline, visible));
    response.set_row_count(rows_);
    done_ = found < kExportPage;
    return true;
  }

 private:
  store::Table::Query NextPage() const {
    store::Table::Query query;
    query.Narrow(filter_);
    if (!after_.empty()) query.after = {after_};
    query.limit = kExportPage;
    query.page = true;
    return query;
  }

  void Write(std::vector<std::string> cells, int64_t line, v1::ExportRowsResponse& response) {
    for (std::string& cell : cells) cell = records::GuardFormula(cell);
    const std::string text = records::CsvLine(cells);
    if (request_.encoding() != v1::TEXT_ENCODING_CP932) {
      response.mutable_data()->append(text);
      return;
    }
    const jp::Encoded encoded = jp::ToCp932(text);
    response.mutable_data()->append(encoded.bytes);
    if (encoded.missing.empty()) return;
    v1::RowOutcome& outcome = *response.add_warned();
    outcome.set_row(line);
    const Fault fault =
        MakeFault("", "CANNOT_ENCODE"_reason, {{"characters", absl::StrJoin(encoded.missing, " ")}});
    outcome.add_faults()->set_reason(ReasonWord(fault));
    outcome.mutable_faults(0)->set_text(Text(fault, call_.headers.language));
  }

  Service& service_;
  rpc::Call& call_;
  store::Table& table_;
  const v1::ExportRowsRequest request_;
  const records::SqlCondition filter_;
  identity::Actor actor_;
  Sight sight_;
  std::string after_;
  int64_t rows_ = 0;
  bool done_ = false;
};

absl::StatusOr<std::unique_ptr<Export>> BeginExport(Service& service, rpc::Call& call,
                                                    const v1::ExportRowsRequest& request) {
  Resource* resource = service.Find(request.collection());
  if (resource == nullptr || !resource->table->schema().rule().importable()) {
    return FailAt("collection", "NOT_IMPORTABLE"_reason, {{"resource", request.collection()}, {"allowed", ""}});
  }
  const std::string permission = absl::StrCat(request.collection(), ".read");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  ASSIGN_OR_RETURN(records::SqlCondition filter,
                   records::CompileFilter(resource->table->schema(), request.filter()));
  auto exported = std::make_unique<Export>(service, call, *resource, request, std::move(filter));
  RETURN_IF_ERROR(exported->Begin());
  return exported;
}

}  // namespace

void BindTransfer(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.TransferService")
      .Bidi("ImportRows", [&service](rpc::Call& call) { return std::make_unique<Import>(service, call); })
      .ServerStream("ExportRows", [&service](rpc::Call& call, const v1::ExportRowsRequest& request) {
        return BeginExport(service, call, request);
      });
}

}  // namespace tsunagu
