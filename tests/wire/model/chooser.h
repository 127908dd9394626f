#ifndef TSUNAGU_TESTS_WIRE_MODEL_CHOOSER_H_
#define TSUNAGU_TESTS_WIRE_MODEL_CHOOSER_H_

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/wire/model/world.h"

namespace tsunagu::wire::model {

struct Filter {
  std::string text;
  std::function<bool(const Row&)> holds = [](const Row&) { return true; };
};

// Fields, with true for descending order; also "name", "create_time" and "update_time".
using Order = std::vector<std::pair<std::string, bool>>;

// Invents the requests of callers. The same seed makes the same choices if the world develops in the same way.
class Chooser {
 public:
  Chooser(uint64_t seed, World& world) : random_(seed), world_(world) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }
  bool Percent(int percent) { return Below(100) < percent; }
  template <class T>
  const T& OneOf(const std::vector<T>& things) {
    return things[static_cast<size_t>(Below(static_cast<int>(things.size())))];
  }

  // Nearly always valid values; empty if there are none to choose from.
  std::vector<std::string> Values(const Field& field, bool may_be_bad = true);
  // A whole record: nearly always with all required fields.
  Row ARow(const Resource& resource, bool may_be_bad = true);
  // Nearly always the name of an existing record.
  std::string Name(const Resource& resource);
  Filter AFilter(const Resource& resource, int depth = 2);
  Order AnOrder(const Resource& resource);

 private:
  Filter Comparison(const Resource& resource);

  std::mt19937_64 random_;
  World& world_;
};

}  // namespace tsunagu::wire::model

#endif  // TSUNAGU_TESTS_WIRE_MODEL_CHOOSER_H_
