#ifndef TSUNAGU_COMMON_RPC_REFLECTION_H_
#define TSUNAGU_COMMON_RPC_REFLECTION_H_

#include <functional>
#include <string>
#include <vector>

#include "common/rpc/router.h"

namespace tsunagu::rpc {

// Binds grpc.reflection.v1 and v1alpha: every contract linked into this process, and the services that `names` lists
// (Router::ServiceNames, called for each request). Callers need no key.
void BindReflection(Module& module, std::function<std::vector<std::string>()> names);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_REFLECTION_H_
