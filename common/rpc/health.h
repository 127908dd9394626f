#ifndef TSUNAGU_COMMON_RPC_HEALTH_H_
#define TSUNAGU_COMMON_RPC_HEALTH_H_

#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/mutex.h"
#include "common/rpc/router.h"
#include "grpc/health/v1/health.pb.h"

namespace tsunagu::rpc {

// grpc.health.v1.Health: what this process says of itself, by gRPC service ("tsunagu.registry.v1.AreaService"), by
// module ("registry") and as a whole (""). It answers from memory and asks nobody. Thread-safe; outlives the server.
class Health {
 public:
  // Binds Check and Watch; both are open to callers without a key.
  void Bind(Module& module);

  // SERVING: the process, its modules and their gRPC services.
  void Serve(const Router& router);
  // Names are known from the first time they are set.
  void SetServing(absl::string_view name, bool serving);
  bool IsServing(absl::string_view name) const;
  // Everything NOT_SERVING, for good.
  void Drain();

 private:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;
  class Watch;

  // SERVICE_UNKNOWN for a name that was never set.
  Status Find(absl::string_view name) const;
  void WakeAll();

  mutable Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Status, std::less<>> statuses_ ABSL_GUARDED_BY(mutex_);
  std::map<const Watch*, std::function<void()>> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_HEALTH_H_
