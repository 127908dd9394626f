#ifndef TSUNAGU_COMMON_RECORDS_CHANGE_REQUEST_H_
#define TSUNAGU_COMMON_RECORDS_CHANGE_REQUEST_H_

#include <string>

namespace tsunagu::store {

// What Store::Change has to know of the caller's request.
struct ChangeRequest {
  std::string digest;          // of everything the caller sent; the same id with another digest is refused
  bool validate_only = false;  // executes everything, but stores nothing
  int fresh_keys = 0;          // the number of keys made before the transaction, for new people
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_CHANGE_REQUEST_H_
