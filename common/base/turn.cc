#include "common/base/turn.h"

namespace tsunagu {
namespace {

thread_local Turn* current = nullptr;

}  // namespace

Turn::Turn() { current = this; }

Turn::~Turn() {
  for (const auto& action : at_end_) action();
  current = nullptr;
}

Turn* Turn::Current() { return current; }

}  // namespace tsunagu
