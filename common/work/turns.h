#ifndef TSUNAGU_COMMON_WORK_TURNS_H_
#define TSUNAGU_COMMON_WORK_TURNS_H_

#include <deque>
#include <map>
#include <string>
#include <utility>

namespace tsunagu {

// Waiting work, taken in turns: one piece of one caller, then one of the next, so that nobody waits for everything that
// somebody else has requested. The pieces of a caller stay in order. Not thread-safe.
class Turns {
 public:
  void Add(const std::string& caller, std::string piece) { waiting_[caller].push_back(std::move(piece)); }

  // Returns the next piece; empty when there is none.
  std::string Take() {
    auto next = waiting_.upper_bound(last_);
    if (next == waiting_.end()) next = waiting_.begin();
    if (next == waiting_.end()) return "";
    last_ = next->first;
    std::string piece = std::move(next->second.front());
    next->second.pop_front();
    if (next->second.empty()) waiting_.erase(next);
    return piece;
  }

 private:
  std::map<std::string, std::deque<std::string>> waiting_;  // by caller; none is empty
  std::string last_;                                        // the last caller who had a turn
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_TURNS_H_
