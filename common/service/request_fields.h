#ifndef TSUNAGU_COMMON_SERVICE_REQUEST_FIELDS_H_
#define TSUNAGU_COMMON_SERVICE_REQUEST_FIELDS_H_

#include "google/protobuf/message.h"

namespace tsunagu {

// Returns a message field of a request by its conventional name, as TextField does for text; null when it is absent.
template <typename M>
const M* MessageField(const google::protobuf::Message& request, const char* name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || !request.GetReflection()->HasField(request, field)) return nullptr;
  return static_cast<const M*>(&request.GetReflection()->GetMessage(request, field));
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REQUEST_FIELDS_H_
