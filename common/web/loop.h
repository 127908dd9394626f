#ifndef TSUNAGU_COMMON_WEB_LOOP_H_
#define TSUNAGU_COMMON_WEB_LOOP_H_

#include <functional>

namespace tsunagu::web {

// The single thread of a group of connections. Thread-safe.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual void Post(std::function<void()> task) = 0;
  virtual bool IsCurrent() const = 0;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_LOOP_H_
