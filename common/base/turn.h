#ifndef TSUNAGU_COMMON_BASE_TURN_H_
#define TSUNAGU_COMMON_BASE_TURN_H_

#include <functional>
#include <vector>

namespace tsunagu {

// The work of one thread for several callers that had all asked before it began: the requests that came with one read
// of a socket. What was looked up for one of them may be reused for the others until the turn ends, because none of
// them can know of anything newer. A thread has at most one turn.
class Turn {
 public:
  Turn();
  // Runs the actions given to AtEnd.
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Returns the turn of this thread, or null.
  static Turn* Current();
  void AtEnd(std::function<void()> action) { at_end_.push_back(std::move(action)); }

 private:
  std::vector<std::function<void()>> at_end_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_TURN_H_
