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

// Fields with true for falling order; "name", "create_time" and "update_time" too.
using Order = std::vector<std::pair<std::string, bool>>;

// Makes up what callers send. The same seed makes the same choices of a world that develops the same.
class Chooser {
 public:
  Chooser(uint64_t seed, World& world) : random_(seed), world_(world) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }
  bool Percent(int percent) { return Below(100) < percent; }
  template <class T>
  const T& OneOf(const std::vector<T>& things) {
    return things[static_cast<size_t>(Below(static_cast<int>(things.size())))];
  }

  // Nearly always good ones; empty where there are none to choose from.
  std::vector<std::string> Values(const Field& field, bool may_be_bad = true);
  // A whole record: required fields nearly always.
  Row ARow(const Resource& resource, bool may_be_bad = true);
  // Nearly always of a record that is there.
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
