#ifndef TSUNAGU_COMMON_ACCESS_PLACE_GRAPH_H_
#define TSUNAGU_COMMON_ACCESS_PLACE_GRAPH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/places.h"
#include "common/jp/period.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {
class Schema;
}

namespace tsunagu::access {

// Which place lies in which, and on which days.
class PlaceGraph {
 public:
  // Adds what `record` states through its contract's `within`.
  void Add(const contract::Schema& schema, const google::protobuf::Message& record);
  void Add(const std::string& outer, const std::string& inner, const jp::Period& days);

  // Returns all places that lie in `outer` on `day`, directly or through others, each once and the nearest first.
  // `outer` itself is never included, even when the data has a cycle.
  std::vector<std::string> In(absl::string_view outer, jp::CivilDay day) const;
  // Returns the access keys that a grant on `outer` reaches on `day`: those that `names` gives for `outer` and for all
  // places in it.
  identity::Scope::Keys ReachOf(const identity::Places& names, absl::string_view outer, jp::CivilDay day) const;

 private:
  struct Inner {
    std::string place;
    jp::Period days;
  };
  std::map<std::string, std::vector<Inner>, std::less<>> by_outer_;
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_PLACE_GRAPH_H_
