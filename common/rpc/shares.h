#ifndef TSUNAGU_COMMON_RPC_SHARES_H_
#define TSUNAGU_COMMON_RPC_SHARES_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "common/base/mutex.h"

namespace tsunagu::rpc {

// A limited amount of something (calls, streams, bytes) that is shared by holders, with a fair share for each
// (MayEnter). Thread-safe.
class Shares {
  using Holders = std::map<std::string, int64_t, std::less<>>;

 public:
  explicit Shares(int64_t limit) : limit_(limit) {}
  Shares(const Shares&) = delete;
  Shares& operator=(const Shares&) = delete;

  // The amount that a holder has taken; given back on destruction. The Shares must outlive it.
  class Part {
   public:
    Part() = default;
    ~Part() { GiveBack(); }
    Part(Part&& other) noexcept { *this = std::move(other); }
    Part& operator=(Part&& other) noexcept;
    void GiveBack();

   private:
    friend class Shares;
    Shares* shares_ = nullptr;
    Holders::iterator holder_;
    int64_t amount_ = 0;
  };

  // Takes an amount into an empty `part`. Errors: TOO_BUSY when everything is taken, CALLER_TOO_BUSY when more would
  // exceed the holder's share.
  absl::Status Take(const std::string& holder, int64_t amount, Part& part);
  // Takes an amount without a check, for something that exists already.
  Part TakeAnyway(const std::string& holder, int64_t amount);
  // Returns whether `holder` could take a small amount. Takes no lock while much is free.
  absl::Status CheckRoom(const std::string& holder) const;

  // Amounts taken beyond a lower limit stay taken.
  void SetLimit(int64_t limit);
  int64_t limit() const { return limit_; }
  int64_t held() const { return held_; }
  int64_t HeldBy(const std::string& holder) const;

 private:
  absl::Status Check(Holders::const_iterator holder, int64_t amount) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(Holders::iterator holder, int64_t amount, Part& part) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::atomic<int64_t> limit_;    // written with mutex_ held
  std::atomic<int64_t> held_{0};  // written with mutex_ held
  Holders holders_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_SHARES_H_
