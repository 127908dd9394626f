#include "common/rpc/health.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/rpc/bind.h"

namespace tsunagu::rpc {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Sends the status at once, then every change. Changes in quick succession may be sent as one.
class Health::Watch : public Stream {
 public:
  Watch(Health& health, Call& call) : health_(health) {
    MutexLock lock(health_.mutex_);
    health_.watches_[this] = call.wake;
  }
  ~Watch() override {
    MutexLock lock(health_.mutex_);
    health_.watches_.erase(this);
  }

  absl::Status Push(const google::protobuf::Message& request) override {
    name_ = static_cast<const HealthCheckRequest&>(request).service();
    return absl::OkStatus();
  }

  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    const Status status = health_.Find(name_);
    if (status == told_) return Pull::kLater;
    told_ = status;
    static_cast<HealthCheckResponse&>(response).set_status(status);
    return Pull::kMessage;
  }

 private:
  Health& health_;
  std::string name_;
  Status told_ = HealthCheckResponse::UNKNOWN;  // never a status of ours
};

void Health::Bind(Module& module) {
  Binder(module, "grpc.health.v1.Health")
      .Unary("Check",
             [this](Call&, const HealthCheckRequest& request) -> absl::StatusOr<HealthCheckResponse> {
               HealthCheckResponse response;
               response.set_status(Find(request.service()));
               if (response.status() != HealthCheckResponse::SERVICE_UNKNOWN) return response;
               return Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "SERVICE"}, {"name", request.service()}});
             })
      .NeverBlocks()
      .Raw<HealthCheckRequest, HealthCheckResponse>("Watch",
                                                    [this](Call& call) { return std::make_unique<Watch>(*this, call); })
      .NeverBlocks();
}

void Health::Serve(const Router& router) {
  for (const std::string& name : router.ServiceNames()) SetServing(name, true);
  for (const Module* module : router.modules()) SetServing(module->name(), true);
  SetServing("", true);
}

void Health::SetServing(absl::string_view name, bool serving) {
  {
    MutexLock lock(mutex_);
    if (draining_) return;
    statuses_[std::string(name)] = serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  }
  WakeAll();
}

bool Health::IsServing(absl::string_view name) const {
  return Find(name) == grpc::health::v1::HealthCheckResponse::SERVING;
}

void Health::Drain() {
  {
    MutexLock lock(mutex_);
    draining_ = true;
    for (auto& [name, status] : statuses_) status = HealthCheckResponse::NOT_SERVING;
  }
  WakeAll();
}

Health::Status Health::Find(absl::string_view name) const {
  MutexLock lock(mutex_);
  const auto found = statuses_.find(name);
  return found == statuses_.end() ? HealthCheckResponse::SERVICE_UNKNOWN : found->second;
}

void Health::WakeAll() {
  std::vector<std::function<void()>> wakes;
  {
    MutexLock lock(mutex_);
    for (const auto& [watch, wake] : watches_) wakes.push_back(wake);
  }
  for (const auto& wake : wakes) wake();
}

}  // namespace tsunagu::rpc
