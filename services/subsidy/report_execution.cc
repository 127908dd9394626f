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
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;

void Take(const std::string& kind, int64_t yen, Executed& executed) {
  if (kind == "KIND_COMMITMENT") executed.committed += yen;
  if (kind == "KIND_RELEASE" || kind == "KIND_RETURN") executed.committed -= yen;
  if (kind == "KIND_ADVANCE" || kind == "KIND_PAYMENT") executed.paid += yen;
  if (kind == "KIND_RETURN") executed.paid -= yen;
}

// Reads claims of hours by their postings, since an approved amount may have been released later.
absl::Status ReadUsage(ReportRun& run, const std::set<std::string>& lines, std::vector<Executed>& executed) {
  std::map<std::string, Executed> claims;
  RETURN_IF_ERROR(run.ScanEver<v1::UsageClaim>({}, {"programme", "body", "item"}, [&](const store::Cells& row) {
    if (run.is_narrowed() && !run.Covers(row.Text(1))) return absl::OkStatus();
    claims[row.name()] = {row.name(), row.Text(0), row.Text(1), row.Text(2), v1::SUBSIDY_POPULATION_USAGE};
    return absl::OkStatus();
  }));
  std::set<std::string> charged;
  const std::string last = jp::FormatIso(run.day());
  RETURN_IF_ERROR(run.ScanEver<v1::Posting>(
      Where::AtLeast("usage_claim", "providers/"), {"usage_claim", "act", "yen", "posting_date"},
      [&](const store::Cells& row) -> absl::Status {
        const auto claim = claims.find(row.Text(0));
        const bool counts = lines.count(std::string(Schema::ParentOf(row.name()))) > 0 && row.Text(3) <= last;
        if (claim == claims.end() || !counts) return absl::OkStatus();
        ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(2)));
        if (row.Text(1) == "ACT_RESERVE") claim->second.committed += yen;
        if (row.Text(1) == "ACT_RELEASE") claim->second.committed -= yen;
        if (row.Text(1) == "ACT_PAY") claim->second.paid += yen;
        charged.insert(claim->first);
        return absl::OkStatus();
      }));
  for (const std::string& name : charged) {
    if (claims[name].committed != 0) executed.push_back(std::move(claims[name]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int64_t> NumberOf(const std::string& cell) {
  int64_t number = 0;
  if (cell.empty() || absl::SimpleAtoi(cell, &number)) return number;
  return absl::DataLossError("an amount that is no number");
}

absl::StatusOr<std::vector<Executed>> ReadExecution(ReportRun& run, int fiscal_year) {
  std::set<std::string> lines;
  RETURN_IF_ERROR(
      run.ScanAll<v1::BudgetLine>(Where("fiscal_year", int64_t{fiscal_year}), {}, [&](const store::Cells& row) {
        lines.insert(row.name());
        return absl::OkStatus();
      }));
  std::map<std::string, Executed> commitments;
  RETURN_IF_ERROR(run.ScanEver<v1::Commitment>({}, {"programme", "body", "item", "kind"}, [&](const store::Cells& row) {
    if (run.is_narrowed() && !run.Covers(row.Text(1))) return absl::OkStatus();
    const bool is_contract = row.Text(3) == "KIND_CONTRACT";
    commitments[row.name()] = {row.name(), row.Text(0), row.Text(1), row.Text(2),
                               is_contract ? v1::SUBSIDY_POPULATION_CONTRACTS : v1::SUBSIDY_POPULATION_DIRECT};
    return absl::OkStatus();
  }));
  std::set<std::string> charged;
  const std::string last = jp::FormatIso(run.day());
  RETURN_IF_ERROR(run.ScanEver<v1::CommitmentAct>(
      {}, {"kind", "yen", "budget_line", "act_date"}, [&](const store::Cells& row) -> absl::Status {
        const auto commitment = commitments.find(std::string(Schema::ParentOf(row.name())));
        if (commitment == commitments.end() || lines.count(row.Text(2)) == 0 || row.Text(3) > last)
          return absl::OkStatus();
        ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(1)));
        Take(row.Text(0), yen, commitment->second);
        charged.insert(commitment->first);
        return absl::OkStatus();
      }));
  std::vector<Executed> executed;
  for (const std::string& name : charged) executed.push_back(std::move(commitments[name]));
  RETURN_IF_ERROR(ReadUsage(run, lines, executed));
  return executed;
}

}  // namespace tsunagu::subsidy
