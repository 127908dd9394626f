#ifndef TSUNAGU_SERVICES_SUBSIDY_REPORT_ITEMS_H_
#define TSUNAGU_SERVICES_SUBSIDY_REPORT_ITEMS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/service/report.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {

// What one item of a menu has of an amount.
struct ItemYen {
  std::string code;  // empty: of no item
  std::string label;
  int64_t yen = 0;
};

// Reads what items have, from the traces of documents, which nothing ever changes.
class ItemReader {
 public:
  explicit ItemReader(ReportRun& run) : run_(run) {}

  // Of `yen`, by the trace of this filing or decision. They add up to it.
  absl::StatusOr<std::vector<ItemYen>> Split(const std::string& document, int64_t yen);
  // What the rule set calls this item; its code where it has none of it.
  absl::StatusOr<std::string> LabelOf(const std::string& rule_set, const std::string& code);

 private:
  absl::StatusOr<const v1::RuleSet*> RuleSetOf(const std::string& name);

  ReportRun& run_;
  std::map<std::string, v1::RuleSet> rule_sets_;  // each read once
};

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_REPORT_ITEMS_H_
