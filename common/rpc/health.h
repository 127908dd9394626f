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

// grpc.health.v1.Health: the state of this process by gRPC service ("tsunagu.registry.v1.AreaService"), by module
// ("registry") and as a whole (""). It answers from memory. Thread-safe. It must outlive the server.
class Health {
 public:
  // Binds Check and Watch; callers need no key for either.
  void Bind(Module& module);

  // Sets the process, its modules and their gRPC services to SERVING.
  void Serve(const Router& router);
  // A name is known once it was set.
  void SetServing(absl::string_view name, bool serving);
  bool IsServing(absl::string_view name) const;
  // Sets everything to NOT_SERVING, permanently.
  void Drain();

 private:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;
  class Watch;

  // Returns SERVICE_UNKNOWN for a name that was never set.
  Status Find(absl::string_view name) const;
  void WakeAll();

  mutable Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Status, std::less<>> statuses_ ABSL_GUARDED_BY(mutex_);
  std::map<const Watch*, std::function<void()>> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_HEALTH_H_
