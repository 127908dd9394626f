#ifndef TSUNAGU_COMMON_SERVICE_DUE_H_
#define TSUNAGU_COMMON_SERVICE_DUE_H_

#include <string>
#include <utility>
#include <vector>

#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "common/records/records.h"

namespace tsunagu {

// Collects the tasks that wait for one caller, from records within the caller's scope.
class DueRun {
 public:
  struct Item {
    jp::CivilDay day;
    std::string resource_name, kind, ja, en;
  };

  DueRun(store::View& view, jp::Period days) : view_(view), days_(days) {}

  // From today to the last requested day.
  const jp::Period& days() const { return days_; }
  template <typename M>
  store::Records<M> records() const {
    return store::Records<M>(view_);
  }
  // For tasks that depend on many records.
  store::View& view() const { return view_; }
  void Add(Item item) { items_.push_back(std::move(item)); }
  std::vector<Item>& items() { return items_; }

 private:
  store::View& view_;
  const jp::Period days_;
  std::vector<Item> items_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_DUE_H_
