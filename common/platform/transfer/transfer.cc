#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/platform/platform.h"
#include "common/platform/transfer/import.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/service/list_parent.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/sight.h"
#include "common/text/file_format.h"
#include "common/text/filter.h"
#include "common/text/row_sink.h"
#include "common/text/where.h"
#include "common/text/workbook_layout.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

constexpr int64_t kExportPage = 500;

CsvText TextOf(v1::TextEncoding encoding) {
  switch (encoding) {
    case v1::TEXT_ENCODING_UTF8:
      return CsvText::kUtf8;
    case v1::TEXT_ENCODING_CP932:
      return CsvText::kCp932;
    default:
      return CsvText::kUtf8WithMark;
  }
}

// Writes the rows of a table as a file, page by page.
class Export : public rpc::Source<v1::ExportRowsResponse> {
 public:
  // `request` names the collection without its parent.
  Export(Service& service, rpc::Call& call, Resource& resource, v1::ExportRowsRequest request,
         contract::SqlCondition filter, contract::SqlCondition under)
      : service_(service),
        call_(call),
        table_(*resource.table),
        request_(std::move(request)),
        filter_(std::move(filter)),
        under_(std::move(under)),
        sight_(call, service.store()) {}

  // Call before the first row. Errors as NarrowToConfidential and WorkbookFile.
  absl::Status Begin() {
    actor_ = ActorOf(call_);
    actor_.scope = call_.principal.ScopeFor(absl::StrCat(request_.collection(), ".read"));
    RETURN_IF_ERROR(NarrowToConfidential(call_, table_.schema(), filter_, actor_));
    return OpenFile();
  }

  absl::StatusOr<bool> Next(v1::ExportRowsResponse& response) override {
    const bool more = !done_;
    if (more) RETURN_IF_ERROR(WritePage(response));
    ASSIGN_OR_RETURN(*response.mutable_data(), file_->Take());
    response.set_row_count(rows_);
    return more || !response.data().empty();
  }

 private:
  absl::Status OpenFile() {
    const Language language = call_.headers.language;
    if (request_.format() == v1::FILE_FORMAT_XLSX) {
      ASSIGN_OR_RETURN(file_, WorkbookFile(WorkbookLayout(table_.schema(), language, service_.Now())));
      return absl::OkStatus();
    }
    file_ = CsvFile(TextOf(request_.encoding()));
    return file_->Add(ContractHeading(table_.schema(), language)).status();
  }

  absl::Status WritePage(v1::ExportRowsResponse& response) {
    std::vector<store::Record> page;
    RETURN_IF_ERROR(service_.Read(actor_, call_.deadline, [&](store::View& view) {
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
      ++rows_;
      RETURN_IF_ERROR(Write(ContractCells(table_.schema(), *record, call_.headers.language), response));
    }
    if (!visible.empty()) RETURN_IF_ERROR(service_.LogAccess(actor_, call_.deadline, visible));
    done_ = static_cast<int64_t>(page.size()) < kExportPage;
    return done_ ? file_->Finish() : absl::OkStatus();
  }

  store::Table::Query NextPage() const {
    store::Table::Query query;
    query.Narrow(under_);
    query.Narrow(filter_);
    if (!after_.empty()) query.after = {after_};
    query.limit = kExportPage;
    query.page = true;
    return query;
  }

  absl::Status Write(std::vector<std::string> cells, v1::ExportRowsResponse& response) {
    ASSIGN_OR_RETURN(const absl::optional<Fault> warning, file_->Add(std::move(cells)));
    if (!warning) return absl::OkStatus();
    v1::RowOutcome& outcome = *response.add_warned();
    outcome.set_row(rows_ + 1);
    outcome.add_faults()->set_reason(ReasonWord(*warning));
    outcome.mutable_faults(0)->set_text(Text(*warning, call_.headers.language));
    return absl::OkStatus();
  }

  Service& service_;
  rpc::Call& call_;
  store::Table& table_;
  const v1::ExportRowsRequest request_;
  const contract::SqlCondition filter_, under_;
  identity::Actor actor_;
  Sight sight_;
  std::unique_ptr<RowSink> file_;
  std::string after_;
  int64_t rows_ = 0;
  bool done_ = false;
};

absl::StatusOr<std::unique_ptr<Export>> BeginExport(Service& service, rpc::Call& call, v1::ExportRowsRequest request) {
  // "courses/c1/sessions": the sessions of one course.
  const std::string asked = request.collection();
  const std::string parent(contract::Schema::ParentOf(absl::StrCat(asked, "/-")));
  const size_t slash = asked.rfind('/');
  const bool of_one = slash != std::string::npos;
  if (of_one) request.mutable_collection()->erase(0, slash + 1);
  Resource* resource = service.Find(request.collection());
  if (resource == nullptr || !resource->table->schema().rule().importable() ||
      (of_one && !resource->table->schema().has_parent())) {
    return NotImportable(service, asked);
  }
  const std::string permission = absl::StrCat(request.collection(), ".read");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  ASSIGN_OR_RETURN(contract::SqlCondition filter, contract::CompileFilter(resource->table->schema(), request.filter()));
  ASSIGN_OR_RETURN(contract::SqlCondition under,
                   contract::Compile(resource->table->schema(),
                                     (of_one ? contract::Where::Under(parent) : contract::Where()).node()));
  if (of_one) {
    const absl::Status there =
        service.Read(call, [&](store::View& view) { return CheckParentOfList(view, *resource->table, parent); });
    Fault fault = FaultOf(there);
    if (fault.field() == "parent") fault.set_field("collection");  // here the collection's name includes the parent
    if (!there.ok()) return ToStatus(fault);
  }
  auto exported =
      std::make_unique<Export>(service, call, *resource, std::move(request), std::move(filter), std::move(under));
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
