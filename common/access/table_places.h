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

// Places as the tables of `store` say, those whose contract has `within`. `store` outlives it.
class TablePlaces : public LoadedPlaces {
 public:
  TablePlaces(store::Store& store, std::unique_ptr<const identity::Places> names);

  // One small query a table where nothing has changed.
  absl::StatusOr<bool> Load() override;

 private:
  store::Store& store_;
  std::map<std::string, int64_t> loaded_;  // by table: the sum of its revisions
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_TABLE_PLACES_H_
