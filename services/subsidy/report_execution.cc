#include "services/subsidy/report_execution.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"

namespace tsunagu::subsidy {
namespace {

using records::Schema;
using records::Where;

void Take(const std::string& kind, int64_t yen, Executed& executed) {
  if (kind == "KIND_COMMITMENT") executed.committed += yen;
  if (kind == "KIND_RELEASE" || kind == "KIND_RETURN") executed.committed -= yen;
  if (kind == "KIND_ADVANCE" || kind == "KIND_PAYMENT") executed.paid += yen;
  if (kind == "KIND_RETURN") executed.paid -= yen;
}

}  // namespace

absl::StatusOr<int64_t> NumberOf(const std::string& cell) {
  int64_t number = 0;
  if (cell.empty() || absl::SimpleAtoi(cell, &number)) return number;
  return absl::DataLossError("an amount that is no number");
}

absl::StatusOr<std::vector<Executed>> ReadExecution(ReportRun& run, int fiscal_year) {
  std::set<std::string> lines;
  RETURN_IF_ERROR(run.ScanAll<v1::BudgetLine>(Where("fiscal_year", int64_t{fiscal_year}), {}, [&](const store::Cells& row) {
    lines.insert(row.name());
    return absl::OkStatus();
  }));
  std::map<std::string, Executed> commitments;
  RETURN_IF_ERROR(run.ScanEver<v1::Commitment>(
      {}, {"programme", "body", "item", "kind"}, [&](const store::Cells& row) {
        if (run.is_narrowed() && !run.Covers(row.Text(1))) return absl::OkStatus();
        commitments[row.name()] = {row.name(), row.Text(0), row.Text(1), row.Text(2), row.Text(3) == "KIND_CONTRACT"};
        return absl::OkStatus();
      }));
  std::set<std::string> charged;
  const std::string last = jp::FormatIso(run.day());
  RETURN_IF_ERROR(run.ScanEver<v1::CommitmentAct>(
      {}, {"kind", "yen", "budget_line", "act_date"}, [&](const store::Cells& row) -> absl::Status {
        const auto commitment = commitments.find(std::string(Schema::ParentOf(row.name())));
        if (commitment == commitments.end() || lines.count(row.Text(2)) == 0 || row.Text(3) > last) return absl::OkStatus();
        ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(1)));
        Take(row.Text(0), yen, commitment->second);
        charged.insert(commitment->first);
        return absl::OkStatus();
      }));
  std::vector<Executed> executed;
  for (const std::string& name : charged) executed.push_back(std::move(commitments[name]));
  return executed;
}

}  // namespace tsunagu::subsidy
