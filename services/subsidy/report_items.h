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

// The part of an amount that belongs to one item of a menu.
struct ItemYen {
  std::string code;  // empty: no item
  std::string label;
  int64_t yen = 0;
};

// Reads the parts of items from the traces of documents, which never change.
class ItemReader {
 public:
  explicit ItemReader(ReportRun& run) : run_(run) {}

  // Splits `yen` by the trace of this filing or decision. The parts add up to `yen`.
  absl::StatusOr<std::vector<ItemYen>> Split(const std::string& document, int64_t yen);
  // Returns the rule set's label of this item; the code if the rule set has no such item.
  absl::StatusOr<std::string> LabelOf(const std::string& rule_set, const std::string& code);

 private:
  absl::StatusOr<const v1::RuleSet*> RuleSetOf(const std::string& name);

  ReportRun& run_;
  std::map<std::string, v1::RuleSet> rule_sets_;  // each read once
};

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_REPORT_ITEMS_H_
