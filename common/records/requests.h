#ifndef TSUNAGU_COMMON_RECORDS_REQUESTS_H_
#define TSUNAGU_COMMON_RECORDS_REQUESTS_H_

#include "common/journal/signed_table.h"

namespace tsunagu::store {

class Store;

// The tables of answered requests and of the service's secrets.
void AddRequestTables(Store& store);
const SignedTable& RequestTable();

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_REQUESTS_H_
