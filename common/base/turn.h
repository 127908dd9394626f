#ifndef TSUNAGU_COMMON_BASE_TURN_H_
#define TSUNAGU_COMMON_BASE_TURN_H_

#include <functional>
#include <vector>

namespace tsunagu {

// Work that a thread does in one go, for callers all of whom had asked before it began: the requests that came with one
// read of a socket. What answers one of them may be kept for the others until the turn ends, as long as it was looked
// up within the turn: none of them can know of anything newer. A thread has one turn at most.
class Turn {
 public:
  Turn();
  // Calls what AtEnd was given.
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // That of this thread, or null.
  static Turn* Current();
  void AtEnd(std::function<void()> action) { at_end_.push_back(std::move(action)); }

 private:
  std::vector<std::function<void()>> at_end_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_TURN_H_
