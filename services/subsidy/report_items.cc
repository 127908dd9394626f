#include "services/subsidy/report_items.h"

#include <utility>

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "services/subsidy/rules/traced_items.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"

namespace tsunagu::subsidy {
namespace {

constexpr char kOfNoItem[] = "（区分に分けない額）";

struct Worked {
  v1::Trace trace;
  std::string rule_set;
};

template <typename M>
absl::StatusOr<Worked> ReadWorked(ReportRun& run, const std::string& name) {
  ASSIGN_OR_RETURN(const M document, run.Now<M>().Get(name));
  return Worked{document.trace(), document.rule_set()};
}

}  // namespace

absl::StatusOr<std::vector<ItemYen>> ItemReader::Split(const std::string& document, int64_t yen) {
  ASSIGN_OR_RETURN(const Worked worked, absl::StrContains(document, "/filings/")
                                            ? ReadWorked<v1::Filing>(run_, document)
                                            : ReadWorked<v1::Decision>(run_, document));
  ASSIGN_OR_RETURN(const v1::RuleSet* rule_set, RuleSetOf(worked.rule_set));
  std::map<std::string, int64_t> items = rules::TracedItems(worked.trace, rule_set->result(), yen);
  std::vector<ItemYen> split;
  for (const v1::RuleSet::Item& item : rule_set->items()) {
    const auto found = items.find(item.code());
    if (found != items.end()) split.push_back({item.code(), item.ja(), found->second});
  }
  if (items.count("") > 0) split.push_back({"", kOfNoItem, items[""]});
  return split;
}

absl::StatusOr<std::string> ItemReader::LabelOf(const std::string& rule_set, const std::string& code) {
  ASSIGN_OR_RETURN(const v1::RuleSet* found, RuleSetOf(rule_set));
  for (const v1::RuleSet::Item& item : found->items()) {
    if (item.code() == code) return item.ja();
  }
  return code;
}

absl::StatusOr<const v1::RuleSet*> ItemReader::RuleSetOf(const std::string& name) {
  const auto [found, is_new] = rule_sets_.try_emplace(name);
  if (is_new) {
    ASSIGN_OR_RETURN(found->second, run_.Now<v1::RuleSet>().Get(name));
  }
  return &found->second;
}

}  // namespace tsunagu::subsidy
