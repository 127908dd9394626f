#ifndef TSUNAGU_COMMON_ACCESS_TABLE_PLACES_H_
#define TSUNAGU_COMMON_ACCESS_TABLE_PLACES_H_

#include <map>
#include <memory>
#include <string>

#include "common/access/loaded_places.h"

namespace tsunagu::store {
class Store;
}

namespace tsunagu::access {

// The hierarchy of places from the tables of `store` whose contract has `within`. `store` must outlive it.
class TablePlaces : public LoadedPlaces {
 public:
  TablePlaces(store::Store& store, std::unique_ptr<const identity::Places> names);

  // Costs one small query per table when nothing has changed.
  absl::StatusOr<bool> Load() override;

 private:
  store::Store& store_;
  std::map<std::string, int64_t> loaded_;  // by table: the sum of its revisions
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_TABLE_PLACES_H_
