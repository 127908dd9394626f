#ifndef TSUNAGU_COMMON_IDENTITY_SCOPE_H_
#define TSUNAGU_COMMON_IDENTITY_SCOPE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::identity {

// Which records somebody may see: everything, or the records that carry at least one access key ("areas/312011",
// "areas/31", "nurses/n1") of each set. A caller who acts for himself has one set; when a service calls for him there
// are two, his own and the service's. Every query of the store takes a scope, so that no handler can forget it.
class Scope {
 public:
  using Keys = std::set<std::string>;

  static Scope Everything() { return Scope({}); }
  static Scope Nothing() { return Scope({Keys()}); }
  // Records that carry one of `keys`.
  static Scope Of(Keys keys) { return Scope({std::move(keys)}); }

  bool everything() const { return all_of_.empty(); }
  // The sets of keys. A record must carry a key of each set.
  const std::vector<Keys>& all_of() const { return all_of_; }

  // True for a record that carries `keys`.
  bool Meets(absl::Span<const std::string> keys) const;

  // Returns the scope of the records that are in both.
  Scope Intersection(const Scope& other) const;

 private:
  explicit Scope(std::vector<Keys> all_of) : all_of_(std::move(all_of)) {}

  std::vector<Keys> all_of_;
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_SCOPE_H_
