#ifndef TSUNAGU_COMMON_IDENTITY_SCOPE_H_
#define TSUNAGU_COMMON_IDENTITY_SCOPE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace tsunagu::identity {

// Which records somebody may see: everything, or those that carry an access key ("areas/312011", "areas/31",
// "nurses/n1") of each of some sets. There is one set where somebody calls for himself, and two where a service calls
// for him: his own and the service's. Every query of the store takes a scope, so that no handler can forget it.
class Scope {
 public:
  using Keys = std::set<std::string>;

  static Scope Everything() { return Scope({}); }
  static Scope Nothing() { return Scope({Keys()}); }
  // Records that carry one of `keys`.
  static Scope Of(Keys keys) { return Scope({std::move(keys)}); }

  bool everything() const { return all_of_.empty(); }
  // The sets, each of which has to be met.
  const std::vector<Keys>& all_of() const { return all_of_; }

  // True for a record that carries `keys`.
  bool Meets(absl::Span<const std::string> keys) const;

  // Records of both.
  Scope Intersection(const Scope& other) const;

 private:
  explicit Scope(std::vector<Keys> all_of) : all_of_(std::move(all_of)) {}

  std::vector<Keys> all_of_;
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_SCOPE_H_
