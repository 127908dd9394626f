#ifndef TSUNAGU_SERVICES_MATCHING_MODULE_H_
#define TSUNAGU_SERVICES_MATCHING_MODULE_H_

#include <string>

#include "common/rpc/client.h"
#include "common/service/service.h"

namespace tsunagu::matching {

// The registry as this service reaches it.
struct Registry {
  rpc::Peer* peer = nullptr;  // null where none is connected; outlives the service
  std::string api_key;        // of this service, which calls for whoever called it
};

// Adds the resources of matching to `service` and binds their methods.
void Build(Service& service, Registry registry);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_MODULE_H_
