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
  // `request` names the collection without a parent.
  Export(Service& service, rpc::Call& call, Resource& resource, v1::ExportRowsRequest request,
         records::SqlCondition filter, records::SqlCondition under)
      : service_(service), call_(call), table_(*resource.table), request_(std::move(request)),
        filter_(std::move(filter)), under_(std::move(under)), sight_(call, service.store()) {}

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
    std::vector<store::Record> page;
    RETURN_IF_ERROR(service_.store().Read(actor_, call_.deadline, [&](store::View& view) {
      page.clear();
      return table_.List(view, NextPage(), [&](store::Record record) {
        page.push_back(std::move(record));
        return absl::OkStatus();
      });
    }));
    std::vector<std::string> visible;
    for (const store::Record& record : page) {
      after_ = *table_.schema().IdOf(table_.schema().NameIn(*record));
      ASSIGN_OR_RETURN(const std::vector<std::string> seen, sight_.Hide(*record));
      visible.insert(visible.end(), seen.begin(), seen.end());
      Write(ContractCells(table_.schema(), *record, call_.headers.language), ++rows_ + 1, response);
    }
    if (!visible.empty()) RETURN_IF_ERROR(service_.store().LogAccess(actor_, call_.deadline, visible));
    response.set_row_count(rows_);
    done_ = static_cast<int64_t>(page.size()) < kExportPage;
    return true;
  }

 private:
  store::Table::Query NextPage() const {
    store::Table::Query query;
    query.where = "t.`id` > ?";
    query.parameters.AddText(after_);
    query.Narrow(under_);
    query.Narrow(filter_);
    query.limit = kExportPage;
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
  const records::SqlCondition filter_, under_;
  identity::Actor actor_;
  Sight sight_;
  std::string after_;
  int64_t rows_ = 0;
  bool done_ = false;
};

absl::StatusOr<std::unique_ptr<Export>> BeginExport(Service& service, rpc::Call& call,
                                                    v1::ExportRowsRequest request) {
  // "courses/c1/sessions": those of one course.
  const std::string parent(records::Schema::ParentOf(absl::StrCat(request.collection(), "/-")));
  const size_t slash = request.collection().rfind('/');
  if (slash != std::string::npos) request.mutable_collection()->erase(0, slash + 1);
  Resource* resource = service.Find(request.collection());
  if (resource == nullptr || !resource->table->schema().rule().importable()) {
    return FailAt("collection", "NOT_IMPORTABLE"_reason, {{"resource", request.collection()}, {"allowed", ""}});
  }
  const std::string permission = absl::StrCat(request.collection(), ".read");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  ASSIGN_OR_RETURN(records::SqlCondition filter,
                   records::CompileFilter(resource->table->schema(), request.filter()));
  ASSIGN_OR_RETURN(records::SqlCondition under,
                   records::Compile(resource->table->schema(),
                                    (parent.empty() ? records::Where() : records::Where::Under(parent)).node()));
  if (!parent.empty()) {
    RETURN_IF_ERROR(service.store().Read(ActorOf(call), call.deadline, [&](store::View& view) {
      return resource->table->CheckParent(view, parent);
    }));
  }
  auto exported = std::make_unique<Export>(service, call, *resource, std::move(request), std::move(filter),
                                           std::move(under));
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
